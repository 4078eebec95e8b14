#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-list.h"

#include <math.h>
#include <string.h>

/* 1. One index answers "children of PARENT named STEP whose child KEY reads X" for every X. It is
 *    built at the first question and kept with the tree, which must be static.
 * 2. Numbers are asked for as numbers ("01" is 1), so each index also knows its rows by the whole
 *    number that the text means; other numbers are left to a scan, and so are all numbers where a
 *    text may be a date, which is a number too.
 * 3. A row without the child reads ''. The answer is a superset that the caller filters by the
 *    predicate itself; rows come in document order.
 * 4. A tree is used by one thread at a time. */

#define LARGEST_WHOLE 9007199254740992.0

typedef struct
{
  const SarapNode *parent;
  const char *step;
  const char *key;
} IndexKey;

typedef struct
{
  GPtrArray *rows;
  GArray *texts;   /* const char *, parallel to rows */
  GArray *next[2]; /* guint32: the next entry of the same bucket; by text, by number */
  guint32 *heads[2];
  guint mask;
  gboolean has_dates;
} Index;

#define NO_ENTRY G_MAXUINT32

static guint
hash_key (gconstpointer data)
{
  const IndexKey *key = data;

  return g_direct_hash (key->parent) ^ (g_direct_hash (key->step) * 31) ^ (g_direct_hash (key->key) * 127);
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const IndexKey *one = a, *other = b;

  return one->parent == other->parent && one->step == other->step && one->key == other->key;
}

static void
index_free (gpointer data)
{
  Index *self = data;

  if (self == NULL)
    return;
  g_ptr_array_unref (self->rows);
  g_array_unref (self->texts);
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->next[i], g_array_unref);
      g_free (self->heads[i]);
    }
  g_free (self);
}

static guint
hash_whole (double number)
{
  gint64 whole = (gint64) number;

  return g_int64_hash (&whole) * 2654435761u;
}

static gboolean
text_to_whole (const char *text, double *number)
{
  if (!xpath_text_to_plain_number (text, number) || fabs (*number) >= LARGEST_WHOLE || fabs (*number - round (*number)) > 1e-12)
    return FALSE;
  *number = round (*number);
  return TRUE;
}

guint32
sarap_list_hash_number (double whole)
{
  return hash_whole (whole == 0 ? 0 : whole);
}

guint32
sarap_list_hash_text (const char *text)
{
  guint64 hash = 0xcbf29ce484222325u; /* FNV-1a */
  double number;

  if (text_to_whole (text, &number))
    return sarap_list_hash_number (number);
  for (const char *at = text; *at != '\0'; at++)
    hash = (hash ^ (guchar) *at) * 0x100000001b3u;
  return (guint32) (hash ^ (hash >> 32));
}

static void
add_row (Index *self, SarapNode *row, const char *text)
{
  self->has_dates = self->has_dates || sarap_list_text_is_date (text);
  g_ptr_array_add (self->rows, row);
  g_array_append_val (self->texts, text);
}

static void
link_entry (Index *self, int kind, guint32 entry, guint hash)
{
  guint32 *head = &self->heads[kind][hash & self->mask];

  g_array_index (self->next[kind], guint32, entry) = *head;
  *head = entry;
}

/* Backwards, so that each bucket reads in document order. */
static void
fill_buckets (Index *self)
{
  guint n = self->rows->len, size = 16;

  while (size < n && size < (1u << 30))
    size *= 2;
  self->mask = size - 1;
  for (int kind = 0; kind < 2; kind++)
    {
      self->heads[kind] = g_new (guint32, size);
      memset (self->heads[kind], 0xff, size * sizeof (guint32));
      self->next[kind] = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
      g_array_set_size (self->next[kind], n);
    }
  for (guint i = n; i > 0; i--)
    {
      const char *text = g_array_index (self->texts, const char *, i - 1);
      double number;

      link_entry (self, 0, i - 1, g_str_hash (text));
      if (text_to_whole (text, &number))
        link_entry (self, 1, i - 1, hash_whole (number));
    }
}

