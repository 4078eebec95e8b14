#include "app/store/sarap-sqlite.h"

#include "app/store/sarap-store.h"

static SarapStoreError
code_of (int result)
{
  switch (result & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SARAP_STORE_ERROR_IN_USE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SARAP_STORE_ERROR_CORRUPT;
    case SQLITE_FULL:
      return SARAP_STORE_ERROR_FULL;
    case SQLITE_AUTH:
      return SARAP_STORE_ERROR_LOCKED;
    case SQLITE_CONSTRAINT:
      return SARAP_STORE_ERROR_STATE;
    default:
      return SARAP_STORE_ERROR_IO;
    }
}

/* Sets @error to what the last call on @connection failed with; @doing names the work. */
void
sarap_sqlite_set_error (sqlite3 *connection, const char *doing, GError **error)
{
  int result = sqlite3_extended_errcode (connection);

  g_set_error (error, SARAP_STORE_ERROR, code_of (result), "%s: %s", doing, sqlite3_errmsg (connection));
}

gboolean
sarap_sqlite_execute (sqlite3 *connection, const char *sql, GError **error)
{
  if (sqlite3_exec (connection, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  sarap_sqlite_set_error (connection, sql, error);
  return FALSE;
}

/* First column of the first row as text, for pragmas. */
char *
sarap_sqlite_dup_text (sqlite3 *connection, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  if (sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  if (text == NULL)
    sarap_sqlite_set_error (connection, sql, error);
  sqlite3_finalize (statement);
  return text;
}

gboolean
sarap_sqlite_get_int (sqlite3 *connection, const char *sql, gint64 *value, GError **error)
{
  g_autofree char *text = sarap_sqlite_dup_text (connection, sql, error);

  if (text == NULL)
    return FALSE;
  *value = g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}
