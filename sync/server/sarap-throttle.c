#include "sync/server/sarap-throttle.h"

/* Accounts remembered at most; beyond it those whose period is over are dropped. */
#define MOST_ACCOUNTS 10000

typedef struct
{
  gint64 since;
  guint n;
} Tries;

struct _SarapThrottle
{
  GHashTable *accounts;
};

SarapThrottle *
sarap_throttle_new (void)
{
  SarapThrottle *self = g_new0 (SarapThrottle, 1);

  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sarap_throttle_free (SarapThrottle *self)
{
  g_hash_table_unref (self->accounts);
  g_free (self);
}

static gboolean
is_over (gpointer account, gpointer tries, gpointer now)
{
  return *(gint64 *) now - ((Tries *) tries)->since >= SARAP_THROTTLE_PERIOD;
}

/* Counts a try before its outcome is known, so that parallel ones count too. FALSE: too many.
 * Accounts that do not exist are counted alike. */
gboolean
sarap_throttle_try (SarapThrottle *self, const char *account, gint64 now)
{
  Tries *tries = g_hash_table_lookup (self->accounts, account);

  if (tries != NULL && is_over (NULL, tries, &now))
    tries->n = 0;
  if (tries == NULL)
    {
      if (g_hash_table_size (self->accounts) >= MOST_ACCOUNTS)
        g_hash_table_foreach_remove (self->accounts, is_over, &now);
      if (g_hash_table_size (self->accounts) >= MOST_ACCOUNTS)
        return FALSE;
      tries = g_new0 (Tries, 1);
      g_hash_table_insert (self->accounts, g_strdup (account), tries);
    }
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
  Tries *tries = g_hash_table_lookup (self->accounts, account);

  if (tries != NULL && tries->n > 0)
    tries->n--;
}
