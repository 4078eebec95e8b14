#include "app/store/sarap-salvage.h"

#include <sqlite3.h>

#include "app/store/sarap-schema.h"
#include "app/store/sarap-sqlite.h"

/*  1. The damaged file and its log are only read.
 *  2. Each table is read from its first row until that fails, then from its last row until that fails.
 *  3. What belongs to a record is copied before the records: rows of a finalized record take no additions. Rows whose
 *     record is lost or left out are left out too. */

#define OLDEST 4 /* the first schema whose rows and files are all sealed */

typedef struct
{
  sqlite3 *from;
  sqlite3 *to;
  SarapSalvageSkip skip;
  SarapSalvageTell tell;
  gpointer data;
  GHashTable *records; /* numbers of those that are copied */
} Salvage;

static sqlite3 *
open_source (const char *path)
{
  sqlite3 *connection = NULL;

  if (sqlite3_open_v2 (path, &connection, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    {
      sqlite3_close (connection);
      return NULL;
    }
  sqlite3_db_config (connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_exec (connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = 1; PRAGMA cell_size_check = 1", NULL, NULL, NULL);
  return connection;
}

static sqlite3_stmt *
prepare (sqlite3 *connection, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  return sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

static gint64
add_number (GHashTable *numbers, gint64 number)
{
  g_hash_table_add (numbers, g_memdup2 (&number, sizeof number));
  return number;
}

/* FALSE: the end was not reached. */
static gboolean
choose_records_in_order (Salvage *self, const char *sql)
{
  sqlite3_stmt *rows = prepare (self->from, sql);
  int result = SQLITE_CORRUPT;

  while (rows != NULL && (result = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const SarapSalvagedRecord record = { sqlite3_column_int64 (rows, 0), sqlite3_column_int (rows, 2), sqlite3_column_int64 (rows, 3) };
      const char *id = (const char *) sqlite3_column_text (rows, 1);

      if (id != NULL && g_utf8_validate (id, -1, NULL) && !self->skip (id, &record, self->data))
        add_number (self->records, record.number);
    }
  sqlite3_finalize (rows);
  return result == SQLITE_DONE;
}

static void
choose_records (Salvage *self)
{
  if (!choose_records_in_order (self, "SELECT number, id, state, revision FROM record NOT INDEXED ORDER BY number"))
    choose_records_in_order (self, "SELECT number, id, state, revision FROM record NOT INDEXED ORDER BY number DESC");
}

typedef struct
{
  char *table;
  GPtrArray *columns; /* that both sides have */
  char *order;        /* its key, downwards */
  int record;         /* column that names the record, -1: none */
} Table;

static void
table_free (gpointer data)
{
  Table *table = data;

  g_free (table->table);
  g_free (table->order);
  g_ptr_array_unref (table->columns);
  g_free (table);
}

static gboolean
has_column (sqlite3 *connection, const char *table, const char *column)
{
  return sqlite3_table_column_metadata (connection, NULL, table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

static Table *
table_new (Salvage *self, const char *name)
{
  Table *table = g_new0 (Table, 1);
  g_autofree char *sql = g_strdup_printf ("PRAGMA table_info (\"%s\")", name);
  g_autoptr (GString) order = g_string_new (NULL);
  sqlite3_stmt *rows = prepare (self->to, sql);

  table->table = g_strdup (name);
  table->columns = g_ptr_array_new_with_free_func (g_free);
  table->record = -1;
  while (rows != NULL && sqlite3_step (rows) == SQLITE_ROW)
    {
      const char *column = (const char *) sqlite3_column_text (rows, 1);

      if (!has_column (self->from, name, column))
        continue;
      if (g_str_equal (column, "record") || (g_str_equal (name, "record") && g_str_equal (column, "number")))
        table->record = table->columns->len;
      if (sqlite3_column_int (rows, 5) > 0)
        g_string_append_printf (order, "%s%s DESC", order->len ? ", " : "", column);
      g_ptr_array_add (table->columns, g_strdup (column));
    }
  sqlite3_finalize (rows);
  table->order = g_string_free (g_steal_pointer (&order), FALSE);
  return table;
}

static char *
join_columns (const Table *table, const char *each)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", each ? each : (const char *) g_ptr_array_index (table->columns, i));
  return g_string_free (text, FALSE);
}

static gboolean
is_wanted (Salvage *self, const Table *table, sqlite3_stmt *row)
{
  gint64 record = table->record < 0 ? 0 : sqlite3_column_int64 (row, table->record);

  return table->record < 0 || g_hash_table_contains (self->records, &record);
}

static gboolean
copy_row (Salvage *self, const Table *table, sqlite3_stmt *row, sqlite3_stmt *insert, GError **error)
{
  int result;

  if (!is_wanted (self, table, row))
    return TRUE;
  for (guint i = 0; i < table->columns->len; i++)
    sqlite3_bind_value (insert, i + 1, sqlite3_column_value (row, i));
  result = sqlite3_step (insert);
  sqlite3_reset (insert);
  if (result == SQLITE_DONE || (result & 0xff) == SQLITE_CONSTRAINT)
    return TRUE;
  sarap_sqlite_set_error (self->to, table->table, error);
  return FALSE;
}

/* @is_whole: the end was reached. FALSE: it cannot be written. */
static gboolean
copy_rows (Salvage *self, const Table *table, const char *order, gboolean *is_whole, GError **error)
{
  g_autofree char *columns = join_columns (table, NULL);
  g_autofree char *marks = join_columns (table, "?");
  g_autofree char *read = g_strdup_printf ("SELECT %s FROM \"%s\" NOT INDEXED%s%s", columns, table->table, order ? " ORDER BY " : "", order ? order : "");
  g_autofree char *write = g_strdup_printf ("INSERT OR IGNORE INTO \"%s\" (%s) VALUES (%s)", table->table, columns, marks);
  sqlite3_stmt *row = prepare (self->from, read);
  sqlite3_stmt *insert = prepare (self->to, write);
  int result = SQLITE_CORRUPT;
  gboolean ok = TRUE;

  while (ok && row != NULL && insert != NULL && (result = sqlite3_step (row)) == SQLITE_ROW)
    ok = copy_row (self, table, row, insert, error);
  sqlite3_finalize (row);
  sqlite3_finalize (insert);
  *is_whole = result == SQLITE_DONE;
  return ok;
}

static gboolean
copy_table (Salvage *self, const char *name, GError **error)
{
  Table *table = table_new (self, name);
  gboolean is_whole = FALSE;
  gboolean is_end = FALSE;
  gboolean ok = TRUE;

  if (table->columns->len > 0)
    ok = copy_rows (self, table, NULL, &is_whole, error) && (is_whole || *table->order == '\0' || copy_rows (self, table, table->order, &is_end, error));
  if (!is_whole)
    self->tell (name, self->data);
  table_free (table);
  return ok;
}

/* `record` last. */
static GPtrArray *
list_tables (sqlite3 *connection)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *rows = prepare (connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name = 'record', rowid");

  while (rows != NULL && sqlite3_step (rows) == SQLITE_ROW)
    g_ptr_array_add (names, g_strdup ((const char *) sqlite3_column_text (rows, 0)));
  sqlite3_finalize (rows);
  return names;
}

static gboolean
copy_all (Salvage *self, GError **error)
{
  g_autoptr (GPtrArray) tables = list_tables (self->to);

  choose_records (self);
  if (!sarap_sqlite_execute (self->to, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", error))
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    if (!copy_table (self, g_ptr_array_index (tables, i), error))
      return FALSE;
  return sarap_sqlite_execute (self->to,
                               "DELETE FROM form_media WHERE form NOT IN (SELECT number FROM form);"
                               "DELETE FROM submission_xml WHERE submission NOT IN (SELECT number FROM submission);"
                               "DELETE FROM submission_attachment WHERE submission NOT IN (SELECT number FROM submission);"
                               "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)",
                               error);
}

static gboolean
check_version (sqlite3 *from, gboolean *is_readable, GError **error)
{
  g_autoptr (GError) own = NULL;
  int version = 0;

  *is_readable = sarap_schema_check (from, &version, &own) && version >= OLDEST;
  if (!g_error_matches (own, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NEWER))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}

/* Copies the rows of the database at @from that can be read into the new one at @to; @tell hears of each table that
 * was not read to its end. Errors: NEWER; what @to says. */
gboolean
sarap_salvage (const char *from, const char *to, SarapSalvageSkip skip, SarapSalvageTell tell, gpointer data, GError **error)
{
  g_autoptr (GHashTable) records = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Salvage self = { .skip = skip, .tell = tell, .data = data, .records = records };
  gboolean is_readable = FALSE;
  gboolean ok;

  self.from = open_source (from);
  ok = self.from == NULL || check_version (self.from, &is_readable, error);
  if (ok && !is_readable)
    tell ("sarap.db", data);
  if (ok && is_readable)
    {
      ok = sqlite3_open_v2 (to, &self.to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && copy_all (&self, error);
      if (!ok && error != NULL && *error == NULL)
        sarap_sqlite_set_error (self.to, to, error);
      sqlite3_close (self.to);
    }
  sqlite3_close (self.from);
  return ok;
}
