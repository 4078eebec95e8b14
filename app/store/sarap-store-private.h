#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* The store's doors for the files of this room. */

/* On the database thread, once the write is durable (@error NULL) or failed; owns @data. */
typedef void (*SarapStoreDoneFunc) (gpointer data, const GError *error);

gboolean sarap_store_read (SarapStore *self, SarapDatabaseFunc func, gpointer data, GError **error);
gboolean sarap_store_write (SarapStore *self, SarapStoreTopic topic, SarapDatabaseFunc func, gpointer data, GError **error);
void sarap_store_push (SarapStore *self, SarapDatabaseFunc func, SarapStoreDoneFunc done, gpointer data);
void sarap_store_emit_changed (SarapStore *self, SarapStoreTopic topic);
GMainContext *sarap_store_get_context (SarapStore *self);
GHashTable *sarap_store_peek_forms (SarapStore *self);

const char *sarap_store_get_media_folder (SarapStore *self);
void sarap_store_lock_media (SarapStore *self);
void sarap_store_unlock_media (SarapStore *self);

SarapSecret *sarap_store_ref_user_key (SarapStore *self, GError **error);
int sarap_store_lock_folder (const char *folder, GError **error);
gboolean sarap_store_take_error (GError **error);
gboolean sarap_store_not_found (GError **error, const char *what, const char *id);

G_END_DECLS
