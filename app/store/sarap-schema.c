#include "app/store/sarap-schema.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/sarap-sqlite.h"
#include "app/store/sarap-store-resource.h"
#include "app/store/sarap-store.h"

#define SCHEMA_FOLDER "/org/sarap/store/schema/"

/* "SARP": tells a store from any other SQLite file. */
#define APPLICATION_ID 0x53415250

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
dup_steps (void)
{
  char **names = g_resource_enumerate_children (sarap_store_get_resource (), SCHEMA_FOLDER, 0, NULL);

  qsort (names, g_strv_length (names), sizeof (char *), compare_names);
  return names;
}

int
sarap_schema_get_newest (void)
{
  g_auto (GStrv) steps = dup_steps ();

  return atoi (steps[g_strv_length (steps) - 1]);
}

/* The schema of the file at @path without opening it as a database; 0 when there is none. Steps that stand only in its
 * log are not seen. */
int
sarap_schema_peek_version (const char *path)
{
  guint8 bytes[4] = { 0 };
  FILE *file = fopen (path, "rbe");

  /* SQLite file format, 1.3: user_version at offset 60, big-endian */
  if (file != NULL && (fseek (file, 60, SEEK_SET) != 0 || fread (bytes, 1, 4, file) != 4))
    memset (bytes, 0, sizeof bytes);
  if (file != NULL)
    fclose (file);
  return bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* Reads only. Fails with NEWER when the database comes from a newer program and with CORRUPT when
 * it is no store at all; @version is 0 for an empty database. */
gboolean
sarap_schema_check (sqlite3 *connection, int *version, GError **error)
{
  gint64 application, found;

  if (!sarap_sqlite_get_int (connection, "PRAGMA application_id", &application, error) || !sarap_sqlite_get_int (connection, "PRAGMA user_version", &found, error))
    return FALSE;
  if (application != APPLICATION_ID && (application != 0 || found != 0))
    {
      g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "sarap.db is the database of another program");
      return FALSE;
    }
  if (found > sarap_schema_get_newest ())
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NEWER, "the store has schema %d, this program knows up to %d: install the newer program", (int) found, sarap_schema_get_newest ());
      return FALSE;
    }
  *version = found;
  return TRUE;
}

static gboolean
apply (sqlite3 *connection, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (SCHEMA_FOLDER, name, NULL);
  g_autoptr (GBytes) script = g_resource_lookup_data (sarap_store_get_resource (), path, 0, error);
  g_autofree char *header = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, atoi (name));

  if (script == NULL || !sarap_sqlite_execute (connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (sqlite3_exec (connection, g_bytes_get_data (script, NULL), NULL, NULL, NULL) != SQLITE_OK)
    {
      sarap_sqlite_set_error (connection, name, error);
      sqlite3_exec (connection, "ROLLBACK", NULL, NULL, NULL);
      return FALSE;
    }
  if (sarap_sqlite_execute (connection, header, error) && sarap_sqlite_execute (connection, "COMMIT", error))
    return TRUE;
  sqlite3_exec (connection, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* Applies each step above @version up to @target in a transaction of its own, its number included: a kill leaves
 * the database at one step or the next, never between. */
gboolean
sarap_schema_migrate (sqlite3 *connection, int version, int target, GError **error)
{
  g_auto (GStrv) steps = dup_steps ();

  for (guint i = 0; steps[i] != NULL; i++)
    if (atoi (steps[i]) > version && atoi (steps[i]) <= target && !apply (connection, steps[i], error))
      return FALSE;
  return TRUE;
}
