#pragma once

#include <sqlite3.h>

#include "app/form/sarap-list.h"

G_BEGIN_DECLS

/* The file of one large list (sql/list/schema.sql). */

#define SARAP_LIST_APPLICATION 0x5352504c
#define SARAP_LIST_FORMAT 1

/* Where the bytes of a CSV file come from; reads on from where it stands. */
typedef struct
{
  int descriptor; /* or -1: */
  const char *at;
  gsize left;
} SarapListBytes;
gssize sarap_list_bytes_read (char *buffer, gsize size, gpointer bytes, GError **error);

sqlite3_stmt *sarap_list_prepare (sqlite3 *connection, const char *name, GError **error);
guint32 sarap_list_sum (gconstpointer data, gsize size, gint64 key);

gboolean sarap_list_build (const char *path, SarapListBytes *bytes, const char *name, GError **error);

#define SARAP_TYPE_LIST_DATABASE (sarap_list_database_get_type ())
G_DECLARE_FINAL_TYPE (SarapListDatabase, sarap_list_database, SARAP, LIST_DATABASE, GObject)

typedef gboolean (*SarapListRepairFunc) (const char *path, gpointer data, GError **error);
SarapListDatabase *sarap_list_database_open (const char *path, GError **error);
void sarap_list_database_set_repair (SarapListDatabase *self, SarapListRepairFunc repair, gpointer data, GDestroyNotify destroy);

G_END_DECLS
