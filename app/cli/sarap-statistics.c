#include "app/cli/sarap-statistics.h"

#include <math.h>
#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-file.h"
#include "app/base/sarap-json.h"
#include "app/base/sarap-problem.h"
#include "sarap-config.h"

/* 1. An empty cell is a missing number (NAN) or text (""); any other cell of a number column must
 *    be one number and nothing else.
 * 2. Lines are collected and given out only when every case succeeded. */

#define MAX_TABLE (1024 * 1024 * 1024)

struct _SarapStatistics
{
  char *folder;
  GHashTable *kept; /* "table", "table/column:kind" and what the operations keep → Kept */
  GString *lines;
  const char *case_id; /* of the case that runs */
};

typedef struct
{
  gpointer data;
  GDestroyNotify destroy;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  kept->destroy (kept->data);
  g_free (kept);
}

/* @folder: with cases.json and its tables. */
SarapStatistics *
sarap_statistics_new (const char *folder)
{
  SarapStatistics *self = g_new0 (SarapStatistics, 1);

  self->folder = g_strdup (folder);
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);
  self->lines = g_string_new ("case,quantity,value\n");
  return self;
}

void
sarap_statistics_free (SarapStatistics *self)
{
  g_hash_table_unref (self->kept);
  g_string_free (self->lines, TRUE);
  g_free (self->folder);
  g_free (self);
}

const char *
sarap_statistics_peek_lines (const SarapStatistics *self)
{
  return self->lines->str;
}

gpointer
sarap_statistics_peek_kept (SarapStatistics *self, const char *name)
{
  Kept *kept = g_hash_table_lookup (self->kept, name);

  return kept ? kept->data : NULL;
}

/* Takes @data. Returns: @data */
gpointer
sarap_statistics_keep (SarapStatistics *self, const char *name, gpointer data, GDestroyNotify destroy)
{
  Kept *kept = g_new (Kept, 1);

  *kept = (Kept){ data, destroy };
  g_hash_table_replace (self->kept, g_strdup (name), kept);
  return data;
}

