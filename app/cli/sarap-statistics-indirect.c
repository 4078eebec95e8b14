#include "app/cli/sarap-statistics.h"

#include <math.h>

#include "app/base/sarap-problem.h"
#include "app/cli/sarap-statistics-sample.h"
#include "app/stats/sarap-agreement.h"
#include "app/stats/sarap-indirect.h"

#define MAX_LIST_ITEMS 20

/* What the indirect questions work on: a wave, drawn with replacement, and a target group. */
typedef struct
{
  SarapSample *sample;
  const SarapDesign *design;
  double *values;
  guint8 *domain;
  gboolean is_everybody;
} Question;

static void
question_clear (Question *self)
{
  g_free (self->values);
  g_free (self->domain);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static gboolean
question_open (SarapStatistics *self, JsonObject *spec, const char *column, Question *question, GError **error)
{
  const char *wave = sarap_statistics_spec_text (self, spec, "wave", error);
  const char *group = wave ? sarap_statistics_spec_text (self, spec, "group", error) : NULL;

  question->sample = group ? sarap_sample_of_wave (self, wave, error) : NULL;
  question->design = question->sample ? sarap_sample_design (self, question->sample, "wr", error) : NULL;
  question->values = question->design ? sarap_sample_values (self, question->sample, column, error) : NULL;
  question->domain = question->values ? sarap_sample_group (self, question->sample, spec, error) : NULL;
  question->is_everybody = g_strcmp0 (group, "all") == 0;
  return question->domain != NULL;
}

static void
put_list_shares (SarapStatistics *self, const Question *question, const guint8 *is_treatment, guint n_items)
{
  g_auto (SarapListShares) shares = { 0 };

  sarap_list_shares (question->sample->n, question->values, is_treatment, question->domain, n_items, &shares);
  for (guint y = 0; y <= n_items; y++)
    sarap_statistics_put (self, y, "blair_imai.y[%u]", y);
  for (guint y = 0; y <= n_items; y++)
    sarap_statistics_put (self, shares.with[y], "blair_imai.pi_y1[%u]", y);
  for (guint y = 0; y <= n_items; y++)
    sarap_statistics_put (self, shares.without[y], "blair_imai.pi_y0[%u]", y);
  sarap_statistics_put_text (self, "pi_y1[y]=P(C<=y)-P(T<=y); pi_y0[y]=P(T<=y)-P(C<=y-1); all must be >= 0 up to sampling error", "blair_imai.note");
}

/* The list estimate less the share that admits it when asked directly. */
static gboolean
put_list_less_direct (SarapStatistics *self, const Question *question, const SarapListExperiment *list, double *influence, GError **error)
{
  gsize n = question->sample->n;
  g_autofree double *direct = sarap_sample_values (self, question->sample, "paid_all", error);
  g_autofree double *of_direct = g_new (double, n + 1);
  SarapEstimate estimate;

  if (direct == NULL)
    return FALSE;
  sarap_estimate_mean (question->design, direct, NULL, of_direct, &estimate);
  for (gsize row = 0; row < n; row++)
    influence[row] -= of_direct[row];
  sarap_statistics_put (self, list->weighted.value - estimate.value, "list_minus_direct_paid_all.est");
  sarap_statistics_put (self, sqrt (sarap_design_variance (question->design, influence)), "list_minus_direct_paid_all.se");
  return TRUE;
}

static void
put_list (SarapStatistics *self, const SarapListExperiment *list)
{
  sarap_statistics_put (self, list->n_treatment, "n_t");
  sarap_statistics_put (self, list->n_control, "n_c");
  sarap_statistics_put (self, list->unweighted.value, "unweighted.est");
  sarap_statistics_put (self, list->unweighted.se, "unweighted.se");
  sarap_statistics_put (self, list->unweighted.df, "unweighted.df");
  sarap_statistics_put_interval (self, list->unweighted.interval, "unweighted.ci");
  sarap_statistics_put (self, list->weighted.value, "weighted.est");
  sarap_statistics_put (self, list->weighted.se, "weighted.se");
  sarap_statistics_put (self, list->weighted.df, "weighted.df");
}

/* list {wave, group, J}; for everybody also the shares that a design effect would break. */
gboolean
sarap_statistics_list (SarapStatistics *self, JsonObject *spec, GError **error)
{
  g_auto (Question) question = { 0 };
  double n_items = sarap_statistics_spec_number (self, spec, "J", error);
  const char *const *arms = isnan (n_items) ? NULL : sarap_statistics_texts (self, "persons", "list_arm", error);
  g_autofree guint8 *is_treatment = NULL;
  g_autofree double *influence = NULL;
  SarapListExperiment list;

  if (arms == NULL || !question_open (self, spec, "list_count", &question, error))
    return FALSE;
  if (!(n_items >= 1 && n_items <= MAX_LIST_ITEMS && n_items == floor (n_items)))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "“J” must be a whole number from 1 to %d", MAX_LIST_ITEMS);
      return FALSE;
    }
  is_treatment = g_new (guint8, question.sample->n + 1);
  influence = g_new (double, question.sample->n + 1);
  for (gsize i = 0; i < question.sample->n; i++)
    is_treatment[i] = g_str_equal (arms[question.sample->rows[i]], "T");
  sarap_list_estimate (question.design, question.values, is_treatment, question.domain, n_items, influence, &list);
  put_list (self, &list);
  if (!question.is_everybody)
    return TRUE;
  put_list_shares (self, &question, is_treatment, n_items);
  sarap_statistics_put (self, list.ceiling_share, "ceiling_share_C");
  sarap_statistics_put (self, list.floor_share, "floor_share_C");
  return put_list_less_direct (self, &question, &list, influence, error);
}

