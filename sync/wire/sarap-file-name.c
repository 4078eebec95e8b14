#include "sync/wire/sarap-file-name.h"

#include <string.h>

/* Whether a name from the network may become a file's name: UTF-8, one path element, no control
 * characters, at most 255 bytes (the limit of ext4 and of sticks). */
gboolean
sarap_file_name_is_fit (const char *name)
{
  if (name == NULL || *name == '\0' || strlen (name) > 255 || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if ((guchar) *c < 0x20 || *c == 0x7f || *c == '/' || *c == '\\')
      return FALSE;
  return !g_str_equal (name, ".") && !g_str_equal (name, "..");
}