static SarapCsv *
open_table (SarapStatistics *self, const char *table, GError **error)
{
  SarapCsv *csv = sarap_statistics_peek_kept (self, table);
  g_autofree char *file = g_strconcat (table, ".csv", NULL), *path = g_build_filename (self->folder, file, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (csv)
    return csv;
  bytes = sarap_file_read (path, MAX_TABLE, error);
  csv = bytes ? sarap_csv_parse (bytes, file, error) : NULL;
  return csv ? sarap_statistics_keep (self, table, csv, (GDestroyNotify) sarap_csv_free) : NULL;
}

gboolean
sarap_statistics_count_rows (SarapStatistics *self, const char *table, gsize *n, GError **error)
{
  SarapCsv *csv = open_table (self, table, error);

  *n = csv ? sarap_csv_get_n_rows (csv) : 0;
  return csv != NULL;
}

static SarapCsv *
open_column (SarapStatistics *self, const char *table, const char *column, guint *index, GError **error)
{
  SarapCsv *csv = open_table (self, table, error);
  int found = csv ? sarap_csv_find_column (csv, column) : -1;

  if (csv && found < 0)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s.csv, row 1: there is no column “%s”", table, column);
  *index = MAX (found, 0);
  return found < 0 ? NULL : csv;
}

static gboolean
read_number (const char *text, double *value)
{
  char *end;

  *value = NAN;
  if (*text == '\0')
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  return sarap_csv_is_number (text) && end != text && *end == '\0' && isfinite (*value);
}

/* Rule 1: one number per row. */
const double *
sarap_statistics_numbers (SarapStatistics *self, const char *table, const char *column, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s/%s:numbers", table, column);
  const double *kept = sarap_statistics_peek_kept (self, name);
  g_autofree double *values = NULL;
  SarapCsv *csv;
  guint index, n;

  if (kept)
    return kept;
  csv = open_column (self, table, column, &index, error);
  if (csv == NULL)
    return NULL;
  n = sarap_csv_get_n_rows (csv);
  values = g_new (double, n + 1);
  for (guint row = 0; row < n; row++)
    {
      const char *text = sarap_csv_peek_cell (csv, row, index);

      if (read_number (text, &values[row]))
        continue;
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s.csv, row %u, column %s: “%s” is not a number", table, row + 2, column, text);
      return NULL;
    }
  return sarap_statistics_keep (self, name, g_steal_pointer (&values), g_free);
}

const char *const *
sarap_statistics_texts (SarapStatistics *self, const char *table, const char *column, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s/%s:texts", table, column);
  const char *const *kept = sarap_statistics_peek_kept (self, name);
  const char **texts;
  SarapCsv *csv;
  guint index, n;

  if (kept)
    return kept;
  csv = open_column (self, table, column, &index, error);
  if (csv == NULL)
    return NULL;
  n = sarap_csv_get_n_rows (csv);
  texts = g_new (const char *, n + 1);
  for (guint row = 0; row < n; row++)
    texts[row] = sarap_csv_peek_cell (csv, row, index);
  return sarap_statistics_keep (self, name, texts, g_free);
}

const SarapFactor *
sarap_statistics_factor (SarapStatistics *self, const char *table, const char *column, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s/%s:factor", table, column);
  SarapFactor *factor = sarap_statistics_peek_kept (self, name);
  const char *const *texts;
  gsize n;

  if (factor)
    return factor;
  texts = sarap_statistics_texts (self, table, column, error);
  if (texts == NULL || !sarap_statistics_count_rows (self, table, &n, error))
    return NULL;
  factor = sarap_factor_new ();
  for (gsize row = 0; row < n; row++)
    sarap_factor_append (factor, texts[row]);
  return sarap_statistics_keep (self, name, factor, (GDestroyNotify) sarap_factor_free);
}

/* Returns: (nullable) (transfer full) (array zero-terminated=1) */
char **
sarap_statistics_dup_headers (SarapStatistics *self, const char *table, GError **error)
{
  SarapCsv *csv = open_table (self, table, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; csv && i < sarap_csv_get_n_columns (csv); i++)
    g_strv_builder_add (builder, sarap_csv_peek_header (csv, i));
  return csv ? g_strv_builder_end (builder) : NULL;
}

/* A file of the audit questionnaire: of the folder when it has one, else the one that comes with
 * Sarap. Returns: (nullable) (transfer full) */
GBytes *
sarap_statistics_read_attached (SarapStatistics *self, const char *name, GError **error)
{
  const char *const folders[] = { SARAP_DATA_DIR "/questionnaires/audit", SARAP_SOURCE_DATA_DIR "/questionnaires/audit" };
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (folders) && !g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_build_filename (folders[i], name, NULL);
    }
  return sarap_file_read (path, MAX_TABLE, error);
}

/* The rows where every column that @spec's "domain" names has the value there: one byte per row.
 * Without a domain, all. Returns: (nullable) (transfer full) */
guint8 *
sarap_statistics_domain (SarapStatistics *self, const char *table, JsonObject *spec, GError **error)
{
  JsonObject *domain = sarap_json_peek_object (spec, "domain");
  g_autoptr (GList) columns = domain ? json_object_get_members (domain) : NULL;
  g_autofree guint8 *members = NULL;
  gsize n;

  if (!sarap_statistics_count_rows (self, table, &n, error))
    return NULL;
  members = g_malloc (n + 1);
  memset (members, 1, n + 1);
  for (GList *at = columns; at; at = at->next)
    {
      const char *const *texts = sarap_statistics_texts (self, table, at->data, error);
      const char *wanted = texts ? sarap_statistics_spec_text (self, domain, at->data, error) : NULL;

      if (wanted == NULL)
        return NULL;
      for (gsize row = 0; row < n; row++)
        members[row] = members[row] && g_str_equal (texts[row], wanted);
    }
  return g_steal_pointer (&members);
}

static void
spec_error (SarapStatistics *self, const char *name, const char *kind, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "cases.json, case %s: “%s” must be %s", self->case_id, name, kind);
}

const char *
sarap_statistics_spec_text (SarapStatistics *self, JsonObject *spec, const char *name, GError **error)
{
  const char *text = sarap_json_peek_string (spec, name);

  if (text == NULL)
    spec_error (self, name, "a text", error);
  return text;
}

double
sarap_statistics_spec_number (SarapStatistics *self, JsonObject *spec, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (spec, name);
  GType type = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    return json_node_get_double (node);
  spec_error (self, name, "a number", error);
  return NAN;
}

