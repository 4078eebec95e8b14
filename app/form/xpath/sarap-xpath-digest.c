#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

/* 1. digest(text, algorithm[, encoding]): MD5, SHA-1, SHA-256, SHA-384 or SHA-512 of the UTF-8
 *    bytes, as base64 unless told "hex"; names in any case, others are errors.
 * 2. base64-decode() gives UTF-8; of what is not base64 it gives ''. */

#define SPACES " \t\r\n"

static gboolean
find_algorithm (const char *name, GChecksumType *type)
{
  static const struct
  {
    const char *name;
    GChecksumType type;
  } algorithms[] = {
    { "MD5", G_CHECKSUM_MD5 },
    { "SHA-1", G_CHECKSUM_SHA1 },
    { "SHA-256", G_CHECKSUM_SHA256 },
    { "SHA-384", G_CHECKSUM_SHA384 },
    { "SHA-512", G_CHECKSUM_SHA512 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (g_ascii_strcasecmp (name, algorithms[i].name) == 0)
      {
        *type = algorithms[i].type;
        return TRUE;
      }
  return FALSE;
}

gboolean
xpath_call_digest (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) algorithm = XPATH_VALUE_INIT;
  g_auto (XPathValue) encoding = XPATH_VALUE_INIT;
  g_autoptr (GChecksum) checksum = NULL;
  GChecksumType type;
  guint8 digest[64];
  gsize size = sizeof digest;

  if (xpath_argument_text (self, call, 0, focus, &text) == NULL || xpath_argument_text (self, call, 1, focus, &algorithm) == NULL || (call->call.n == 3 && xpath_argument_text (self, call, 2, focus, &encoding) == NULL))
    return FALSE;
  if (!find_algorithm (algorithm.text, &type))
    return xpath_fail (self, call, "digest() does not know the algorithm “%s”", algorithm.text);
  if (call->call.n == 3 && g_ascii_strcasecmp (encoding.text, "hex") != 0 && g_ascii_strcasecmp (encoding.text, "base64") != 0)
    return xpath_fail (self, call, "digest() does not know the encoding “%s”", encoding.text);
  checksum = g_checksum_new (type);
  g_checksum_update (checksum, (const guint8 *) text.text, strlen (text.text));
  if (g_ascii_strcasecmp (encoding.text, "hex") == 0)
    {
      xpath_value_take_text (result, g_strdup (g_checksum_get_string (checksum)));
      return TRUE;
    }
  g_checksum_get_digest (checksum, digest, &size);
  xpath_value_take_text (result, g_base64_encode (digest, size));
  return TRUE;
}

static gboolean
is_base64 (const char *text)
{
  gsize n = 0;

  for (; g_ascii_isalnum (*text) || *text == '+' || *text == '/' || (*text != '\0' && strchr (SPACES, *text) != NULL); text++)
    n += strchr (SPACES, *text) == NULL;
  for (; *text == '=' && n % 4 != 0; text++)
    n++;
  return n % 4 == 0 && xpath_text_is_blank (text);
}

gboolean
xpath_call_base64_decode (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *text = xpath_argument_text (self, call, 0, focus, &holder);
  g_autofree guint8 *bytes = NULL;
  gsize size;

  if (text == NULL)
    return FALSE;
  xpath_value_borrow_text (result, "");
  if (!is_base64 (text))
    return TRUE;
  bytes = g_base64_decode (text, &size);
  xpath_value_take_text (result, g_utf8_make_valid ((const char *) bytes, size));
  return TRUE;
}
