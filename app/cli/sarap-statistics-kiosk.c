#include "app/cli/sarap-statistics.h"

#include <math.h>
#include <string.h>

#include "app/base/sarap-json.h"
#include "app/cli/sarap-statistics-time.h"

#define LEVEL 0.95
#define N_FACES 5

/* A tap counts when the place is open, from 09:00 until before 20:00, and 5 s have gone by since
 * the last tap that counted at the same kiosk: angry presses and children are one voice. */
#define OPENS (9 * 3600)
#define CLOSES (20 * 3600)
#define PAUSE 5
#define DAY 86400

typedef struct
{
  const char *const *kiosks;
  const char *const *taps;
  const double *seconds;
} Order;

static int
compare_taps (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;
  int difference = strcmp (order->kiosks[first], order->kiosks[second]);

  if (difference == 0 && order->seconds[first] != order->seconds[second])
    difference = order->seconds[first] < order->seconds[second] ? -1 : 1;
  return difference ? difference : strcmp (order->taps[first], order->taps[second]);
}

typedef struct
{
  gsize n;
  gsize n_open;
  guint8 *is_kept;
} Taps;

static void
taps_free (gpointer data)
{
  g_free (((Taps *) data)->is_kept);
  g_free (data);
}

static void
keep_taps (Taps *taps, const Order *order)
{
  g_autofree guint32 *rows = g_new (guint32, taps->n + 1);
  const char *kiosk = NULL;
  double last = -INFINITY;

  for (gsize row = 0; row < taps->n; row++)
    rows[row] = row;
  g_qsort_with_data (rows, taps->n, sizeof *rows, compare_taps, (gpointer) order);
  for (gsize i = 0; i < taps->n; i++)
    {
      guint32 row = rows[i];
      double of_day = fmod (order->seconds[row], DAY);

      if (kiosk == NULL || !g_str_equal (kiosk, order->kiosks[row]))
        last = -INFINITY;
      kiosk = order->kiosks[row];
      if (!(of_day >= OPENS && of_day < CLOSES))
        continue;
      taps->n_open++;
      if (order->seconds[row] - last < PAUSE)
        continue;
      taps->is_kept[row] = 1;
      last = order->seconds[row];
    }
}

static Taps *
open_taps (SarapStatistics *self, GError **error)
{
  Taps *taps = sarap_statistics_peek_kept (self, "counted taps");
  Order order;

  if (taps)
    return taps;
  order.kiosks = sarap_statistics_texts (self, "kiosk", "kiosk", error);
  order.taps = order.kiosks ? sarap_statistics_texts (self, "kiosk", "tap", error) : NULL;
  order.seconds = order.taps ? sarap_statistics_local_seconds (self, "kiosk", "t", error) : NULL;
  if (order.seconds == NULL)
    return NULL;
  taps = g_new0 (Taps, 1);
  sarap_statistics_count_rows (self, "kiosk", &taps->n, NULL);
  taps->is_kept = g_new0 (guint8, taps->n + 1);
  keep_taps (taps, &order);
  return sarap_statistics_keep (self, "counted taps", taps, taps_free);
}

typedef struct
{
  double n, counts[N_FACES], sum, squares, yes, answered;
} Voices;

static Voices
count_voices (const Taps *taps, const guint8 *domain, const double *faces, const char *const *payments)
{
  Voices voices = { 0 };
  double mean;

  for (gsize row = 0; row < taps->n; row++)
    if (domain[row] && taps->is_kept[row])
      {
        voices.yes += g_str_equal (payments[row], "yes");
        voices.answered += g_str_equal (payments[row], "yes") || g_str_equal (payments[row], "no");
        if (isnan (faces[row]))
          continue;
        voices.n++;
        voices.sum += faces[row];
        if (faces[row] >= 1 && faces[row] <= N_FACES)
          voices.counts[(guint) faces[row] - 1]++;
      }
  mean = voices.sum / voices.n;
  for (gsize row = 0; row < taps->n; row++)
    if (domain[row] && taps->is_kept[row] && !isnan (faces[row]))
      voices.squares += (faces[row] - mean) * (faces[row] - mean);
  return voices;
}

static void
put_voices (SarapStatistics *self, const Voices *voices, double served)
{
  double n = voices->n, satisfied = voices->counts[3] + voices->counts[4], negative = voices->counts[0] + voices->counts[1];

  sarap_statistics_put (self, n, "n");
  for (guint i = 0; i < N_FACES; i++)
    sarap_statistics_put (self, voices->counts[i], "dist[%u]", i);
  sarap_statistics_put (self, voices->sum / n, "mean");
  sarap_statistics_put (self, sqrt (voices->squares / (n - 1)), "sd");
  sarap_statistics_put (self, satisfied / n, "csat");
  sarap_statistics_put_interval (self, sarap_interval_wilson (satisfied, n, LEVEL), "csat_wilson");
  sarap_statistics_put (self, negative / n, "negative");
  sarap_statistics_put (self, (satisfied - negative) / n, "net");
  sarap_statistics_put (self, n / served, "response_rate");
  sarap_statistics_put (self, voices->yes, "pay_yes");
  sarap_statistics_put (self, voices->answered, "pay_answered");
  sarap_statistics_put (self, voices->yes / voices->answered, "pay_share");
}

/* kiosk {domain}: the taps that count; of all kiosks also how many there were. */
gboolean
sarap_statistics_kiosk (SarapStatistics *self, JsonObject *spec, GError **error)
{
  Taps *taps = open_taps (self, error);
  g_autofree guint8 *domain = taps ? sarap_statistics_domain (self, "kiosk", spec, error) : NULL;
  g_autofree guint8 *served_domain = domain ? sarap_statistics_domain (self, "kiosk_served", spec, error) : NULL;
  const double *served = served_domain ? sarap_statistics_numbers (self, "kiosk_served", "served", error) : NULL;
  const double *faces = served ? sarap_statistics_numbers (self, "kiosk", "k1", error) : NULL;
  const char *const *payments = faces ? sarap_statistics_texts (self, "kiosk", "k5", error) : NULL;
  JsonObject *asked = sarap_json_peek_object (spec, "domain");
  double n_served = 0;
  Voices voices;
  gsize n;

  if (payments == NULL || !sarap_statistics_count_rows (self, "kiosk_served", &n, error))
    return FALSE;
  if (asked == NULL || json_object_get_size (asked) == 0)
    {
      sarap_statistics_put (self, taps->n, "raw");
      sarap_statistics_put (self, taps->n_open, "after_hours_filter");
    }
  for (gsize row = 0; row < n; row++)
    if (served_domain[row] && !isnan (served[row]))
      n_served += served[row];
  voices = count_voices (taps, domain, faces, payments);
  put_voices (self, &voices, n_served);
  return TRUE;
}
