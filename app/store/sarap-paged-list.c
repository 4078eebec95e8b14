#include "app/store/sarap-paged-list.h"

#include "app/store/sarap-row.h"

#define PAGE 100

/* Pages kept; far more than any screen shows. */
#define MAX_PAGES 16

struct _SarapPagedList
{
  GObject parent_instance;
  SarapStore *store;
  const SarapPagedRows *rows;
  gpointer filter;
  GDestroyNotify filter_free;
  guint n_items;
  GHashTable *pages; /* number of the page → GPtrArray of items */
};

static void sarap_paged_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapPagedList, sarap_paged_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, sarap_paged_list_model_init))

static GPtrArray *
read_page (SarapPagedList *self, guint number)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *page = self->rows->read (self->store, self->filter, number * PAGE, PAGE, &error);

  if (page != NULL)
    return page;
  g_warning ("A page of a list cannot be read: %s", error->message);
  return g_ptr_array_new_with_free_func (g_object_unref);
}

/* What is on screen lies near @number, so the page farthest from it goes. */
static void
drop_farthest_page (SarapPagedList *self, guint number)
{
  guint farthest = number, distance = 0;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint other = GPOINTER_TO_UINT (key);
      guint away = other > number ? other - number : number - other;

      if (away <= distance)
        continue;
      distance = away;
      farthest = other;
    }
  g_hash_table_remove (self->pages, GUINT_TO_POINTER (farthest));
}

static GPtrArray *
peek_page (SarapPagedList *self, guint number)
{
  GPtrArray *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));

  if (page != NULL)
    return page;
  if (g_hash_table_size (self->pages) == MAX_PAGES)
    drop_farthest_page (self, number);
  page = read_page (self, number);
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);
  return page;
}

static guint
count (SarapPagedList *self)
{
  g_autoptr (GError) error = NULL;
  guint n = self->rows->count (self->store, self->filter, &error);

  if (error != NULL)
    g_warning ("A list cannot be counted: %s", error->message);
  return n;
}

static guint
find_first_difference (SarapPagedList *self, GPtrArray *old, GPtrArray *new)
{
  guint n = MIN (old->len, new->len);

  for (guint i = 0; i < n; i++)
    if (!sarap_row_is_same (g_ptr_array_index (old, i), g_ptr_array_index (new, i)))
      return i;
  return n;
}

/* Position of the first item that is not what a reader was given before. Items on pages that were
 * not read since the last change are nobody's. */
static guint
find_change (SarapPagedList *self, guint n_items)
{
  g_autoptr (GHashTable) old = g_steal_pointer (&self->pages);
  guint first = MIN (self->n_items, n_items);
  GHashTableIter iter;
  gpointer key, value;

  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_hash_table_iter_init (&iter, old);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint start = GPOINTER_TO_UINT (key) * PAGE;
      GPtrArray *before = value, *now;
      guint same;

      if (start >= first)
        continue;
      now = read_page (self, GPOINTER_TO_UINT (key));
      same = find_first_difference (self, before, now);
      for (guint i = 0; i < same; i++)
        g_set_object ((GObject **) &g_ptr_array_index (now, i), g_ptr_array_index (before, i));
      if (same < MAX (before->len, now->len))
        first = MIN (first, start + same);
      g_hash_table_insert (self->pages, key, now);
    }
  return first;
}

static void
refresh (SarapPagedList *self)
{
  guint n_before = self->n_items;
  guint n_items = count (self);
  guint first = n_items == n_before || g_hash_table_size (self->pages) > 0 ? find_change (self, n_items) : 0;

  self->n_items = n_items;
  if (first < n_before || first < n_items)
    g_list_model_items_changed (G_LIST_MODEL (self), first, n_before - first, n_items - first);
}

static void
changed_cb (SarapStore *store, guint topic, SarapPagedList *self)
{
  if (topic == self->rows->topic)
    refresh (self);
}

static GType
sarap_paged_list_get_item_type (GListModel *model)
{
  return SARAP_PAGED_LIST (model)->rows->item_type;
}

static guint
sarap_paged_list_get_n_items (GListModel *model)
{
  return SARAP_PAGED_LIST (model)->n_items;
}

static gpointer
sarap_paged_list_get_item (GListModel *model, guint position)
{
  SarapPagedList *self = SARAP_PAGED_LIST (model);
  GPtrArray *page;

  if (position >= self->n_items)
    return NULL;
  page = peek_page (self, position / PAGE);
  return position % PAGE < page->len ? g_object_ref (g_ptr_array_index (page, position % PAGE)) : NULL;
}

static void
sarap_paged_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = sarap_paged_list_get_item_type;
  iface->get_n_items = sarap_paged_list_get_n_items;
  iface->get_item = sarap_paged_list_get_item;
}

static void
sarap_paged_list_finalize (GObject *object)
{
  SarapPagedList *self = SARAP_PAGED_LIST (object);

  g_clear_object (&self->store);
  g_hash_table_unref (self->pages);
  self->filter_free (self->filter);
  G_OBJECT_CLASS (sarap_paged_list_parent_class)->finalize (object);
}

static void
sarap_paged_list_class_init (SarapPagedListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_paged_list_finalize;
}

static void
sarap_paged_list_init (SarapPagedList *self)
{
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/* @rows is static; @filter becomes the list's. Use it on the thread that opened the store. */
GListModel *
sarap_paged_list_new (SarapStore *store, const SarapPagedRows *rows, gpointer filter, GDestroyNotify filter_free)
{
  SarapPagedList *self = g_object_new (SARAP_TYPE_PAGED_LIST, NULL);

  self->store = g_object_ref (store);
  self->rows = rows;
  self->filter = filter;
  self->filter_free = filter_free;
  self->n_items = count (self);
  g_signal_connect_object (store, "changed", G_CALLBACK (changed_cb), self, 0);
  return G_LIST_MODEL (self);
}

gpointer
sarap_paged_list_get_filter (SarapPagedList *self)
{
  return self->filter;
}

/* @filter becomes the list's; the whole list is new. */
void
sarap_paged_list_set_filter (SarapPagedList *self, gpointer filter)
{
  guint n_before = self->n_items;

  self->filter_free (self->filter);
  self->filter = filter;
  g_hash_table_remove_all (self->pages);
  self->n_items = count (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_items);
}
