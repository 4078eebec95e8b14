#include "app/base/sarap-problem.h"
#include "app/stats/sarap-design.h"
#include "tests/stats/sarap-sample-data.h"

#include <math.h>
#include <string.h>

/* By hand: stratum 1 has PSU totals 1, 2, 6, stratum 2 one PSU of 5, stratum 3 totals 4, 8. */
static const guint32 strata[] = { 1, 1, 1, 2, 3, 3 };
static const guint32 psus[] = { 1, 2, 3, 1, 1, 2 };
static const double totals[] = { 1, 2, 6, 5, 4, 8 };

static double
variance (const double *populations)
{
  SarapDesignColumns columns = { .n = 6, .strata = strata, .psus = psus, .psus_in_population = populations };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, &error);

  g_assert_no_error (error);
  return sarap_design_variance (design, totals);
}

static void
test_strata (void)
{
  /* 3/2 · (4 + 1 + 9) + 25 + 2 · (4 + 4) */
  sarap_assert_near (variance (NULL), 21 + 25 + 16, 1e-15);
}

static void
test_populations (void)
{
  const double populations[] = { 6, 6, 6, 10, 2, 2 };

  /* half of stratum 1, nine tenths of the lonely one, nothing of the one taken whole */
  sarap_assert_near (variance (populations), 10.5 + 22.5 + 0, 1e-14);
}

/* One PSU of two taken whole: what is left is the second stage. */
static void
test_second_stage (void)
{
  const guint32 points[] = { 1, 1, 1, 2, 2 };
  const double u[] = { 1, 2, 3, 5, 9 }, n_points[] = { 2, 2, 2, 2, 2 }, n_people[] = { 6, 6, 6, 4, 4 };
  SarapDesignColumns columns = { .n = 5, .psus = points, .psus_in_population = n_points, .units_in_population = n_people };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, &error);

  g_assert_no_error (error);
  /* (1 − 3/6) · 3/2 · 2 + (1 − 2/4) · 2 · 8 */
  sarap_assert_near (sarap_design_variance (design, u), 1.5 + 8, 1e-14);
}

/* Interviews of one household are one unit. */
static void
test_units (void)
{
  const guint32 households[] = { 1, 1, 2, 3 }, points[] = { 0, 0, 0, 0 };
  const double u[] = { 1, 2, 3, 6 }, n_points[] = { 1, 1, 1, 1 }, n_people[] = { 30, 30, 30, 30 };
  SarapDesignColumns columns = { .n = 4, .psus = points, .units = households, .psus_in_population = n_points, .units_in_population = n_people };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);

  /* totals 3, 3, 6: (1 − 3/30) · 3/2 · 6 */
  sarap_assert_near (sarap_design_variance (design, u), 0.9 * 1.5 * 6, 1e-14);
}

static void
test_degrees (void)
{
  SarapDesignColumns columns = { .n = 6, .strata = strata, .psus = psus };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);
  const guint8 all[] = { 1, 1, 1, 1, 1, 1 }, some[] = { 1, 0, 1, 1, 0, 0 }, none[6] = { 0 };

  g_assert_cmpuint (sarap_design_count_degrees (design, all), ==, 3);
  g_assert_cmpuint (sarap_design_count_degrees (design, some), ==, 1);
  g_assert_cmpuint (sarap_design_count_degrees (design, none), ==, 0);
}

static void
refuse (const SarapDesignColumns *columns, const char *words)
{
  g_autoptr (GError) error = NULL;
  SarapDesign *design = sarap_design_new (columns, &error);

  g_assert_null (design);
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refusals (void)
{
  const double small[] = { 2, 2, 2, 9, 9, 9 }, different[] = { 9, 9, 8, 9, 9, 9 }, missing[] = { 9, 9, 9, NAN, 9, 9 };
  const double negative[] = { 1, 1, -1, 1, 1, 1 }, no_number[] = { 1, NAN, 1, 1, 1, 1 };

  refuse (&(SarapDesignColumns){ .n = 6, .strata = strata, .psus = psus, .psus_in_population = small }, "interview 1");
  refuse (&(SarapDesignColumns){ .n = 6, .strata = strata, .psus = psus, .psus_in_population = different }, "interview 3");
  refuse (&(SarapDesignColumns){ .n = 6, .strata = strata, .psus = psus, .psus_in_population = missing }, "interview 4");
  refuse (&(SarapDesignColumns){ .n = 6, .weights = negative }, "interview 3");
  refuse (&(SarapDesignColumns){ .n = 6, .weights = no_number }, "interview 2");
}

static void
test_empty (void)
{
  SarapDesignColumns columns = { .n = 0 };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);

  g_assert_cmpfloat (sarap_design_variance (design, totals), ==, 0);
  g_assert_cmpuint (sarap_design_count_degrees (design, (const guint8 *) ""), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/design/strata-and-lonely-psu", test_strata);
  g_test_add_func ("/stats/design/populations-and-certainty", test_populations);
  g_test_add_func ("/stats/design/second-stage-of-a-whole-stratum", test_second_stage);
  g_test_add_func ("/stats/design/household-is-one-unit", test_units);
  g_test_add_func ("/stats/design/degrees-of-a-domain", test_degrees);
  g_test_add_func ("/stats/design/refusals-name-the-interview", test_refusals);
  g_test_add_func ("/stats/design/nobody", test_empty);
  return g_test_run ();
}
