#include "app/store/sarap-list-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-csv.h"
#include "app/store/sarap-sqlite.h"
#include "app/store/sarap-store.h"

/*  1. The CSV file is read once, row by row, into chunks of about one database page.
 *  2. Then each column is indexed by a pass over the chunks: memory is 12 bytes a row, however
 *     many columns there are.
 *  3. The file is built under a temporary name without a journal: it is complete or thrown away. */

#define CHUNK_BYTES 4000
#define ROWS_A_BUCKET 64

typedef struct
{
  sqlite3 *connection;
  SarapCsvReader *reader;
  const char *name;
  GByteArray *chunk;
  guint32 first; /* row of the chunk */
  guint32 n_rows;
  guint n_columns;
  guint32 n_buckets;
  guint8 *dates;
} Builder;

/* A SarapCsvReadFunc. */
gssize
sarap_list_bytes_read (char *buffer, gsize size, gpointer data, GError **error)
{
  SarapListBytes *bytes = data;
  gssize n;

  if (bytes->descriptor < 0)
    {
      n = (gssize) MIN (size, bytes->left);
      memcpy (buffer, bytes->at, (gsize) n);
      bytes->at += n;
      bytes->left -= (gsize) n;
      return n;
    }
  do
    n = read (bytes->descriptor, buffer, size);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot read the list: %s", g_strerror (errno));
  return n;
}

/* The statement of a file of sql/list. */
sqlite3_stmt *
sarap_list_prepare (sqlite3 *connection, const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/org/sarap/store/list/%s.sql", name);
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  sqlite3_stmt *statement = NULL;

  if (sql != NULL && sqlite3_prepare_v2 (connection, g_bytes_get_data (sql, NULL), (int) g_bytes_get_size (sql), &statement, NULL) != SQLITE_OK)
    sarap_sqlite_set_error (connection, name, error);
  return statement;
}

/* Tells a damaged blob; @key is its place, so that an exchanged one is seen too. */
guint32
sarap_list_sum (gconstpointer data, gsize size, gint64 key)
{
  const guint8 *at = data;
  guint64 sum = (guint64) key * 0x9e3779b97f4a7c15u + size;
  guint64 word;

  for (; size >= sizeof word; size -= sizeof word, at += sizeof word)
    {
      memcpy (&word, at, sizeof word);
      sum = (sum ^ GUINT64_TO_LE (word)) * 0x9e3779b97f4a7c15u;
      sum ^= sum >> 29;
    }
  for (; size > 0; size--, at++)
    sum = (sum ^ *at) * 0x9e3779b97f4a7c15u;
  return (guint32) (sum ^ (sum >> 32));
}

static gboolean
insert (Builder *self, sqlite3_stmt *statement, gint64 key, const GByteArray *blob, GError **error)
{
  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_int64 (statement, 2, sarap_list_sum (blob->data, blob->len, key));
  sqlite3_bind_blob64 (statement, 3, blob->len > 0 ? (const void *) blob->data : "", blob->len, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_DONE && sqlite3_reset (statement) == SQLITE_OK)
    return TRUE;
  sarap_sqlite_set_error (self->connection, "writing a list", error);
  return FALSE;
}

static gboolean
flush (Builder *self, sqlite3_stmt *statement, GError **error)
{
  if (self->chunk->len > 0 && !insert (self, statement, self->first, self->chunk, error))
    return FALSE;
  g_byte_array_set_size (self->chunk, 0);
  self->first = self->n_rows;
  return TRUE;
}

static gboolean
add_rows (Builder *self, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *const *cells;

  while ((cells = sarap_csv_reader_next (self->reader, &failure)) != NULL)
    {
      guint start = self->chunk->len;

      if (self->n_rows == SARAP_LIST_MAX_ROWS)
        {
          sarap_list_set_too_long (self->name, error);
          return FALSE;
        }
      for (guint i = 0; i < self->n_columns; i++)
        {
          self->dates[i] |= sarap_list_text_is_date (cells[i]);
          g_byte_array_append (self->chunk, (const guint8 *) cells[i], strlen (cells[i]) + 1);
        }
      self->n_rows++;
      if (self->chunk->len + (self->chunk->len - start) > CHUNK_BYTES && !flush (self, statement, error))
        return FALSE;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return flush (self, statement, error);
}

/* The hash of each row's cell of @column. */
static gboolean
hash_column (Builder *self, sqlite3_stmt *statement, guint column, guint32 *hashes, GError **error)
{
  guint32 row = 0;
  int result;

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *at = sqlite3_column_blob (statement, 2);
      const char *end = at + sqlite3_column_bytes (statement, 2);

      for (guint i = 0; at < end; i++, at += strlen (at) + 1)
        if (i % self->n_columns == column)
          hashes[row++] = sarap_list_hash_text (at);
    }
  sqlite3_reset (statement);
  if (result == SQLITE_DONE)
    return TRUE;
  sarap_sqlite_set_error (self->connection, "reading a list", error);
  return FALSE;
}