static void
put_indirect (SarapStatistics *self, const SarapIndirectShare *share, gboolean has_n1)
{
  sarap_statistics_put (self, share->n, "n");
  sarap_statistics_put (self, share->share, "unweighted.lambda");
  sarap_statistics_put (self, share->value, "unweighted.est");
  sarap_statistics_put (self, share->se_n, "unweighted.se_n");
  if (has_n1)
    sarap_statistics_put (self, share->se_n1, "unweighted.se_n1");
  sarap_statistics_put (self, share->weighted.value, "weighted.lambda");
  sarap_statistics_put (self, share->weighted_value, "weighted.est");
  sarap_statistics_put (self, share->weighted_se, "weighted.se");
  sarap_statistics_put (self, share->weighted.df, "weighted.df");
}

/* crosswise {wave, group, p} */
gboolean
sarap_statistics_crosswise (SarapStatistics *self, JsonObject *spec, GError **error)
{
  g_auto (Question) question = { 0 };
  double p = sarap_statistics_spec_number (self, spec, "p", error);
  SarapIndirectShare share;

  if (isnan (p) || !question_open (self, spec, "cw_same", &question, error))
    return FALSE;
  sarap_crosswise_estimate (question.design, question.values, question.domain, p, &share);
  put_indirect (self, &share, TRUE);
  return TRUE;
}

/* rrt_forced {wave, group, p_truth, p_forced_yes} */
gboolean
sarap_statistics_forced_response (SarapStatistics *self, JsonObject *spec, GError **error)
{
  g_auto (Question) question = { 0 };
  double p_truth = sarap_statistics_spec_number (self, spec, "p_truth", error);
  double p_yes = isnan (p_truth) ? NAN : sarap_statistics_spec_number (self, spec, "p_forced_yes", error);
  SarapIndirectShare share;

  if (isnan (p_yes) || !question_open (self, spec, "rrt_yes", &question, error))
    return FALSE;
  sarap_forced_response_estimate (question.design, question.values, question.domain, p_truth, p_yes, &share);
  put_indirect (self, &share, FALSE);
  return TRUE;
}

/* One rater's column as numbers of @categories; an empty cell is no rating. */
static guint32 *
read_ratings (SarapStatistics *self, const char *table, const char *column, const char *const *categories, gsize *n, GError **error)
{
  const char *const *texts = sarap_statistics_texts (self, table, column, error);
  guint32 *ratings;

  if (texts == NULL || !sarap_statistics_count_rows (self, table, n, error))
    return NULL;
  ratings = g_new (guint32, *n + 1);
  for (gsize row = 0; row < *n; row++)
    {
      ratings[row] = SARAP_FACTOR_NONE;
      for (guint c = 0; categories[c]; c++)
        if (g_str_equal (texts[row], categories[c]))
          ratings[row] = c;
    }
  return ratings;
}

