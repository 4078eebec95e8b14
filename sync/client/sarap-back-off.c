#include "sync/client/sarap-back-off.h"

#define FAILURES_KEY "sync.failures"
#define NEXT_ROUND_KEY "sync.next-round-at"

enum
{
  SECOND = 1000,
  MINUTE = 60 * SECOND,
  HOUR = 60 * MINUTE,
};

static const struct
{
  gint64 first;
  gint64 longest;
} delays[] = {
  [SARAP_BACK_OFF_ROUND] = { 30 * SECOND, HOUR },
  [SARAP_BACK_OFF_TROUBLE] = { MINUTE, HOUR },
  [SARAP_BACK_OFF_REFUSED] = { 10 * MINUTE, 24 * (gint64) HOUR },
};

/* Doubles with each failure in a row; ±25 % by chance. @n_failures counts this one. Returns: ms */
gint64
sarap_back_off_delay (SarapBackOff kind, guint n_failures)
{
  guint doublings = MIN (n_failures > 0 ? n_failures - 1 : 0, 20);
  gint64 delay = MIN (delays[kind].first << doublings, delays[kind].longest);

  return (gint64) ((double) delay * g_random_double_range (0.75, 1.25));
}

static gint64
get_number (SarapStore *store, const char *key)
{
  g_autofree char *text = sarap_store_dup_setting (store, key);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
set_number (SarapStore *store, const char *key, gint64 number, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return sarap_store_set_setting (store, key, text, error);
}

/* When a round that failed is due again: ms UTC, 0 when the last one went well. A clock that was set
 * back must not put it off for ever: never more than the longest delay ahead. */
gint64
sarap_back_off_get_next_round (SarapStore *store)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (store));

  return MIN (get_number (store, NEXT_ROUND_KEY), now + delays[SARAP_BACK_OFF_ROUND].longest * 5 / 4);
}

gboolean
sarap_back_off_note_round (SarapStore *store, gboolean ok, GError **error)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (store));
  guint n_failures = ok ? 0 : (guint) CLAMP (get_number (store, FAILURES_KEY), 0, 1000) + 1;

  return set_number (store, FAILURES_KEY, n_failures, error) &&
         set_number (store, NEXT_ROUND_KEY, ok ? 0 : now + sarap_back_off_delay (SARAP_BACK_OFF_ROUND, n_failures), error);
}
