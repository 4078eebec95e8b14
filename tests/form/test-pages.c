#include <glib.h>
#include <string.h>

#include "app/form/sarap-audit-log.h"
#include "app/form/sarap-pages.h"
#include "tests/form/form-support.h"

static char *
pages_text (SarapInterview *interview)
{
  g_autoptr (GPtrArray) pages = sarap_pages_new (interview);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);
      g_autofree char *refs = g_strjoinv (",", page->refs);

      g_string_append_printf (text, "%s%s(%s)", i ? " " : "", page->kind == SARAP_PAGE_QUESTIONS ? refs : page->key, page->title);
    }
  return g_string_free (text, FALSE);
}

static void
assert_pages (SarapInterview *interview, const char *expected)
{
  g_autofree char *text = pages_text (interview);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_follow_relevance_and_lists (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><g><b/><c/></g><d/></data></instance><bind nodeset='/data/g/c' relevant='/data/a = 1'/><bind nodeset='/data/d' relevant='/data/a = 2'/>",
                                                "<input ref='/data/a'/><group ref='/data/g' appearance='field-list'><label>Both</label><input ref='/data/g/b'/><input ref='/data/g/c'/></group><input ref='/data/d'/>");

  assert_pages (interview, "/data/a() /data/g/b(Both) review()");
  answer_ok (interview, "/data/a", "1");
  assert_pages (interview, "/data/a() /data/g/b,/data/g/c(Both) review()");
  answer_ok (interview, "/data/a", "2");
  assert_pages (interview, "/data/a() /data/g/b(Both) /data/d() review()");
}

static void
test_ask_for_another_instance (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><r jr:template=''><x/><y/></r></data></instance>",
                                                "<group ref='/data/r'><label>Row</label><repeat nodeset='/data/r' appearance='field-list'><input ref='/data/r/x'/><input ref='/data/r/y'/></repeat></group>");
  g_autofree char *ref = NULL;

  assert_pages (interview, "/data/r(Row) review()");
  ref = sarap_interview_add_instance (interview, "/data/r", NULL);
  assert_pages (interview, "/data/r[1]/x,/data/r[1]/y(Row) /data/r(Row) review()");
}

static void
test_audit_log_times_questions (void)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1000000, "UTC");
  g_autoptr (SarapAuditLog) log = sarap_audit_log_new (clock);
  const char *first[] = { "/data/a", NULL };
  const char *second[] = { "/data/b", NULL };
  g_autoptr (GBytes) csv = NULL;
  g_auto (GStrv) lines = NULL;

  sarap_audit_log_event (log, "form start");
  sarap_audit_log_show (log, "question", first);
  sarap_audit_log_show (log, "question", second);
  sarap_audit_log_show (log, "question", NULL);
  csv = sarap_audit_log_dup_csv (log);
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\n", -1);
  g_assert_cmpstr (lines[0], ==, "event,node,start,end");
  g_assert_true (g_str_has_prefix (lines[1], "form start,,100000"));
  g_assert_true (g_str_has_prefix (lines[2], "question,/data/a,100000"));
  g_assert_true (g_str_has_prefix (lines[3], "question,/data/b,100000"));
}

static void
test_audit_log_keeps_changes (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='s'><a/><b/><orx:meta><orx:audit/></orx:meta></data></instance>"
                                          "<bind nodeset='/data/orx:meta/orx:audit' type='binary' odk:track-changes='true' odk:identify-user='true'/>",
                                          "<input ref='/data/a'/><input ref='/data/b'/>");
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1000000, "UTC");
  const SarapInterviewSettings settings = { .interviewer = "Aru, S." };
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, clock, &settings, NULL);
  g_autoptr (SarapAuditLog) log = sarap_audit_log_new (clock);
  const char *refs[] = { "/data/a", "/data/b", NULL };
  g_autoptr (GBytes) csv = NULL;
  g_auto (GStrv) lines = NULL;

  sarap_audit_log_follow (log, interview);
  answer_ok (interview, "/data/b", "same");
  sarap_audit_log_show (log, "group questions", refs);
  answer_ok (interview, "/data/a", "1");
  answer_ok (interview, "/data/a", "1\"2");
  answer_ok (interview, "/data/b", "other");
  answer_ok (interview, "/data/b", "same");
  sarap_audit_log_show (log, NULL, NULL);
  csv = sarap_audit_log_dup_csv (log);
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\n", -1);
  g_assert_cmpstr (lines[0], ==, "event,node,start,end,old-value,new-value,user");
  g_assert_true (g_str_has_suffix (lines[1], ",,\"1\"\"2\",\"Aru, S.\""));
  g_assert_true (g_str_has_suffix (lines[2], ",,,\"Aru, S.\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/pages/follow-relevance-and-lists", test_follow_relevance_and_lists);
  g_test_add_func ("/form/pages/ask-for-another-instance", test_ask_for_another_instance);
  g_test_add_func ("/form/audit-log/times-questions", test_audit_log_times_questions);
  g_test_add_func ("/form/audit-log/keeps-changes", test_audit_log_keeps_changes);
  return g_test_run ();
}
