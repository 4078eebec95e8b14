#include "app/store/sarap-list-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/sarap-sqlite.h"
#include "app/store/sarap-store.h"

/*  1. The file never changes, so it is opened without locks; whoever replaces it, renames.
 *  2. The last chunk that was asked for stays at hand: rows are mostly read in order.
 *  3. Every blob is checked against its sum. A damaged file is made anew, once, by the function
 *     that the opener gave; when that fails, what cannot be read is blank. */

struct _SarapListDatabase
{
  GObject parent_instance;
  char *path;
  sqlite3 *connection;
  sqlite3_stmt *chunk_find;
  sqlite3_stmt *bucket_find;
  sqlite3_stmt *bucket_size;
  guint32 n_rows;
  guint32 n_buckets;
  guint n_columns;
  GBytes *names;
  GPtrArray *columns; /* borrowed from names, NULL-terminated */
  GBytes *dates;
  GByteArray *chunk;
  GArray *offsets; /* guint32: where the rows of the chunk begin, and its end */
  guint32 first;   /* row of the chunk */
  char *blank;     /* a row without texts */
  SarapListRepairFunc repair;
  gpointer repair_data;
  GDestroyNotify repair_destroy;
};

static void list_init (SarapListInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapListDatabase, sarap_list_database, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_LIST, list_init))

static void
close_file (SarapListDatabase *self)
{
  g_clear_pointer (&self->chunk_find, sqlite3_finalize);
  g_clear_pointer (&self->bucket_find, sqlite3_finalize);
  g_clear_pointer (&self->bucket_size, sqlite3_finalize);
  g_clear_pointer (&self->connection, sqlite3_close);
}

static gboolean
set_damaged (const SarapListDatabase *self, GError **error)
{
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "%s: damaged", self->path);
  return FALSE;
}

static GBytes *
column_bytes (sqlite3_stmt *statement, int column)
{
  return g_bytes_new (sqlite3_column_blob (statement, column), sqlite3_column_bytes (statement, column));
}

static guint
count_ends (const char *text, gsize size)
{
  guint n = 0;

  for (gsize i = 0; i < size; i++)
    n += text[i] == '\0';
  return size > 0 && text[size - 1] != '\0' ? 0 : n;
}

static gboolean
take_fact (SarapListDatabase *self, sqlite3_stmt *statement)
{
  g_autoptr (GBytes) names = column_bytes (statement, 2);
  g_autoptr (GBytes) dates = column_bytes (statement, 3);
  gsize size;
  const char *text = g_bytes_get_data (names, &size);
  guint n_columns = count_ends (text, size);
  gint64 n_rows = sqlite3_column_int64 (statement, 0), n_buckets = sqlite3_column_int64 (statement, 1);
  guint32 sum = sarap_list_sum (text, size, n_rows) ^ sarap_list_sum (g_bytes_get_data (dates, NULL), g_bytes_get_size (dates), n_buckets);

  if (n_columns == 0 || n_rows < 0 || n_rows > SARAP_LIST_MAX_ROWS || n_buckets <= 0 || g_bytes_get_size (dates) != n_columns || sqlite3_column_int64 (statement, 4) != sum)
    return FALSE;
  if (self->names != NULL) /* made anew from the same bytes */
    return n_rows == self->n_rows && g_bytes_equal (names, self->names);
  self->n_rows = (guint32) n_rows;
  self->n_buckets = (guint32) n_buckets;
  self->n_columns = n_columns;
  self->names = g_steal_pointer (&names);
  self->dates = g_steal_pointer (&dates);
  self->columns = g_ptr_array_new ();
  for (guint i = 0; i < n_columns; i++, text += strlen (text) + 1)
    g_ptr_array_add (self->columns, (gpointer) text);
  g_ptr_array_add (self->columns, NULL);
  self->blank = g_malloc0 (n_columns);
  return TRUE;
}

static gboolean
read_fact (SarapListDatabase *self, GError **error)
{
  sqlite3_stmt *statement = sarap_list_prepare (self->connection, "fact-read", error);
  gboolean done;

  if (statement == NULL)
    return FALSE;
  done = sqlite3_step (statement) == SQLITE_ROW && take_fact (self, statement);
  sqlite3_finalize (statement);
  return done || set_damaged (self, error);
}

