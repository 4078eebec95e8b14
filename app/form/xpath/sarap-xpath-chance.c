/* Chance:
 *
 *  1. Generator (Park–Miller): s = seed fmod 2147483647; s <= 0 adds 2147483646; each next
 *     s = s·16807 fmod 2147483647 gives r = (s − 1)/2147483646.
 *  2. Shuffle inside-out: for i = 0…n−1, j = ⌊r·(i+1)⌋; if j ≠ i out[i] = out[j]; out[j] = in[i].
 *  3. A seed that is text: SHA-256, first 8 bytes big-endian signed, as a double.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

#define MODULUS 2147483647.0

double
sarap_xpath_seed_of_text (const char *text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  guint64 bits = 0;

  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_get_digest (checksum, digest, &length);
  for (guint i = 0; i < 8; i++)
    bits = bits << 8 | digest[i];
  return (double) (gint64) bits;
}

void
sarap_xpath_shuffle (SarapNode **nodes, guint n, double seed)
{
  g_autofree SarapNode **out = g_new (SarapNode *, n + 1);
  double state = fmod (seed, MODULUS);

  if (state <= 0)
    state += MODULUS - 1;
  for (guint i = 0; i < n; i++)
    {
      guint j;

      state = fmod (state * 16807, MODULUS);
      j = (guint) floor ((state - 1) / (MODULUS - 1) * (i + 1));
      if (j != i)
        out[i] = out[j];
      out[j] = nodes[i];
    }
  memcpy (nodes, out, n * sizeof *nodes);
}

static double
draw (Eval *eval)
{
  GRand *rand = sarap_xpath_host (eval)->rand;

  return rand ? g_rand_double (rand) : g_random_double ();
}

static gboolean
fn_random (Eval *eval, const Expr *call, Value *result)
{
  value_set_number (result, draw (eval));
  return TRUE;
}

static gboolean
fn_uuid (Eval *eval, const Expr *call, Value *result)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  double length = 0;
  GString *text;

  if (call->n_arguments > 0 && !sarap_xpath_eval_number (eval, call->arguments[0], &length))
    return FALSE;
  if (!(length >= 1))
    {
      value_take_text (result, g_uuid_string_random ());
      return TRUE;
    }
  text = g_string_new (NULL);
  for (guint i = 0; i < MIN (length, 4096); i++)
    g_string_append_c (text, letters[(guint) (draw (eval) * (sizeof letters - 1))]);
  value_take_text (result, g_string_free (text, FALSE));
  return TRUE;
}

static gboolean
eval_seed (Eval *eval, const Expr *expr, double *seed)
{
  g_auto (Value) value = VALUE_INIT;

  if (!sarap_xpath_eval (eval, expr, &value))
    return FALSE;
  *seed = value_number (&value);
  if (isnan (*seed))
    *seed = sarap_xpath_seed_of_text (value_text (&value));
  return TRUE;
}

static gboolean
fn_randomize (Eval *eval, const Expr *call, Value *result)
{
  double seed;

  if (!sarap_xpath_eval (eval, call->arguments[0], result))
    return FALSE;
  if (result->type != SARAP_XPATH_NODESET)
    return sarap_xpath_fail (eval, "randomize() needs a node-set");
  if (call->n_arguments > 1)
    {
      if (!eval_seed (eval, call->arguments[1], &seed))
        return FALSE;
    }
  else
    seed = floor (draw (eval) * MODULUS);
  sarap_xpath_shuffle (value_nodes (result), result->n_nodes, seed);
  return TRUE;
}

const Function sarap_xpath_chance_functions[] = {
  { "random", 0, 0, fn_random, FUNCTION_IMPURE },
  { "uuid", 0, 1, fn_uuid, FUNCTION_IMPURE },
  { "randomize", 1, 2, fn_randomize },
  { NULL },
};
