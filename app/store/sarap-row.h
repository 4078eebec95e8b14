#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _SarapQuery SarapQuery;

#define SARAP_TYPE_ROW (sarap_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (SarapRow, sarap_row, SARAP, ROW, GObject)

struct _SarapRowClass
{
  GObjectClass parent_class;
  const char *const *columns; /* texts first, then numbers */
  guint n_texts;
  guint n_columns;
};

void sarap_row_class_install_columns (SarapRowClass *class, const char *const *columns, guint n_texts, guint n_columns);
gpointer sarap_row_new_from_query (GType type, SarapQuery *query);
gboolean sarap_row_is_same (gpointer a, gpointer b);
const char *sarap_row_get_text (gpointer self, guint column);
gint64 sarap_row_get_number (gpointer self, guint column);
void sarap_row_set_text (gpointer self, guint column, const char *text);
void sarap_row_set_number (gpointer self, guint column, gint64 number);

G_END_DECLS
