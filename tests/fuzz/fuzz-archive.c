#include "tests/fuzz/fuzz-archive.h"

#include "app/base/sarap-xml.h"
#include "app/form/xlsform/sarap-xlsform.h"

#include <zip.h>

static void
add_entries (zip_t *archive, GPtrArray *names, GPtrArray *contents)
{
  for (guint i = 0; i < names->len; i++)
    {
      gsize size;
      const void *bytes = g_bytes_get_data (g_ptr_array_index (contents, i), &size);
      zip_source_t *source = zip_source_buffer (archive, bytes, size, 0);
      gint64 index = zip_file_add (archive, g_ptr_array_index (names, i), source, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE);

      if (index < 0)
        zip_source_free (source);
      else
        zip_set_file_compression (archive, (guint64) index, ZIP_CM_STORE, 0);
    }
}

static GBytes *
read_source (zip_source_t *source)
{
  zip_stat_t status;
  guint8 *data;

  if (zip_source_stat (source, &status) != 0 || zip_source_open (source) != 0)
    return g_bytes_new (NULL, 0);
  data = g_malloc (status.size);
  g_assert_cmpint (zip_source_read (source, data, status.size), ==, (gint64) status.size);
  zip_source_close (source);
  return g_bytes_new_take (data, status.size);
}

GBytes *
fuzz_archive_new (GPtrArray *names, GPtrArray *contents)
{
  zip_source_t *source = zip_source_buffer_create (NULL, 0, 0, NULL);
  zip_t *archive = zip_open_from_source (source, ZIP_TRUNCATE, NULL);
  GBytes *bytes;

  zip_source_keep (source);
  add_entries (archive, names, contents);
  g_assert_cmpint (zip_close (archive), ==, 0);
  bytes = read_source (source);
  zip_source_free (source);
  return bytes;
}

void
fuzz_convert (GBytes *workbook)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_xlsform_convert_bytes (workbook, "form.xlsx", problems, &error);

  g_assert_true ((xml != NULL) == (error == NULL));
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    g_free (sarap_problem_to_string (sarap_problems_peek (problems, i)));
}