/* The size tells a file that was cut off. */
static gboolean
check_header (SarapListDatabase *self, GError **error)
{
  gint64 application, format, pages, page;
  GStatBuf status;

  if (!sarap_sqlite_get_int (self->connection, "PRAGMA application_id", &application, error) || !sarap_sqlite_get_int (self->connection, "PRAGMA user_version", &format, error) ||
      !sarap_sqlite_get_int (self->connection, "PRAGMA page_count", &pages, error) || !sarap_sqlite_get_int (self->connection, "PRAGMA page_size", &page, error))
    return FALSE;
  if (application != SARAP_LIST_APPLICATION || format != SARAP_LIST_FORMAT || g_stat (self->path, &status) != 0 || status.st_size != pages * page)
    return set_damaged (self, error);
  return TRUE;
}

static gboolean
open_file (SarapListDatabase *self, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", TRUE);
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", escaped);

  if (sqlite3_open_v2 (uri, &self->connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
    {
      sarap_sqlite_set_error (self->connection, self->path, error);
      return FALSE;
    }
  if (!check_header (self, error) || !read_fact (self, error))
    return FALSE;
  self->chunk_find = sarap_list_prepare (self->connection, "chunk-find", error);
  self->bucket_find = self->chunk_find ? sarap_list_prepare (self->connection, "bucket-find", error) : NULL;
  self->bucket_size = self->bucket_find ? sarap_list_prepare (self->connection, "bucket-size", error) : NULL;
  return self->bucket_size != NULL;
}

/* Rule 3. Whether reading can be tried again. */
static gboolean
repair (SarapListDatabase *self)
{
  SarapListRepairFunc again = g_steal_pointer (&self->repair);
  g_autoptr (GError) error = NULL;

  close_file (self);
  g_unlink (self->path);
  g_info ("%s: damaged; it is made anew", self->path);
  if (again != NULL && again (self->path, self->repair_data, &error) && open_file (self, &error))
    return TRUE;
  g_warning ("%s: %s", self->path, error ? error->message : "the list has to be loaded again");
  close_file (self);
  return FALSE;
}

/* Asks @statement for @key; FALSE when there is no blob, which is damage too, or one that is not
 * whole. Reset it afterwards. */
static gboolean
find_blob (sqlite3_stmt *statement, gint64 key)
{
  sqlite3_bind_int64 (statement, 1, key);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;
  return sarap_list_sum (sqlite3_column_blob (statement, 2), sqlite3_column_bytes (statement, 2), sqlite3_column_int64 (statement, 0)) == sqlite3_column_int64 (statement, 1);
}

static void
take_chunk (SarapListDatabase *self)
{
  const char *cells = sqlite3_column_blob (self->chunk_find, 2);
  guint32 size = sqlite3_column_bytes (self->chunk_find, 2);
  guint n = 0;

  self->first = (guint32) sqlite3_column_int64 (self->chunk_find, 0);
  g_byte_array_set_size (self->chunk, 0);
  g_byte_array_append (self->chunk, (const guint8 *) cells, size);
  g_array_set_size (self->offsets, 0);
  for (guint32 at = 0; at < size; at += strlen (cells + at) + 1)
    if (n++ % self->n_columns == 0)
      g_array_append_val (self->offsets, at);
  g_array_append_val (self->offsets, size);
}

static gboolean
has_chunk (const SarapListDatabase *self, guint32 row)
{
  return self->offsets->len > 0 && row >= self->first && row - self->first < self->offsets->len - 1;
}

static gboolean
load_chunk (SarapListDatabase *self, guint32 row)
{
  if (self->connection == NULL)
    return FALSE;
  if (find_blob (self->chunk_find, row))
    take_chunk (self);
  sqlite3_reset (self->chunk_find);
  return has_chunk (self, row);
}

static const char *
peek_row (SarapList *list, guint32 row, gsize *size)
{
  SarapListDatabase *self = SARAP_LIST_DATABASE (list);
  const guint32 *offsets;

  if (!has_chunk (self, row) && !load_chunk (self, row) && !(self->connection != NULL && repair (self) && load_chunk (self, row)))
    {
      *size = self->n_columns;
      return self->blank;
    }
  offsets = &g_array_index (self->offsets, guint32, row - self->first);
  *size = offsets[1] - offsets[0];
  return (const char *) self->chunk->data + offsets[0];
}

static gint64
place_of (const SarapListDatabase *self, guint column, guint32 hash)
{
  return (gint64) column * self->n_buckets + (hash & (self->n_buckets - 1));
}

static guint32
estimate (SarapList *list, guint column, guint32 hash)
{
  SarapListDatabase *self = SARAP_LIST_DATABASE (list);
  guint32 n = 0;

  if (self->connection == NULL)
    return 0;
  sqlite3_bind_int64 (self->bucket_size, 1, place_of (self, column, hash));
  if (sqlite3_step (self->bucket_size) == SQLITE_ROW)
    n = sqlite3_column_int (self->bucket_size, 0) / (2 * sizeof (guint32));
  sqlite3_reset (self->bucket_size);
  return n;
}

static void
append_entries (const SarapListDatabase *self, guint32 hash, GArray *rows)
{
  const guint8 *entries = sqlite3_column_blob (self->bucket_find, 2);
  guint n = sqlite3_column_bytes (self->bucket_find, 2) / (2 * sizeof (guint32));

  for (guint i = 0; i < n; i++)
    {
      guint32 pair[2];

      memcpy (pair, entries + i * sizeof pair, sizeof pair);
      pair[1] = GUINT32_FROM_LE (pair[1]);
      if (GUINT32_FROM_LE (pair[0]) == hash && pair[1] < self->n_rows)
        g_array_append_val (rows, pair[1]);
    }
}

static void
find (SarapList *list, guint column, guint32 hash, GArray *rows)
{
  SarapListDatabase *self = SARAP_LIST_DATABASE (list);
  gboolean is_found;

  do
    {
      if (self->connection == NULL)
        return;
      is_found = find_blob (self->bucket_find, place_of (self, column, hash));
      if (is_found)
        append_entries (self, hash, rows);
      sqlite3_reset (self->bucket_find);
    }
  while (!is_found && repair (self));
}

static guint32
get_n_rows (SarapList *list)
{
  return SARAP_LIST_DATABASE (list)->n_rows;
}

static const char *const *
get_columns (SarapList *list)
{
  return (const char *const *) SARAP_LIST_DATABASE (list)->columns->pdata;
}

static gboolean
has_dates (SarapList *list, guint column)
{
  return ((const guint8 *) g_bytes_get_data (SARAP_LIST_DATABASE (list)->dates, NULL))[column];
}

static void
list_init (SarapListInterface *interface)
{
  interface->get_n_rows = get_n_rows;
  interface->get_columns = get_columns;
  interface->peek_row = peek_row;
  interface->has_dates = has_dates;
  interface->estimate = estimate;
  interface->find = find;
}

static void
sarap_list_database_finalize (GObject *object)
{
  SarapListDatabase *self = SARAP_LIST_DATABASE (object);

  close_file (self);
  if (self->repair_destroy != NULL)
    self->repair_destroy (self->repair_data);
  g_clear_pointer (&self->names, g_bytes_unref);
  g_clear_pointer (&self->dates, g_bytes_unref);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_byte_array_unref (self->chunk);
  g_array_unref (self->offsets);
  g_free (self->blank);
  g_free (self->path);
  G_OBJECT_CLASS (sarap_list_database_parent_class)->finalize (object);
}

static void
sarap_list_database_class_init (SarapListDatabaseClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_list_database_finalize;
}

static void
sarap_list_database_init (SarapListDatabase *self)
{
  self->chunk = g_byte_array_new ();
  self->offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/* NULL with SARAP_STORE_ERROR when the file is not there or damaged. */
SarapListDatabase *
sarap_list_database_open (const char *path, GError **error)
{
  g_autoptr (SarapListDatabase) self = g_object_new (SARAP_TYPE_LIST_DATABASE, NULL);

  self->path = g_strdup (path);
  return open_file (self, error) ? g_steal_pointer (&self) : NULL;
}

/* @repair writes the file anew when it turns out to be damaged. */
void
sarap_list_database_set_repair (SarapListDatabase *self, SarapListRepairFunc repair_func, gpointer data, GDestroyNotify destroy)
{
  self->repair = repair_func;
  self->repair_data = data;
  self->repair_destroy = destroy;
}
