#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* A GListModel over rows that stay in the database: pages of 100 are read when somebody asks for
 * one of their items, and the list follows the store's "changed" of one topic. */

#define SARAP_TYPE_PAGED_LIST (sarap_paged_list_get_type ())
G_DECLARE_FINAL_TYPE (SarapPagedList, sarap_paged_list, SARAP, PAGED_LIST, GObject)

typedef struct
{
  GType item_type; /* a kind of SarapRow */
  SarapStoreTopic topic;
  guint (*count) (SarapStore *store, gconstpointer filter, GError **error);
  GPtrArray *(*read) (SarapStore *store, gconstpointer filter, guint offset, guint limit, GError **error);
} SarapPagedRows;

GListModel *sarap_paged_list_new (SarapStore *store, const SarapPagedRows *rows, gpointer filter, GDestroyNotify filter_free);
gpointer sarap_paged_list_get_filter (SarapPagedList *self);
void sarap_paged_list_set_filter (SarapPagedList *self, gpointer filter);

G_END_DECLS
