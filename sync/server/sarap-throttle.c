#include "sync/server/sarap-throttle.h"

#include <sodium.h>
#include <string.h>

/* Tries are counted by a keyed hash of the account, so that strangers who make up names can neither fill the
 * memory nor aim at another's place. Two accounts in one place share its tries, which is rare and safe. */
#define N_PLACES 65536

typedef struct
{
  gint64 since;
  guint n;
} Tries;

struct _SarapThrottle
{
  guint8 key[crypto_shorthash_KEYBYTES];
  Tries places[N_PLACES];
};

SarapThrottle *
sarap_throttle_new (void)
{
  SarapThrottle *self = g_new0 (SarapThrottle, 1);

  crypto_shorthash_keygen (self->key);
  return self;
}

void
sarap_throttle_free (SarapThrottle *self)
{
  g_free (self);
}

static Tries *
find_place (SarapThrottle *self, const char *account)
{
  guint8 hash[crypto_shorthash_BYTES];

  crypto_shorthash (hash, (const guint8 *) account, strlen (account), self->key);
  return &self->places[hash[0] | hash[1] << 8];
}

/* Counts a try before its outcome is known, so that parallel ones count too. FALSE: too many.
 * Accounts that do not exist are counted alike. */
gboolean
sarap_throttle_try (SarapThrottle *self, const char *account, gint64 now)
{
  Tries *tries = find_place (self, account);

  if (tries->n > 0 && now - tries->since >= SARAP_THROTTLE_PERIOD)
    tries->n = 0;
  if (tries->n == 0)
    tries->since = now;
  if (tries->n >= SARAP_THROTTLE_TRIES)
    return FALSE;
  tries->n++;
  return TRUE;
}

/* The try was right: it does not count. */
void
sarap_throttle_forgive (SarapThrottle *self, const char *account)
{
  Tries *tries = find_place (self, account);

  if (tries->n > 0)
    tries->n--;
}
