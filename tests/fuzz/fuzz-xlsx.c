#include "tests/fuzz/fuzz-archive.h"
#include "tests/fuzz/fuzz-target.h"

#include <string.h>

/* The bytes of an .xlsx file; or the parts of one, each after a line "=== NAME", because checksums
 * keep changed bytes from coming far. */

static GBytes *
pack (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "=== ", 16);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *end = strchr (parts[i], '\n');

      if (end == NULL || end == parts[i])
        continue;
      g_ptr_array_add (names, g_strndup (parts[i], end - parts[i]));
      g_ptr_array_add (contents, g_bytes_new (end + 1, strlen (end + 1)));
    }
  return fuzz_archive_new (names, contents);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gboolean is_archive = size >= 2 && memcmp (data, "PK", 2) == 0;
  g_autoptr (GBytes) bytes = is_archive ? g_bytes_new_static (data, size) : pack (data, size);

  fuzz_convert (bytes);
  return 0;
}