static Index *
index_new (SarapNode *parent, const XPathStep *step, const char *key)
{
  Index *self = g_new0 (Index, 1);

  self->rows = g_ptr_array_new ();
  self->texts = g_array_new (FALSE, FALSE, sizeof (const char *));
  for (SarapNode *row = parent->first_child; row != NULL; row = row->next)
    {
      gboolean has_key = FALSE;

      if (row->name != step->name || !xpath_step_matches (step, row) || !xpath_node_is_visible (row))
        continue;
      for (SarapNode *child = row->first_child; child != NULL; child = child->next)
        if (child->name == key && child->kind == SARAP_NODE_ELEMENT && xpath_node_is_visible (child))
          {
            if (child->first_child != NULL)
              {
                index_free (self);
                return NULL;
              }
            add_row (self, row, sarap_node_peek_text (child));
            has_key = TRUE;
          }
      if (!has_key)
        add_row (self, row, "");
    }
  fill_buckets (self);
  return self;
}

/* NULL when the children are not plain texts; that is remembered too. */
static Index *
ensure_index (SarapNode *parent, const XPathStep *step, const char *key)
{
  IndexKey wanted = { parent, step->name, key };
  GHashTable **indexes = sarap_tree_peek_indexes (parent->tree);
  Index *index;

  if (*indexes == NULL)
    *indexes = g_hash_table_new_full (hash_key, equal_keys, g_free, index_free);
  if (g_hash_table_lookup_extended (*indexes, &wanted, NULL, (gpointer *) &index))
    return index;
  index = index_new (parent, step, key);
  g_hash_table_insert (*indexes, g_memdup2 (&wanted, sizeof wanted), index);
  return index;
}

static void
find_entries (const Index *self, int kind, guint hash, const char *text, double number, GPtrArray *found)
{
  for (guint32 i = self->heads[kind][hash & self->mask]; i != NO_ENTRY; i = g_array_index (self->next[kind], guint32, i))
    {
      const char *entry = g_array_index (self->texts, const char *, i);
      gpointer row = g_ptr_array_index (self->rows, i);
      double whole;

      if (kind == 0 ? strcmp (entry, text) != 0 : !text_to_whole (entry, &whole) || whole != number)
        continue;
      if (found->len == 0 || g_ptr_array_index (found, found->len - 1) != row)
        g_ptr_array_add (found, row);
    }
}

/* What an index is asked for: a whole number, or a text in @text. FALSE: none can answer. */
gboolean
xpath_index_read_key (const XPathValue *value, XPathValue *text)
{
  SarapNode *node;

  if (value->type == SARAP_XPATH_BOOLEAN || value->type == SARAP_XPATH_DATE || (value->type == SARAP_XPATH_NODESET && xpath_value_n_nodes (value) > 1))
    return FALSE;
  if (value->type == SARAP_XPATH_NUMBER)
    return fabs (value->number) < LARGEST_WHOLE && value->number == round (value->number);
  node = value->type == SARAP_XPATH_NODESET ? xpath_value_peek_node (value, 0) : NULL;
  if (node != NULL)
    xpath_node_text (NULL, node, text);
  else if (value->type == SARAP_XPATH_STRING)
    xpath_value_borrow_text (text, value->text);
  return TRUE;
}

/* Appends to @found what may fulfil KEY = @value. FALSE when no index can answer that, also
 * when the tree is not static. */
gboolean
xpath_index_find (SarapNode *parent, const XPathStep *step, const char *key, const XPathValue *value, GPtrArray *found)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  Index *index;

  if (!sarap_tree_is_static (parent->tree) || !xpath_index_read_key (value, &text))
    return FALSE;
  index = ensure_index (parent, step, key);
  if (index == NULL || (value->type == SARAP_XPATH_NUMBER && index->has_dates))
    return FALSE;
  if (value->type == SARAP_XPATH_NUMBER)
    find_entries (index, 1, hash_whole (value->number), NULL, value->number, found);
  else
    find_entries (index, 0, g_str_hash (text.text), text.text, 0, found);
  return TRUE;
}
