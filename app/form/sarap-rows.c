#include "app/form/sarap-rows.h"

#include <string.h>

/*  1. A row node begins without its cells (is_closed); they are made when somebody looks below it.
 *  2. A row that was found by an index or a scan stands alone (is_loose): it knows its parent, but
 *     not its neighbours. Asking for these, or for the children of the root, links all rows.
 *  3. A node stays valid while an expression is evaluated. Between operations of an interview
 *     sarap_rows_trim() drops what stands alone, so that memory does not grow with use.
 *  4. `order` of a row is its number from 1, that of a cell its column from 1. */

#define MAX_LOOSE 4096

struct _SarapRows
{
  SarapList *list;
  SarapNode *root;
  const char *item;
  const char **names; /* interned */
  guint n_columns;
  guint32 n_rows;
  GHashTable *loose; /* row → its node, owned */
  SarapNode *linked; /* all that were not loose, once they are in the tree */
};

static void
free_cells (SarapNode *row)
{
  if (!row->is_closed)
    g_free (row->first_child);
}

static void
free_row (gpointer data)
{
  SarapNode *row = data;

  sarap_node_forget_made (row);
  for (SarapNode *cell = row->first_child; cell != NULL; cell = cell->next)
    sarap_node_forget_made (cell);
  free_cells (row);
  g_free (row);
}

static void
init_row (SarapRows *self, SarapNode *node, guint32 row)
{
  node->tree = self->root->tree;
  node->kind = SARAP_NODE_ELEMENT;
  node->name = self->item;
  node->parent = self->root;
  node->is_relevant = TRUE;
  node->is_closed = TRUE;
  node->order = row + 1;
}

/* The cells and their texts are one block, which begins with the first cell. */
static void
make_cells (SarapRows *self, SarapNode *row)
{
  gsize size;
  const char *texts = SARAP_LIST_GET_IFACE (self->list)->peek_row (self->list, row->order - 1, &size);
  SarapNode *cells = g_malloc (self->n_columns * sizeof (SarapNode) + size);
  char *at = (char *) (cells + self->n_columns);

  memset (cells, 0, self->n_columns * sizeof (SarapNode));
  memcpy (at, texts, size);
  for (guint i = 0; i < self->n_columns; i++)
    {
      SarapNode *cell = &cells[i];

      cell->tree = row->tree;
      cell->kind = SARAP_NODE_ELEMENT;
      cell->name = self->names[i];
      cell->parent = row;
      cell->is_relevant = TRUE;
      cell->order = i + 1;
      cell->text = *at != '\0' ? at : NULL;
      cell->previous = i > 0 ? cell - 1 : NULL;
      cell->next = i + 1 < self->n_columns ? cell + 1 : NULL;
      at += strlen (at) + 1;
    }
  row->first_child = cells;
  row->last_child = &cells[self->n_columns - 1];
}

static void
link_all (SarapRows *self)
{
  SarapNode *last = NULL;

  self->linked = g_new0 (SarapNode, MAX (self->n_rows, 1));
  for (guint32 i = 0; i < self->n_rows; i++)
    {
      SarapNode *row = g_hash_table_lookup (self->loose, GUINT_TO_POINTER (i));

      if (row == NULL)
        {
          row = &self->linked[i];
          init_row (self, row, i);
        }
      row->is_loose = FALSE;
      row->previous = last;
      if (last != NULL)
        last->next = row;
      else
        self->root->first_child = row;
      last = row;
    }
  self->root->last_child = last;
}

void
sarap_rows_open (SarapRows *self, SarapNode *node)
{
  node->is_closed = FALSE;
  if (node == self->root)
    link_all (self);
  else
    make_cells (self, node);
}

/* @is_new (may be NULL): whether nobody can know the node yet, so that it may be dropped again. */
SarapNode *
sarap_rows_get (SarapRows *self, guint32 row, gboolean *is_new)
{
  SarapNode *node = g_hash_table_lookup (self->loose, GUINT_TO_POINTER (row));

  if (is_new != NULL)
    *is_new = node == NULL && self->linked == NULL;
  if (node != NULL)
    return node;
  if (self->linked != NULL)
    return &self->linked[row];
  node = g_new0 (SarapNode, 1);
  init_row (self, node, row);
  node->is_loose = TRUE;
  g_hash_table_insert (self->loose, GUINT_TO_POINTER (row), node);
  return node;
}

/* Forgets a row that nobody uses any more. */
void
sarap_rows_drop (SarapRows *self, guint32 row)
{
  if (self->linked == NULL)
    g_hash_table_remove (self->loose, GUINT_TO_POINTER (row));
}

void
sarap_rows_trim (SarapRows *self)
{
  if (self->linked == NULL && g_hash_table_size (self->loose) > MAX_LOOSE)
    g_hash_table_remove_all (self->loose);
}

SarapList *
sarap_rows_get_list (const SarapRows *self)
{
  return self->list;
}

guint32
sarap_rows_get_n (const SarapRows *self)
{
  return self->n_rows;
}

guint
sarap_rows_get_n_columns (const SarapRows *self)
{
  return self->n_columns;
}

/* Its interned name. */
const char *
sarap_rows_peek_column (const SarapRows *self, guint column)
{
  return self->names[column];
}

void
sarap_rows_free (SarapRows *self)
{
  for (guint32 i = 0; self->linked != NULL && i < self->n_rows; i++)
    free_cells (&self->linked[i]);
  g_free (self->linked);
  g_hash_table_unref (self->loose);
  g_free (self->names);
  g_object_unref (self->list);
  g_free (self);
}

/* Returns: (transfer full) a static tree that keeps @list */
SarapTree *
sarap_tree_new_from_list (SarapList *list)
{
  SarapTree *tree = sarap_tree_new ();
  SarapNode *root = sarap_tree_new_node (tree, SARAP_NODE_ELEMENT, NULL, NULL, "root");
  SarapRows *self = g_new0 (SarapRows, 1);
  const char *const *columns = SARAP_LIST_GET_IFACE (list)->get_columns (list);

  self->list = g_object_ref (list);
  self->root = root;
  self->item = sarap_node_intern ("item");
  self->n_rows = SARAP_LIST_GET_IFACE (list)->get_n_rows (list);
  self->n_columns = g_strv_length ((char **) columns);
  self->names = g_new (const char *, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    self->names[i] = sarap_node_intern (columns[i]);
  self->loose = g_hash_table_new_full (NULL, NULL, NULL, free_row);
  sarap_node_append (sarap_tree_get_document (tree), root);
  sarap_tree_set_static (tree);
  sarap_tree_take_rows (tree, self, root);
  return tree;
}