/* cohen_kappa {categories}: columns A and B of cohen.csv. */
gboolean
sarap_statistics_cohen (SarapStatistics *self, JsonObject *spec, GError **error)
{
  g_auto (GStrv) categories = sarap_statistics_spec_texts (self, spec, "categories", error);
  const char *const *names = (const char *const *) categories;
  gsize n = 0;
  g_autofree guint32 *first = names ? read_ratings (self, "cohen", "A", names, &n, error) : NULL;
  g_autofree guint32 *second = first ? read_ratings (self, "cohen", "B", names, &n, error) : NULL;
  SarapCohen cohen;

  if (second == NULL)
    return FALSE;
  sarap_agreement_cohen (n, first, second, g_strv_length (categories), &cohen);
  sarap_statistics_put (self, cohen.n, "n");
  sarap_statistics_put (self, cohen.agreement, "po");
  sarap_statistics_put (self, cohen.expected, "pe");
  sarap_statistics_put (self, cohen.kappa, "kappa");
  sarap_statistics_put (self, cohen.se, "se");
  sarap_statistics_put (self, cohen.se_null, "se0");
  sarap_statistics_put (self, cohen.z, "z");
  sarap_statistics_put_interval (self, cohen.interval, "ci");
  return TRUE;
}

static void
put_fleiss_test (SarapStatistics *self, gsize n, const guint32 *const *raters, guint n_raters, guint n_categories)
{
  g_auto (SarapFleissTest) test = { 0 };

  sarap_agreement_fleiss_test (n, raters, n_raters, n_categories, &test);
  sarap_statistics_put (self, test.se, "se0_null");
  sarap_statistics_put (self, test.z, "z");
  for (guint c = 0; c < n_categories; c++)
    sarap_statistics_put (self, test.kappas[c], "kappa_j[%u]", c);
  sarap_statistics_put (self, test.kappa_se, "se0_j");
}

/* fleiss_kappa {categories, raters}: all columns but the first of fleiss.csv, or of
 * fleiss_missing.csv when raters are not the same number for every item. */
gboolean
sarap_statistics_fleiss (SarapStatistics *self, JsonObject *spec, GError **error)
{
  g_auto (GStrv) categories = sarap_statistics_spec_texts (self, spec, "categories", error);
  JsonNode *raters = json_object_get_member (spec, "raters");
  gboolean is_complete = raters && json_node_get_value_type (raters) == G_TYPE_INT64;
  const char *table = is_complete ? "fleiss" : "fleiss_missing";
  g_auto (GStrv) headers = categories ? sarap_statistics_dup_headers (self, table, error) : NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  SarapFleiss fleiss;
  gsize n = 0;

  if (headers == NULL)
    return FALSE;
  for (guint i = 1; i < g_strv_length (headers); i++)
    {
      guint32 *ratings = read_ratings (self, table, headers[i], (const char *const *) categories, &n, error);

      if (ratings == NULL)
        return FALSE;
      g_ptr_array_add (columns, ratings);
    }
  sarap_agreement_fleiss (n, (const guint32 *const *) columns->pdata, columns->len, g_strv_length (categories), &fleiss);
  sarap_statistics_put (self, fleiss.n, "n");
  sarap_statistics_put (self, fleiss.agreement, "pa");
  sarap_statistics_put (self, fleiss.expected, "pe");
  sarap_statistics_put (self, fleiss.kappa, "kappa");
  sarap_statistics_put (self, fleiss.se, "se_gwet");
  sarap_statistics_put_interval (self, fleiss.interval, "ci_gwet");
  sarap_statistics_put (self, fleiss.ac1, "gwet_ac1");
  if (is_complete)
    put_fleiss_test (self, n, (const guint32 *const *) columns->pdata, columns->len, g_strv_length (categories));
  return TRUE;
}
