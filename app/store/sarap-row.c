#include "app/store/sarap-row.h"

#include "app/store/sarap-database.h"

/* One row of a query as an object that lists show: each column is a property that can be read, with - for _ in its
 * name. A class says its columns in sarap_row_class_install_columns(). */

typedef struct
{
  char **texts;
  gint64 *numbers;
} SarapRowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SarapRow, sarap_row, G_TYPE_OBJECT)

#define PRIVATE(self) ((SarapRowPrivate *) sarap_row_get_instance_private (self))

const char *
sarap_row_get_text (gpointer self, guint column)
{
  return PRIVATE (self)->texts[column];
}

gint64
sarap_row_get_number (gpointer self, guint column)
{
  return PRIVATE (self)->numbers[column - SARAP_ROW_GET_CLASS (self)->n_texts];
}

void
sarap_row_set_text (gpointer self, guint column, const char *text)
{
  g_free (PRIVATE (self)->texts[column]);
  PRIVATE (self)->texts[column] = g_strdup (text);
}

void
sarap_row_set_number (gpointer self, guint column, gint64 number)
{
  PRIVATE (self)->numbers[column - SARAP_ROW_GET_CLASS (self)->n_texts] = number;
}

static void
sarap_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id - 1 < SARAP_ROW_GET_CLASS (object)->n_texts)
    g_value_set_string (value, sarap_row_get_text (object, id - 1));
  else
    g_value_set_int64 (value, sarap_row_get_number (object, id - 1));
}

static void
sarap_row_constructed (GObject *object)
{
  SarapRowClass *class = SARAP_ROW_GET_CLASS (object);
  SarapRowPrivate *self = PRIVATE (SARAP_ROW (object));

  G_OBJECT_CLASS (sarap_row_parent_class)->constructed (object);
  self->texts = g_new0 (char *, class->n_texts + 1);
  self->numbers = g_new0 (gint64, class->n_columns - class->n_texts);
}

static void
sarap_row_finalize (GObject *object)
{
  SarapRowPrivate *self = PRIVATE (SARAP_ROW (object));

  for (guint i = 0; i < SARAP_ROW_GET_CLASS (object)->n_texts; i++)
    g_free (self->texts[i]);
  g_free (self->texts);
  g_free (self->numbers);
  G_OBJECT_CLASS (sarap_row_parent_class)->finalize (object);
}

static void
sarap_row_class_init (SarapRowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->constructed = sarap_row_constructed;
  object_class->finalize = sarap_row_finalize;
}

static void
sarap_row_init (SarapRow *self)
{
}

/* @columns: names of the query's columns, @n_texts texts, then numbers; they outlive the class. */
void
sarap_row_class_install_columns (SarapRowClass *class, const char *const *columns, guint n_texts, guint n_columns)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = sarap_row_get_property; /* no class inherits it */
  class->columns = columns;
  class->n_texts = n_texts;
  class->n_columns = n_columns;
  for (guint i = 0; i < n_columns; i++)
    g_object_class_install_property (object_class, i + 1,
                                     i < n_texts ? g_param_spec_string (columns[i], NULL, NULL, NULL, G_PARAM_READABLE)
                                                 : g_param_spec_int64 (columns[i], NULL, NULL, G_MININT64, G_MAXINT64, 0, G_PARAM_READABLE));
}

/* Returns: (transfer full): the row on which @query stands */
gpointer
sarap_row_new_from_query (GType type, SarapQuery *query)
{
  gpointer self = g_object_new (type, NULL);
  SarapRowClass *class = SARAP_ROW_GET_CLASS (self);

  for (guint i = 0; i < class->n_texts; i++)
    PRIVATE (self)->texts[i] = sarap_query_dup_text (query, class->columns[i]);
  for (guint i = class->n_texts; i < class->n_columns; i++)
    sarap_row_set_number (self, i, sarap_query_get_int (query, class->columns[i]));
  return self;
}

/* Two rows of one class. */
gboolean
sarap_row_is_same (gpointer a, gpointer b)
{
  SarapRowClass *class = SARAP_ROW_GET_CLASS (a);

  for (guint i = 0; i < class->n_columns; i++)
    if (i < class->n_texts ? g_strcmp0 (sarap_row_get_text (a, i), sarap_row_get_text (b, i)) != 0 : sarap_row_get_number (a, i) != sarap_row_get_number (b, i))
      return FALSE;
  return TRUE;
}