/* Returns: (nullable) (transfer full) (array zero-terminated=1) */
char **
sarap_statistics_spec_texts (SarapStatistics *self, JsonObject *spec, const char *name, GError **error)
{
  JsonArray *array = sarap_json_peek_array (spec, name);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = array ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        n = 0;
      else
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  if (n > 0)
    return g_strv_builder_end (builder);
  spec_error (self, name, "a list of texts", error);
  return NULL;
}

static void
put_line (SarapStatistics *self, const char *value, const char *format, va_list arguments)
{
  g_autofree char *quantity = g_strdup_vprintf (format, arguments);

  g_string_append_printf (self->lines, "%s,%s,%s\n", self->case_id, quantity, value);
}

/* %.17g, whatever the language; NaN, Inf and -Inf by these names. */
void
sarap_statistics_put (SarapStatistics *self, double value, const char *format, ...)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  va_list arguments;

  if (isnan (value))
    g_strlcpy (buffer, "NaN", sizeof buffer);
  else if (isinf (value))
    g_strlcpy (buffer, value > 0 ? "Inf" : "-Inf", sizeof buffer);
  else
    g_ascii_formatd (buffer, sizeof buffer, "%.17g", value);
  va_start (arguments, format);
  put_line (self, buffer, format, arguments);
  va_end (arguments);
}

void
sarap_statistics_put_interval (SarapStatistics *self, SarapInterval interval, const char *quantity)
{
  sarap_statistics_put (self, interval.low, "%s[0]", quantity);
  sarap_statistics_put (self, interval.high, "%s[1]", quantity);
}

void
sarap_statistics_put_text (SarapStatistics *self, const char *value, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  put_line (self, value, format, arguments);
  va_end (arguments);
}

static const struct
{
  const char *name;
  SarapStatisticsFunc run;
} operations[] = {
  { "mean", sarap_statistics_mean },
  { "rake", sarap_statistics_rake },
  { "greg_se", sarap_statistics_greg },
  { "factor", sarap_statistics_shares },
  { "total", sarap_statistics_total },
  { "ratio", sarap_statistics_ratio },
  { "chisq", sarap_statistics_independence },
  { "wave_diff", sarap_statistics_wave_difference },
  { "nps", sarap_statistics_nps },
  { "list", sarap_statistics_list },
  { "crosswise", sarap_statistics_crosswise },
  { "rrt_forced", sarap_statistics_forced_response },
  { "cohen_kappa", sarap_statistics_cohen },
  { "fleiss_kappa", sarap_statistics_fleiss },
  { "audit", sarap_statistics_audit },
  { "recommendations", sarap_statistics_recommendations },
  { "kiosk", sarap_statistics_kiosk },
  { "qc", sarap_statistics_quality },
};

static gboolean
run_case (SarapStatistics *self, JsonObject *object, guint number, GError **error)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonObject *spec = object ? sarap_json_peek_object (object, "spec") : NULL;
  const char *op = object ? sarap_json_peek_string (object, "op") : NULL;

  self->case_id = object ? sarap_json_peek_string (object, "id") : NULL;
  if (self->case_id == NULL || op == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "cases.json: case %u must be an object with the texts “id” and “op”", number + 1);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (op, operations[i].name))
      {
        if (operations[i].run (self, spec ? spec : nothing, error))
          return TRUE;
        g_prefix_error (error, "case %s: ", self->case_id);
        return FALSE;
      }
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "cases.json, case %s: “%s” is no operation that Sarap knows", self->case_id, op);
  return FALSE;
}

/* Runs every case of cases.json. Errors: SARAP_INPUT_ERROR with case, file, row and column, or
 * those of reading files. */
gboolean
sarap_statistics_run (SarapStatistics *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "cases.json", NULL);
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_TABLE, error);
  g_autoptr (JsonNode) root = bytes ? sarap_json_parse (bytes, "cases.json", error) : NULL;
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;
  JsonArray *cases = object ? sarap_json_peek_array (object, "cases") : NULL;

  if (root == NULL)
    return FALSE;
  if (cases == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "cases.json must be an object with the list “cases”");
      return FALSE;
    }
  for (guint i = 0; i < json_array_get_length (cases); i++)
    if (!run_case (self, sarap_json_peek_element (cases, i), i, error))
      return FALSE;
  return TRUE;
}
