#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* 1. The generator is Park and Miller's: s' = s · 16807 mod 2147483647, value (s' - 1) / 2147483646.
 *    It starts from the seed mod 2147483647; a start of 0 or less gets 2147483646 added.
 * 2. Shuffling goes inside out (Durstenfeld): for i = 0…n-1, j = ⌊value · (i + 1)⌋; out[i] = out[j],
 *    out[j] = in[i].
 * 3. A number as seed loses its fraction; what is not finite counts as 0. A text that is no number
 *    is hashed: the first eight bytes of its SHA-256, big-endian and signed.
 * 4. Without a seed chance decides. */

#define MODULUS 2147483647.0
#define MULTIPLIER 16807.0
#define MAX_UUID_LENGTH 65536

static double
draw (const XPathEvaluator *self)
{
  const SarapXPathHost *host = self->context->host;

  return host != NULL && host->rand != NULL ? g_rand_double (host->rand) : g_random_double ();
}

gboolean
xpath_call_random (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_number (result, draw (self));
  return TRUE;
}

static char *
new_uuid (const XPathEvaluator *self)
{
  guint8 bytes[16];

  if (self->context->host == NULL || self->context->host->rand == NULL)
    return g_uuid_string_random ();
  for (int i = 0; i < 16; i++)
    bytes[i] = (guint8) g_rand_int (self->context->host->rand);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
                          bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
}

/* uuid(n): n letters and digits. */
gboolean
xpath_call_uuid (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  double length;
  char *text;

  if (call->call.n == 0)
    {
      xpath_value_take_text (result, new_uuid (self));
      return TRUE;
    }
  if (!xpath_argument_number (self, call, 0, focus, &length))
    return FALSE;
  if (length > MAX_UUID_LENGTH)
    return xpath_fail (self, call, "uuid() gives at most %d characters", MAX_UUID_LENGTH);
  length = length >= 1 ? floor (length) : 0;
  text = g_malloc ((gsize) length + 1);
  for (gsize i = 0; i < (gsize) length; i++)
    text[i] = letters[(guint) (draw (self) * (sizeof letters - 1))];
  text[(gsize) length] = '\0';
  xpath_value_take_text (result, text);
  return TRUE;
}

static double
hash_seed (const char *text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  guint64 bits = 0;

  g_checksum_update (checksum, (const guint8 *) text, strlen (text));
  g_checksum_get_digest (checksum, digest, &size);
  for (int i = 0; i < 8; i++)
    bits = bits << 8 | digest[i];
  return (double) (gint64) bits;
}

static gboolean
read_seed (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, double *seed)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;
  double number;

  if (call->call.n == 1)
    {
      *seed = floor (draw (self) * MODULUS);
      return TRUE;
    }
  if (!xpath_argument (self, call, 1, focus, &value))
    return FALSE;
  number = xpath_to_number (self, &value);
  if (isnan (number) && value.type != SARAP_XPATH_NUMBER && !xpath_text_is_blank (xpath_to_text (self, &value)))
    number = hash_seed (value.text);
  *seed = isfinite (number) ? trunc (number) : 0;
  return TRUE;
}

static double
next_value (double *state)
{
  *state = fmod (*state * MULTIPLIER, MODULUS);
  return (*state - 1) / (MODULUS - 1);
}

/* The nodes of the first argument in an order that the seed decides. */
gboolean
xpath_call_randomize (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) nodes = XPATH_VALUE_INIT;
  g_autofree SarapNode **out = NULL;
  double state;
  guint n;

  if (!xpath_argument_nodes (self, call, 0, focus, &nodes) || !read_seed (self, call, focus, &state))
    return FALSE;
  state = fmod (state, MODULUS);
  if (state <= 0)
    state += MODULUS - 1;
  n = xpath_value_n_nodes (&nodes);
  out = g_new (SarapNode *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      guint j = (guint) floor (next_value (&state) * (i + 1));

      out[i] = out[j];
      out[j] = xpath_value_peek_node (&nodes, i);
    }
  xpath_value_clear_nodes (result);
  for (guint i = 0; i < n; i++)
    xpath_value_add_node (result, out[i]);
  return TRUE;
}
