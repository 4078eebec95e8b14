#include "app/report/sarap-audit-score.h"

#include <math.h>

#include "app/base/sarap-problem.h"

static const char sections_csv[] = "section,section_weight,title_en,title_kk\n"
                                   "doors,10,Doors,Есіктер\n"
                                   "people,30,People,Адамдар\n"
                                   "money,60,Money,Ақша\n";
static const char scoring_csv[] = "item,section,weight,good,critical,violation,severity\n"
                                  "open,doors,1,yes,0,V04,major\n"
                                  "ramp,doors,3,yes,0,V08,major\n"
                                  "polite,people,2,yes,0,V10,minor\n"
                                  "asked,money,5,no,1,V09,critical\n";

static SarapScoring *
new_scoring (const char *scoring, const char *sections, GError **error)
{
  g_autoptr (GBytes) scoring_bytes = g_bytes_new_static (scoring, strlen (scoring));
  g_autoptr (GBytes) section_bytes = g_bytes_new_static (sections, strlen (sections));

  return sarap_scoring_new (scoring_bytes, section_bytes, error);
}

/* @data: NULL-terminated pairs of item and answer. */
static const char *
answer_of (const char *item, gpointer data)
{
  for (const char **pair = data; *pair != NULL; pair += 2)
    if (g_str_equal (*pair, item))
      return pair[1];
  return NULL;
}

static void
test_sections_are_weighted (void)
{
  g_autoptr (SarapScoring) scoring = new_scoring (scoring_csv, sections_csv, NULL);
  const char *answers[] = { "open", "yes", "ramp", "no", "polite", "yes", "asked", "no", NULL };
  g_auto (SarapAuditScore) score = { 0 };

  sarap_scoring_score (scoring, answer_of, answers, &score);
  g_assert_cmpfloat_with_epsilon (score.sections[0], 25, 1e-12);
  g_assert_cmpfloat_with_epsilon (score.sections[1], 100, 1e-12);
  g_assert_cmpfloat_with_epsilon (score.score, 92.5, 1e-12); /* (10·25 + 30·100 + 60·100) ÷ 100 */
  g_assert_cmpint (score.grade, ==, SARAP_GRADE_GOOD);
  g_assert_cmpuint (score.n_failed, ==, 1);
  g_assert_cmpuint (score.n_answered, ==, 4);
}

static void
test_not_applicable_leaves (void)
{
  g_autoptr (SarapScoring) scoring = new_scoring (scoring_csv, sections_csv, NULL);
  const char *answers[] = { "open", "yes", "ramp", "na", "asked", "", "polite", "no", NULL };
  g_auto (SarapAuditScore) score = { 0 };

  sarap_scoring_score (scoring, answer_of, answers, &score);
  g_assert_cmpfloat_with_epsilon (score.sections[0], 100, 1e-12);
  g_assert_true (isnan (score.sections[2]));
  g_assert_cmpfloat_with_epsilon (score.score, 25, 1e-12); /* (10·100 + 30·0) ÷ 40 */
  g_assert_cmpint (score.grade, ==, SARAP_GRADE_FAIL);
  g_assert_cmpuint (score.n_answered, ==, 2);
}

static void
test_critical_failure_caps (void)
{
  g_autoptr (SarapScoring) scoring = new_scoring ("item,section,weight,good,critical\nopen,doors,9,yes,0\nasked,doors,1,no,1\n", sections_csv, NULL);
  const char *answers[] = { "open", "yes", "asked", "yes", NULL };
  g_auto (SarapAuditScore) score = { 0 };

  sarap_scoring_score (scoring, answer_of, answers, &score);
  g_assert_cmpfloat_with_epsilon (score.raw, 90, 1e-12);
  g_assert_cmpfloat_with_epsilon (score.score, 49, 1e-12);
  g_assert_cmpint (score.grade, ==, SARAP_GRADE_FAIL);
  g_assert_false (sarap_grade_passes (score.grade));
  g_assert_true (score.has_critical_failure);
}

static void
test_nothing_answered (void)
{
  g_autoptr (SarapScoring) scoring = new_scoring (scoring_csv, sections_csv, NULL);
  const char *answers[] = { NULL };
  g_auto (SarapAuditScore) score = { 0 };

  sarap_scoring_score (scoring, answer_of, answers, &score);
  g_assert_true (isnan (score.score));
  g_assert_cmpint (score.grade, ==, SARAP_GRADE_NONE);
}

static void
test_bad_tables_name_their_line (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (new_scoring ("item,section,weight,good,critical\nopen,nowhere,1,yes,0\n", sections_csv, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "scoring.csv, line 2, column section"));
  g_clear_error (&error);
  g_assert_null (new_scoring ("item,section,weight,good,critical\nopen,doors,much,yes,0\n", sections_csv, &error));
  g_assert_nonnull (strstr (error->message, "scoring.csv, line 2, column weight"));
}

static void
test_titles_by_language (void)
{
  g_autoptr (SarapScoring) scoring = new_scoring (scoring_csv, sections_csv, NULL);
  g_autofree char *kazakh = sarap_scoring_dup_section_title (scoring, 1, "kk");
  g_autofree char *russian = sarap_scoring_dup_section_title (scoring, 1, "ru");

  g_assert_cmpstr (kazakh, ==, "Адамдар");
  g_assert_cmpstr (russian, ==, "People");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/audit-score/sections-are-weighted", test_sections_are_weighted);
  g_test_add_func ("/report/audit-score/not-applicable-leaves-both-sides", test_not_applicable_leaves);
  g_test_add_func ("/report/audit-score/a-critical-failure-caps-at-49", test_critical_failure_caps);
  g_test_add_func ("/report/audit-score/nothing-answered-has-no-grade", test_nothing_answered);
  g_test_add_func ("/report/audit-score/bad-tables-name-their-line", test_bad_tables_name_their_line);
  g_test_add_func ("/report/audit-score/titles-follow-the-language", test_titles_by_language);
  return g_test_run ();
}
