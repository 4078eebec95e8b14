#include "app/stats/sarap-agreement.h"
#include "app/stats/sarap-calibration.h"
#include "app/stats/sarap-indirect.h"
#include "tests/stats/sarap-sample-data.h"

/* Everybody agrees: κ and AC1 are 1; an item that nobody rated does not count. */
static void
test_perfect (void)
{
  const guint32 ratings[] = { 0, 1, 1, 0, 2, 9 }, *raters[] = { ratings, ratings, ratings };
  SarapFleiss fleiss;
  SarapCohen cohen;

  sarap_agreement_fleiss (6, raters, 3, 3, &fleiss);
  sarap_agreement_cohen (6, ratings, ratings, 3, &cohen);
  g_assert_cmpuint (fleiss.n, ==, 5);
  g_assert_cmpuint (cohen.n, ==, 5);
  sarap_assert_near (fleiss.kappa, 1, 1e-14);
  sarap_assert_near (fleiss.ac1, 1, 1e-14);
  sarap_assert_near (cohen.kappa, 1, 1e-14);
}

/* Raked and trimmed weights keep the margins and the limit. */
static void
test_trimmed (void)
{
  g_auto (SarapSampleData) data;
  const double totals[SARAP_SAMPLE_GROUPS] = { 900, 700, 400 };
  SarapMargin margin = { NULL, SARAP_SAMPLE_GROUPS, totals };
  SarapRakeOptions options = { .trim_factor = 2 };
  g_autofree double *weights = NULL;
  g_autoptr (GError) error = NULL;
  double sums[SARAP_SAMPLE_GROUPS] = { 0 };

  sarap_sample_data_fill (&data, 900, 7);
  margin.cells = data.groups;
  weights = g_new (double, data.n);
  g_assert_true (sarap_rake (data.n, data.weights, &margin, 1, &options, weights, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < data.n; i++)
    sums[data.groups[i]] += weights[i];
  for (guint g = 0; g < SARAP_SAMPLE_GROUPS; g++)
    sarap_assert_near (sums[g], totals[g], 1e-10);
}

/* An anchor that is true for nobody tells how many follow the instruction: with λ = 0.7, p = 0.2,
 * λ' = 0.65, p' = 0.2 γ is 0.5 and π = ½ − 0.2 / 0.3. */
static void
test_attention (void)
{
  double same[20], anchor[20];
  SarapDesignColumns columns = { .n = 20 };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);
  SarapAttentiveCrosswise result;

  for (guint i = 0; i < 20; i++)
    {
      same[i] = i < 14;
      anchor[i] = i < 13;
    }
  sarap_crosswise_correct (design, same, anchor, NULL, 0.2, 0.2, &result);
  sarap_assert_near (result.attentive, 0.5, 1e-13);
  sarap_assert_near (result.value, 0.5 - 0.2 / 0.3, 1e-12);
  g_assert_cmpfloat (result.se, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/agreement/perfect", test_perfect);
  g_test_add_func ("/stats/calibration/trimmed-weights-keep-margins", test_trimmed);
  g_test_add_func ("/stats/indirect/attention-corrects-crosswise", test_attention);
  return g_test_run ();
}
