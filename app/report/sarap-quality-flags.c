#include "app/report/sarap-quality-flags.h"

#include <math.h>

#include "app/stats/sarap-quantile.h"

/* 1. What is unknown (NAN, empty) raises no flag.
 * 2. Medians are of wave and group together, between order statistics.
 * 3. An interview overlaps when it starts before the end of the one that the same interviewer
 *    started last before it; at the same second the later row is the later one.
 * 4. Near duplicates are looked for inside interviewer and wave; empty equals empty. */

#define SHORT_OF_MEDIAN 0.4
#define LONG_OF_MEDIAN 3
#define DAY 86400
#define MORNING (8 * 3600)
#define EVENING (21 * 3600)
#define MAX_DISTANCE 5000
#define NEAR 0.95
#define EARTH_RADIUS 6371008.8
#define MIN_INTERVIEWS 20
#define MAX_Z 3

typedef struct
{
  const guint32 *first;
  const guint32 *second;
  const double *third;
} Order;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (order->first[x] != order->first[y])
    return order->first[x] < order->first[y] ? -1 : 1;
  if (order->second && order->second[x] != order->second[y])
    return order->second[x] < order->second[y] ? -1 : 1;
  if (order->third && order->third[x] != order->third[y] && !isnan (order->third[x]) && !isnan (order->third[y]))
    return order->third[x] < order->third[y] ? -1 : 1;
  return (x > y) - (x < y);
}

/* The rows for which @third is known (or all), in @order. Returns: (transfer full) */
static guint32 *
sort_rows (gsize n, const Order *order, gsize *n_sorted)
{
  guint32 *rows = g_new (guint32, n + 1);

  *n_sorted = 0;
  for (gsize row = 0; row < n; row++)
    if (order->third == NULL || !isnan (order->third[row]))
      rows[(*n_sorted)++] = row;
  g_qsort_with_data (rows, *n_sorted, sizeof *rows, compare_rows, (gpointer) order);
  return rows;
}

static gboolean
is_same_run (const Order *order, guint32 x, guint32 y)
{
  return order->first[x] == order->first[y] && (order->second == NULL || order->second[x] == order->second[y]);
}

/* The end of the run of equal first and second columns that starts at @start. */
static gsize
end_of_run (const Order *order, const guint32 *rows, gsize start, gsize n)
{
  gsize end = start + 1;

  while (end < n && is_same_run (order, rows[start], rows[end]))
    end++;
  return end;
}

static void
flag_durations (const SarapInterviewColumns *self, guint *flags)
{
  Order order = { self->waves, self->groups, self->durations };
  gsize n;
  g_autofree guint32 *rows = sort_rows (self->n, &order, &n);
  g_autofree double *durations = g_new (double, n + 1);

  for (gsize start = 0, end; start < n; start = end)
    {
      double median;

      end = end_of_run (&order, rows, start, n);
      for (gsize i = start; i < end; i++)
        durations[i] = self->durations[rows[i]];
      median = sarap_quantile_of (end - start, durations + start, 0.5);
      for (gsize i = start; i < end; i++)
        {
          flags[rows[i]] |= durations[i] < SHORT_OF_MEDIAN * median ? SARAP_FLAG_SHORT : 0;
          flags[rows[i]] |= durations[i] > LONG_OF_MEDIAN * median ? SARAP_FLAG_LONG : 0;
        }
    }
}

static void
flag_overlaps (const SarapInterviewColumns *self, guint *flags)
{
  Order order = { self->interviewers, NULL, self->starts };
  gsize n;
  g_autofree guint32 *rows = sort_rows (self->n, &order, &n);

  for (gsize i = 1; i < n; i++)
    if (is_same_run (&order, rows[i - 1], rows[i]) && self->interviewers[rows[i]] != G_MAXUINT32 && self->starts[rows[i]] < self->starts[rows[i - 1]] + self->durations[rows[i - 1]])
      flags[rows[i]] |= SARAP_FLAG_OVERLAP;
}

static void
flag_phones (const SarapInterviewColumns *self, guint *flags)
{
  Order order = { self->phones, self->waves, NULL };
  gsize n;
  g_autofree guint32 *rows = sort_rows (self->n, &order, &n);

  for (gsize i = 1; i < n; i++)
    if (is_same_run (&order, rows[i - 1], rows[i]) && self->phones[rows[i]] != G_MAXUINT32)
      {
        flags[rows[i - 1]] |= SARAP_FLAG_DUPLICATE_PHONE;
        flags[rows[i]] |= SARAP_FLAG_DUPLICATE_PHONE;
      }
}

static gboolean
is_near (const SarapInterviewColumns *self, guint32 x, guint32 y)
{
  guint same = 0;

  for (guint c = 0; c < self->n_answers; c++)
    same += self->answers[c][x] == self->answers[c][y];
  return self->n_answers > 0 && (double) same / self->n_answers >= NEAR;
}

static void
flag_near_duplicates (const SarapInterviewColumns *self, guint *flags)
{
  Order order = { self->interviewers, self->waves, NULL };
  gsize n;
  g_autofree guint32 *rows = sort_rows (self->n, &order, &n);

  for (gsize start = 0, end; start < n; start = end)
    {
      end = end_of_run (&order, rows, start, n);
      for (gsize i = start; i < end; i++)
        for (gsize j = i + 1; j < end; j++)
          if (is_near (self, rows[i], rows[j]))
            {
              flags[rows[i]] |= SARAP_FLAG_NEAR_DUPLICATE;
              flags[rows[j]] |= SARAP_FLAG_NEAR_DUPLICATE;
            }
    }
}

/* Returns: (transfer full): the SarapQualityFlags of each interview */
guint *
sarap_quality_flag (const SarapInterviewColumns *columns)
{
  guint *flags = g_new0 (guint, columns->n + 1);

  flag_durations (columns, flags);
  for (gsize row = 0; row < columns->n; row++)
    {
      double of_day = fmod (columns->starts[row], DAY);

      flags[row] |= of_day < MORNING || of_day >= EVENING ? SARAP_FLAG_NIGHT : 0;
      flags[row] |= columns->distances[row] > MAX_DISTANCE ? SARAP_FLAG_OFFSITE : 0;
    }
  flag_overlaps (columns, flags);
  flag_phones (columns, flags);
  flag_near_duplicates (columns, flags);
  return flags;
}

/* Of flag 1 << @number, for files. */
const char *
sarap_quality_flag_get_name (guint number)
{
  static const char *const names[] = { "short", "long", "night", "offsite", "overlap", "dup_phone", "near_duplicate" };

  return names[number];
}

/* Metres on the sphere between two places in degrees (haversine). */
double
sarap_quality_distance (double latitude, double longitude, double other_latitude, double other_longitude)
{
  const double radian = G_PI / 180;
  double across = sin ((latitude - other_latitude) * radian / 2), along = sin ((longitude - other_longitude) * radian / 2);
  double h = across * across + cos (latitude * radian) * cos (other_latitude * radian) * along * along;

  return isnan (h) ? NAN : 2 * EARTH_RADIUS * asin (fmin (1, sqrt (h)));
}

/* @n_positive of an interviewer's @n interviews against @share_of_all. */
SarapInterviewerShare
sarap_quality_judge_interviewer (gsize n, gsize n_positive, double share_of_all)
{
  SarapInterviewerShare share = { .n = n, .share = (double) n_positive / n };

  share.z = (share.share - share_of_all) / sqrt (share_of_all * (1 - share_of_all) / n);
  share.is_outlier = n >= MIN_INTERVIEWS && fabs (share.z) > MAX_Z;
  return share;
}