static guint32 *
sort_by_bucket (const Builder *self, const guint32 *hashes, guint32 *ends)
{
  guint32 *rows = g_new (guint32, MAX (self->n_rows, 1));
  guint32 sum = 0;

  memset (ends, 0, self->n_buckets * sizeof (guint32));
  for (guint32 i = 0; i < self->n_rows; i++)
    ends[hashes[i] & (self->n_buckets - 1)]++;
  for (guint32 b = 0; b < self->n_buckets; b++)
    {
      guint32 n = ends[b];

      ends[b] = sum;
      sum += n;
    }
  for (guint32 i = 0; i < self->n_rows; i++)
    rows[ends[hashes[i] & (self->n_buckets - 1)]++] = i;
  return rows;
}

static gboolean
add_buckets (Builder *self, sqlite3_stmt *statement, guint column, const guint32 *hashes, GError **error)
{
  g_autofree guint32 *ends = g_new (guint32, self->n_buckets);
  g_autofree guint32 *rows = sort_by_bucket (self, hashes, ends);
  g_autoptr (GByteArray) entries = g_byte_array_new ();
  guint32 i = 0;

  for (guint32 b = 0; b < self->n_buckets; b++)
    {
      g_byte_array_set_size (entries, 0);
      for (; i < ends[b]; i++)
        {
          guint32 pair[2] = { GUINT32_TO_LE (hashes[rows[i]]), GUINT32_TO_LE (rows[i]) };

          g_byte_array_append (entries, (const guint8 *) pair, sizeof pair);
        }
      if (!insert (self, statement, (gint64) column * self->n_buckets + b, entries, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_indexes (Builder *self, GError **error)
{
  sqlite3_stmt *chunks = sarap_list_prepare (self->connection, "chunk-list", error);
  sqlite3_stmt *buckets = chunks ? sarap_list_prepare (self->connection, "bucket-add", error) : NULL;
  g_autofree guint32 *hashes = g_new (guint32, MAX (self->n_rows, 1));
  gboolean done = buckets != NULL;

  self->n_buckets = 1;
  while (self->n_buckets * ROWS_A_BUCKET < self->n_rows)
    self->n_buckets *= 2;
  for (guint column = 0; done && column < self->n_columns; column++)
    done = hash_column (self, chunks, column, hashes, error) && add_buckets (self, buckets, column, hashes, error);
  sqlite3_finalize (chunks);
  sqlite3_finalize (buckets);
  return done;
}

static gboolean
add_fact (Builder *self, GError **error)
{
  sqlite3_stmt *statement = sarap_list_prepare (self->connection, "fact-add", error);
  g_autoptr (GByteArray) names = g_byte_array_new ();
  guint32 sum;

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *name = sarap_csv_reader_peek_header (self->reader, i);

      g_byte_array_append (names, (const guint8 *) name, strlen (name) + 1);
    }
  sum = sarap_list_sum (names->data, names->len, self->n_rows) ^ sarap_list_sum (self->dates, self->n_columns, self->n_buckets);
  sqlite3_bind_int64 (statement, 1, self->n_rows);
  sqlite3_bind_int64 (statement, 2, self->n_buckets);
  sqlite3_bind_blob64 (statement, 3, names->data, names->len, SQLITE_STATIC);
  sqlite3_bind_blob64 (statement, 4, self->dates, self->n_columns, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, sum);
  if (sqlite3_step (statement) != SQLITE_DONE)
    sarap_sqlite_set_error (self->connection, "writing a list", error);
  return sqlite3_finalize (statement) == SQLITE_OK;
}

static gboolean
fill (Builder *self, GError **error)
{
  g_autoptr (GBytes) schema = g_resources_lookup_data ("/org/sarap/store/list/schema.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *settings = g_strdup_printf ("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA page_size=4096; PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN", SARAP_LIST_APPLICATION, SARAP_LIST_FORMAT);
  sqlite3_stmt *statement;
  gboolean done;

  if (schema == NULL || !sarap_sqlite_execute (self->connection, settings, error) || !sarap_sqlite_execute (self->connection, g_bytes_get_data (schema, NULL), error))
    return FALSE;
  statement = sarap_list_prepare (self->connection, "chunk-add", error);
  done = statement != NULL && add_rows (self, statement, error);
  sqlite3_finalize (statement);
  return done && add_indexes (self, error) && add_fact (self, error) && sarap_sqlite_execute (self->connection, "COMMIT", error);
}

/* Writes the list into the new, empty file @path; syncing and naming it are the caller's. @name is
 * for messages. Errors: SARAP_INPUT_ERROR for the CSV file, SARAP_STORE_ERROR for the disk. */
gboolean
sarap_list_build (const char *path, SarapListBytes *bytes, const char *name, GError **error)
{
  g_autoptr (SarapCsvReader) reader = sarap_csv_reader_new (sarap_list_bytes_read, bytes, name, error);
  g_autoptr (GByteArray) chunk = g_byte_array_new ();
  g_autofree guint8 *dates = NULL;
  Builder self = { .reader = reader, .name = name, .chunk = chunk };
  gboolean done;

  if (reader == NULL)
    return FALSE;
  self.n_columns = sarap_csv_reader_get_n_columns (reader);
  self.dates = dates = g_new0 (guint8, self.n_columns);
  if (sqlite3_open_v2 (path, &self.connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK)
    done = fill (&self, error);
  else
    {
      sarap_sqlite_set_error (self.connection, path, error);
      done = FALSE;
    }
  sqlite3_close (self.connection);
  return done;
}
