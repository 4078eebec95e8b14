#include "app/cli/sarap-statistics-variables.h"

#include <math.h>

/* How answers become variables. 98 = hard to say, 99 = refused.
 *
 * 1. Asked or paid: any yes → 1; both no → 0; one no and one open → undetermined, left out of
 *    numerator and denominator. Without contact: not in "faced", 0 in "faced_all".
 * 2. Bounds: faced_lo counts what is open as no, faced_hi a refusal as yes.
 * 3. A scale's shares leave out who has no opinion; "…_incdk" counts them as no. */

#define HARD_TO_SAY 98
#define REFUSED 99

static double
valid (double answer)
{
  return answer == HARD_TO_SAY || answer == REFUSED ? NAN : answer;
}

typedef struct
{
  double contact;
  double asked;
  double paid;
} Contact;

static double
faced (Contact c)
{
  if (c.contact != 1)
    return NAN;
  if (c.asked == 1 || c.paid == 1)
    return 1;
  return c.asked == 0 && c.paid == 0 ? 0 : NAN;
}

static double
faced_lo (Contact c)
{
  return c.contact != 1 ? NAN : c.asked == 1 || c.paid == 1;
}

static double
faced_hi (Contact c)
{
  return c.contact != 1 ? NAN : c.asked == 1 || c.paid == 1 || c.asked == REFUSED || c.paid == REFUSED;
}

static double
faced_all (Contact c)
{
  return c.contact == 0 ? 0 : faced (c);
}

/* Paid a bribe, among all: without contact nobody did. */
static double
paid_all (Contact c)
{
  return c.contact == 1 ? valid (c.paid) : 0;
}

static const struct
{
  const char *name;
  double (*make) (Contact contact);
} of_contact[] = {
  { "faced", faced },
  { "faced_lo", faced_lo },
  { "faced_hi", faced_hi },
  { "faced_all", faced_all },
  { "paid_all", paid_all },
};

static double
at_least_3 (double answer)
{
  return answer >= 3;
}

static double
at_least_4 (double answer)
{
  return answer >= 4;
}

static double
as_it_is (double answer)
{
  return answer;
}

static const struct
{
  const char *name;
  const char *column;
  double (*make) (double answer);
} of_answers[] = {
  { "asked_c", "asked", as_it_is },
  { "paid_c", "paid", as_it_is },
  { "trust_yes", "trust", at_least_3 },
  { "sat", "satisfaction", as_it_is },
  { "sat_top2", "satisfaction", at_least_4 },
  { "p_tax", "b_tax", as_it_is },
  { "p_health", "b_health", as_it_is },
  { "p_police", "b_police", as_it_is },
  { "p_school", "b_school", as_it_is },
  { "p_land", "b_land", as_it_is },
  { "p_labour", "b_labour", as_it_is },
};

static const struct
{
  const char *name;
  gboolean counts_average;
  gboolean leaves_out_open;
} of_level[] = {
  { "level_high", FALSE, TRUE },
  { "level_avghigh", TRUE, TRUE },
  { "level_avghigh_incdk", TRUE, FALSE },
};

static double *
make_of_contact (SarapStatistics *self, guint which, gsize n, GError **error)
{
  const double *contact = sarap_statistics_numbers (self, "persons", "contact", error);
  const double *asked = contact ? sarap_statistics_numbers (self, "persons", "asked", error) : NULL;
  const double *paid = asked ? sarap_statistics_numbers (self, "persons", "paid", error) : NULL;
  double *values;

  if (paid == NULL)
    return NULL;
  values = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    values[row] = of_contact[which].make ((Contact){ contact[row], asked[row], paid[row] });
  return values;
}

static double *
make_of_answer (SarapStatistics *self, guint which, gsize n, GError **error)
{
  const double *answers = sarap_statistics_numbers (self, "persons", of_answers[which].column, error);
  double *values;

  if (answers == NULL)
    return NULL;
  values = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    values[row] = isnan (valid (answers[row])) ? NAN : of_answers[which].make (answers[row]);
  return values;
}

static double *
make_of_level (SarapStatistics *self, guint which, gsize n, GError **error)
{
  const char *const *levels = sarap_statistics_texts (self, "persons", "level", error);
  double *values;

  if (levels == NULL)
    return NULL;
  values = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    {
      gboolean is_open = *levels[row] == '\0' || g_str_equal (levels[row], "dk");

      values[row] = g_str_equal (levels[row], "high") || (of_level[which].counts_average && g_str_equal (levels[row], "average"));
      if (is_open && of_level[which].leaves_out_open)
        values[row] = NAN;
    }
  return values;
}

static double *
make_variable (SarapStatistics *self, const char *name, gsize n, gboolean *is_made, GError **error)
{
  *is_made = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (of_contact); i++)
    if (g_str_equal (name, of_contact[i].name))
      return make_of_contact (self, i, n, error);
  for (guint i = 0; i < G_N_ELEMENTS (of_answers); i++)
    if (g_str_equal (name, of_answers[i].name))
      return make_of_answer (self, i, n, error);
  for (guint i = 0; i < G_N_ELEMENTS (of_level); i++)
    if (g_str_equal (name, of_level[i].name))
      return make_of_level (self, i, n, error);
  *is_made = FALSE;
  return NULL;
}

const double *
sarap_statistics_variable (SarapStatistics *self, const char *name, GError **error)
{
  g_autofree char *key = g_strdup_printf ("variable %s", name);
  const double *kept = sarap_statistics_peek_kept (self, key);
  gboolean is_made;
  double *values;
  gsize n;

  if (kept)
    return kept;
  if (!sarap_statistics_count_rows (self, "persons", &n, error))
    return NULL;
  values = make_variable (self, name, n, &is_made, error);
  if (!is_made)
    return sarap_statistics_numbers (self, "persons", name, error);
  return values ? sarap_statistics_keep (self, key, values, g_free) : NULL;
}
