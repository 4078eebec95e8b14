#pragma once

#include <gio/gio.h>

#include "app/base/sarap-clock.h"
#include "app/vault/sarap-keyring.h"

G_BEGIN_DECLS

/* One folder that keeps everything of a device: sarap.db (SQLite, WAL, synchronous=FULL),
 * journal/, media/, keys/. One thread owns the one connection; every function here may be called
 * from any thread and returns when the work is durable. The folder is locked: a second program
 * gets SARAP_STORE_ERROR_IN_USE. */

#define SARAP_TYPE_STORE (sarap_store_get_type ())
G_DECLARE_FINAL_TYPE (SarapStore, sarap_store, SARAP, STORE, GObject)

#define SARAP_STORE_ERROR (sarap_store_error_quark ())
GQuark sarap_store_error_quark (void);

typedef enum
{
  SARAP_STORE_ERROR_IN_USE,    /* another program holds the folder */
  SARAP_STORE_ERROR_NEWER,     /* written by a newer program: never touched */
  SARAP_STORE_ERROR_CORRUPT,   /* integrity check failed: recover */
  SARAP_STORE_ERROR_NOT_FOUND, /* no such form, record, attachment */
  SARAP_STORE_ERROR_STATE,     /* not allowed in the record's state (a finalized record is immutable) */
  SARAP_STORE_ERROR_FULL,      /* disk full */
  SARAP_STORE_ERROR_LOCKED,    /* sealed: the PIN or a project key is needed */
  SARAP_STORE_ERROR_CRASHED,   /* opening this draft crashed the program again and again: sarap_store_unblock_draft() */
  SARAP_STORE_ERROR_IO,        /* any other failure of disk or database */
} SarapStoreError;

/* What changed, for lists on screen: signal "changed" (SarapStoreTopic), in the main context of
 * the thread that opened the store. */
typedef enum
{
  SARAP_STORE_TOPIC_FORMS,
  SARAP_STORE_TOPIC_RECORDS,
  SARAP_STORE_TOPIC_RECEIVED,
  SARAP_STORE_TOPIC_SETTINGS,
  SARAP_STORE_TOPIC_DAMAGED, /* the check that goes on after opening found damage: recover */
} SarapStoreTopic;

/* @create: a missing folder is made. */
SarapStore *sarap_store_open (const char *folder, SarapClock *clock, gboolean create, GError **error);
/* A new store with @project_key (NULL: a fresh pair, its private half in the file FOLDER-project-key) and @pin (NULL: none). */
SarapStore *sarap_store_create (const char *folder, SarapClock *clock, SarapProjectKey *project_key, const char *pin, GError **error);
/* Waits for the writes under way, checkpoints, unlocks. Also done by the last unref. */
void sarap_store_close (SarapStore *self);
const char *sarap_store_get_folder (SarapStore *self);
/* The keys; sarap_store_lock() instead of locking them there. */
SarapKeyring *sarap_store_get_keyring (SarapStore *self);
void sarap_store_lock (SarapStore *self);
SarapClock *sarap_store_get_clock (SarapStore *self);

/* Name of this device in records (deviceid): chance, made once. Returns: (transfer full) */
char *sarap_store_dup_device_id (SarapStore *self);

/* Settings of the device: enrolment, PIN hashes, last sync… */
char *sarap_store_dup_setting (SarapStore *self, const char *key);                                       /* NULL when absent */
gboolean sarap_store_set_setting (SarapStore *self, const char *key, const char *value, GError **error); /* NULL removes */

G_END_DECLS
