#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-rows.h"

#include <math.h>

/* Child steps over the rows of a large list (sarap-rows.c), with the same results as over a tree.
 *
 *  1. Equalities of the first predicates are asked of the list's indexes. The rarest value gives
 *     the candidates; values that are not much more common narrow them down.
 *  2. A position is asked for as it is.
 *  3. Everything else is a scan that makes one row at a time and keeps those that fulfil the
 *     predicate.
 *  4. An index answers with a superset: predicates are evaluated for every candidate. */

#define WORTH_READING 16

typedef struct
{
  const char *name; /* of the column */
  guint32 hash;
  guint32 n; /* at most so many rows */
} Wanted;

/* Several columns may have the same name: a row is found by any of them. */
static gboolean
estimate (const SarapRows *rows, const XPathValue *value, Wanted *wanted)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  SarapList *list = sarap_rows_get_list (rows);
  gboolean is_known = FALSE;

  if (!xpath_index_read_key (value, &text))
    return FALSE;
  wanted->hash = value->type == SARAP_XPATH_NUMBER ? sarap_list_hash_number (value->number) : sarap_list_hash_text (text.text);
  wanted->n = 0;
  for (guint i = 0; i < sarap_rows_get_n_columns (rows); i++)
    if (sarap_rows_peek_column (rows, i) == wanted->name)
      {
        if (value->type == SARAP_XPATH_NUMBER && SARAP_LIST_GET_IFACE (list)->has_dates (list, i))
          return FALSE;
        wanted->n += SARAP_LIST_GET_IFACE (list)->estimate (list, i, wanted->hash);
        is_known = TRUE;
      }
  return is_known || value->type == SARAP_XPATH_NUMBER || *text.text != '\0';
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

/* Ascending, each row once. */
static GArray *
find_rows (const SarapRows *rows, const Wanted *wanted)
{
  SarapList *list = sarap_rows_get_list (rows);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n_columns = 0, kept = 0;

  for (guint i = 0; i < sarap_rows_get_n_columns (rows); i++)
    if (sarap_rows_peek_column (rows, i) == wanted->name)
      {
        SARAP_LIST_GET_IFACE (list)->find (list, i, wanted->hash, found);
        n_columns++;
      }
  if (n_columns < 2)
    return found;
  g_array_sort (found, compare_rows);
  for (guint i = 0; i < found->len; i++)
    if (kept == 0 || g_array_index (found, guint32, kept - 1) != g_array_index (found, guint32, i))
      g_array_index (found, guint32, kept++) = g_array_index (found, guint32, i);
  g_array_set_size (found, kept);
  return found;
}

/* Keeps in @found what is in @others too. */
static void
intersect (GArray *found, const GArray *others)
{
  guint kept = 0, o = 0;

  for (guint i = 0; i < found->len; i++)
    {
      guint32 row = g_array_index (found, guint32, i);

      while (o < others->len && g_array_index (others, guint32, o) < row)
        o++;
      if (o < others->len && g_array_index (others, guint32, o) == row)
        g_array_index (found, guint32, kept++) = row;
    }
  g_array_set_size (found, kept);
}

/* Rule 1. Returns: (transfer full) (nullable): NULL when no index can help */
static GArray *
combine (const SarapRows *rows, GArray *all)
{
  GArray *found;
  guint rarest = 0;

  if (all->len == 0)
    return NULL;
  for (guint i = 1; i < all->len; i++)
    if (g_array_index (all, Wanted, i).n < g_array_index (all, Wanted, rarest).n)
      rarest = i;
  found = find_rows (rows, &g_array_index (all, Wanted, rarest));
  for (guint i = 0; i < all->len; i++)
    if (i != rarest && g_array_index (all, Wanted, i).n / WORTH_READING <= found->len)
      {
        g_autoptr (GArray) others = find_rows (rows, &g_array_index (all, Wanted, i));

        intersect (found, others);
      }
  return found;
}

