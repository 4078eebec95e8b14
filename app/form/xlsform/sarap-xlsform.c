#include "app/form/xlsform/sarap-xlsform.h"

#include <string.h>

gboolean
sarap_xlsform_is_workbook (GBytes *bytes)
{
  return g_bytes_get_size (bytes) >= 4 && memcmp (g_bytes_get_data (bytes, NULL), "PK\3\4", 4) == 0;
}

GBytes *
sarap_xlsform_convert_bytes (GBytes *workbook, const char *file, SarapProblems *problems, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "%s: workbooks cannot be read yet", file);
  return NULL;
}