static gboolean
collect_wanted (XPathEvaluator *self, const XPathStep *step, const SarapRows *rows, GArray *all)
{
  XPathFocus focus = { self->context->node, 1, 1 };
  guint n = xpath_step_n_lookups (step);

  for (guint p = 0; p < n; p++)
    for (guint i = 0; i < step->predicates[p].n_lookups; i++)
      {
        const XPathLookup *lookup = &step->predicates[p].lookups[i];
        Wanted wanted = { lookup->name, 0, 0 };
        g_auto (XPathValue) value = XPATH_VALUE_INIT;

        if (!xpath_evaluate (self, lookup->value, &focus, &value))
          return FALSE;
        xpath_value_type_node (self, &value);
        if (estimate (rows, &value, &wanted))
          g_array_append_val (all, wanted);
      }
  return TRUE;
}

/* @is_one FALSE: the index is no single number and every row has to be asked. */
static gboolean
pick_row (XPathEvaluator *self, const XPathPredicate *predicate, SarapRows *rows, GPtrArray *found, gboolean *is_one)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;
  XPathFocus focus = { self->context->node, 1, 1 };
  double position;

  if (!xpath_evaluate (self, predicate->index, &focus, &value))
    return FALSE;
  *is_one = value.type != SARAP_XPATH_BOOLEAN && !(value.type == SARAP_XPATH_NODESET && xpath_value_n_nodes (&value) > 1);
  if (!*is_one)
    return TRUE;
  position = xpath_to_number (self, &value);
  if (position >= 1 && position <= sarap_rows_get_n (rows) && position == floor (position))
    g_ptr_array_add (found, sarap_rows_get (rows, (guint32) position - 1, NULL));
  return TRUE;
}

static gboolean
scan (XPathEvaluator *self, const XPathPredicate *predicate, SarapRows *rows, GPtrArray *found)
{
  for (guint32 i = 0; i < sarap_rows_get_n (rows); i++)
    {
      gboolean is_new, result;
      XPathFocus focus = { sarap_rows_get (rows, i, &is_new), i + 1, sarap_rows_get_n (rows) };

      if (!xpath_holds (self, predicate, &focus, &result))
        return FALSE;
      if (result)
        g_ptr_array_add (found, focus.node);
      else if (is_new)
        sarap_rows_drop (rows, i);
    }
  return TRUE;
}

/* The rows below @root that the step may give, its first @n_done predicates applied. */
gboolean
xpath_list_collect (XPathEvaluator *self, const XPathStep *step, SarapNode *root, GPtrArray *found, guint *n_done)
{
  SarapRows *rows = sarap_node_peek_rows (root);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_autoptr (GArray) candidates = NULL;
  gboolean is_one = FALSE;

  *n_done = 0;
  if (sarap_rows_get_n (rows) == 0 || !xpath_step_matches (step, sarap_rows_get (rows, 0, NULL)))
    return TRUE;
  if (!collect_wanted (self, step, rows, all))
    return FALSE;
  candidates = combine (rows, all);
  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    g_ptr_array_add (found, sarap_rows_get (rows, g_array_index (candidates, guint32, i), NULL));
  if (candidates != NULL)
    return TRUE;
  *n_done = 1;
  if (step->predicates[0].index != NULL && !pick_row (self, &step->predicates[0], rows, found, &is_one))
    return FALSE;
  return is_one || scan (self, &step->predicates[0], rows, found);
}

/* The rows that may have a child @key (interned) which reads @text. */
void
xpath_list_find (SarapNode *root, const char *key, const char *text, GPtrArray *found)
{
  SarapRows *rows = sarap_node_peek_rows (root);
  Wanted wanted = { key, sarap_list_hash_text (text), 0 };
  g_autoptr (GArray) numbers = find_rows (rows, &wanted);

  for (guint i = 0; i < numbers->len; i++)
    g_ptr_array_add (found, sarap_rows_get (rows, g_array_index (numbers, guint32, i), NULL));
}
