#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-ui-fixture.h"
#include "ui/form/sarap-choice-button.h"
#include "ui/form/sarap-jump-list.h"
#include "ui/form/sarap-removed-instance.h"
#include "ui/form/sarap-repeat-page.h"
#include "ui/form/sarap-review-page.h"

/* The way through an interview on screen. */

#define FORM "tests/data/forms/question-kinds.xml"
#define KIOSK "data/questionnaires/kiosk/form.pyxform.xml"

static char *
dup_key (SarapUiFixture *fixture)
{
  return sarap_recorder_dup_page (fixture->recorder);
}

static void
assert_at (SarapUiFixture *fixture, const char *key)
{
  g_autofree char *page = dup_key (fixture);

  g_assert_cmpstr (page, ==, key);
}

static void
act (SarapFormView *view, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (view), action, NULL));
  sarap_ui_spin (30);
}

static void
go_to (SarapFormView *view, const char *key)
{
  sarap_form_view_go_to (view, key);
  sarap_ui_spin (30);
}

static void
test_forward_is_refused (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);
  GtkWidget *entry = sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0);

  act (view, "page.next");
  assert_at (fixture, "/data/who/t_text");
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "An answer is needed here.");
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)), entry));
  sarap_ui_type (entry, "Aigerim");
  act (view, "page.next");
  assert_at (fixture, "/data/t_numbers");
}

static void
test_back_is_not_refused (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/t_int");
  sarap_ui_type (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), "99999");
  act (view, "page.next");
  assert_at (fixture, "/data/t_int");
  act (view, "page.back");
  assert_at (fixture, "/data/t_masked");
  g_assert_cmpstr (sarap_interview_peek_value (fixture->interview, "/data/t_int"), ==, "99999");
}

static void
test_enter_goes_on (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/t_numbers");
  sarap_ui_type (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), "A 017");
  g_signal_emit_by_name (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), "activate");
  sarap_ui_spin (30);
  assert_at (fixture, "/data/t_masked");
  g_assert_cmpstr (sarap_interview_peek_value (fixture->interview, "/data/t_numbers"), ==, "A 017");
}

static void
test_quick_goes_on (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/s_quick");
  sarap_ui_choose (GTK_WIDGET (view), "Yes");
  sarap_ui_spin (250);
  assert_at (fixture, "/data/s_rank");
}

static void
test_draft_reopens (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/t_numbers");
  sarap_ui_type (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), "B 204");
  act (view, "screen.close");
  sarap_ui_fixture_resume (fixture);
  view = sarap_ui_fixture_show_form (fixture);
  assert_at (fixture, "/data/t_numbers");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0))), ==, "B 204");
}

static void
test_language (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/s_one");
  sarap_ui_choose (GTK_WIDGET (view), "No");
  act (view, "form.language");
  sarap_ui_choose (GTK_WIDGET (view), "Қазақша");
  sarap_ui_spin (50);
  g_assert_cmpstr (sarap_interview_get_language (fixture->interview), ==, "Kazakh (kk)");
  assert_at (fixture, "/data/s_one");
  g_assert_true (sarap_choice_button_get_checked (SARAP_CHOICE_BUTTON (sarap_ui_find_choice (GTK_WIDGET (view), "Жоқ"))));
}

static void
test_jump (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);
  GtkWidget *list;

  act (view, "form.jump");
  list = sarap_ui_find (GTK_WIDGET (view), SARAP_TYPE_JUMP_LIST, 0);
  g_assert_nonnull (list);
  gtk_editable_set_text (GTK_EDITABLE (sarap_ui_find (list, GTK_TYPE_SEARCH_ENTRY, 0)), "people");
  sarap_ui_spin (400);
  gtk_test_accessible_assert_property (sarap_ui_find (list, GTK_TYPE_BUTTON, 0), GTK_ACCESSIBLE_PROPERTY_LABEL, "How many people are waiting?, required, not answered");
  g_signal_emit_by_name (sarap_ui_find (list, GTK_TYPE_BUTTON, 0), "clicked");
  sarap_ui_spin (30);
  assert_at (fixture, "/data/t_int");
  g_assert_null (sarap_ui_find (GTK_WIDGET (view), SARAP_TYPE_JUMP_LIST, 0));
}

static void
test_repeat (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);

  go_to (view, "/data/rep");
  g_signal_emit_by_name (sarap_ui_find_button (GTK_WIDGET (view), "Add: Violation"), "clicked");
  sarap_ui_spin (30);
  assert_at (fixture, "/data/rep[1]/v_text");
  sarap_ui_type (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), "A closed window");
  act (view, "page.next");
  act (view, "page.next");
  assert_at (fixture, "/data/rep");
  g_assert_nonnull (sarap_ui_find_button (GTK_WIDGET (view), "Add another: Violation"));
  g_signal_emit_by_name (sarap_ui_find_button (GTK_WIDGET (view), "Edit"), "clicked");
  sarap_ui_spin (30);
  assert_at (fixture, "/data/rep[1]/v_text");
}

static void
test_removed_comes_back (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  g_autofree char *first = sarap_interview_add_instance (fixture->interview, "/data/rep", NULL);
  g_autofree char *second = sarap_interview_add_instance (fixture->interview, "/data/rep", NULL);
  g_autoptr (SarapRemovedInstance) removed = NULL;
  g_autofree char *back = NULL;

  sarap_interview_answer (fixture->interview, "/data/rep[1]/v_text", "one", NULL);
  sarap_interview_answer (fixture->interview, "/data/rep[1]/v_more", "more of one", NULL);
  sarap_interview_answer (fixture->interview, "/data/rep[2]/v_text", "two", NULL);
  removed = sarap_removed_instance_take (fixture->interview, "/data/rep[1]", NULL);
  g_assert_cmpuint (sarap_interview_get_n_instances (fixture->interview, "/data/rep"), ==, 1);
  g_assert_cmpstr (sarap_interview_peek_value (fixture->interview, "/data/rep[1]/v_text"), ==, "two");
  back = sarap_removed_instance_restore (removed, NULL);
  g_assert_cmpstr (back, ==, "/data/rep[2]");
  g_assert_cmpstr (sarap_interview_peek_value (fixture->interview, "/data/rep[2]/v_text"), ==, "one");
  g_assert_cmpstr (sarap_interview_peek_value (fixture->interview, "/data/rep[2]/v_more"), ==, "more of one");
}

static void
test_review_leads_to_problems (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);
  GtkWidget *review;

  go_to (view, "review");
  review = sarap_ui_find (GTK_WIDGET (view), SARAP_TYPE_REVIEW_PAGE, 0);
  g_assert_false (gtk_widget_get_sensitive (sarap_ui_find_button (review, "Finalize")));
  g_signal_emit_by_name (sarap_ui_find (review, GTK_TYPE_BUTTON, 1), "clicked");
  sarap_ui_spin (30);
  assert_at (fixture, "/data/t_int");
  gtk_test_accessible_assert_state (sarap_ui_find (GTK_WIDGET (view), GTK_TYPE_ENTRY, 0), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
}

static void
finalized_cb (guint *n)
{
  *n += 1;
}

static void
test_finalize (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (KIOSK, "kk");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);
  g_autoptr (SarapRecord) record = NULL;
  guint n = 0;

  g_signal_connect_swapped (view, "finalized", G_CALLBACK (finalized_cb), &n);
  sarap_ui_choose (GTK_WIDGET (view), "Жақсы");
  sarap_ui_spin (250);
  go_to (view, "review");
  g_signal_emit_by_name (sarap_ui_find (sarap_ui_find (GTK_WIDGET (view), SARAP_TYPE_REVIEW_PAGE, 0), GTK_TYPE_BUTTON, 0), "clicked");
  g_assert_cmpuint (n, ==, 1);
  record = sarap_store_find_record (fixture->store, sarap_interview_get_instance_id (fixture->interview), NULL);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_FINALIZED);
}

static void
test_audit_log (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new ("data/questionnaires/audit/form.xlsx", "en");
  SarapFormView *view = sarap_ui_fixture_show_form (fixture);
  g_autoptr (GBytes) csv = NULL;
  g_auto (GStrv) lines = NULL;

  go_to (view, "review");
  act (view, "screen.close");
  csv = sarap_audit_log_dup_csv (sarap_recorder_get_audit_log (fixture->recorder));
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\n", -1);
  g_assert_true (g_str_has_prefix (lines[1], "form start,,"));
  g_assert_true (g_str_has_prefix (lines[2], "location tracking enabled,,"));
  g_assert_nonnull (g_strrstr (g_bytes_get_data (csv, NULL), "\njump,,"));
  g_assert_nonnull (g_strrstr (g_bytes_get_data (csv, NULL), "\ngroup questions,/data/visit/region,"));
  g_assert_nonnull (g_strrstr (g_bytes_get_data (csv, NULL), "\nend screen,,"));
  g_assert_nonnull (g_strrstr (g_bytes_get_data (csv, NULL), "\nform save,,"));
  g_assert_nonnull (g_strrstr (g_bytes_get_data (csv, NULL), "\nform exit,,"));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/form/forward-is-refused-while-something-is-missing", test_forward_is_refused);
  g_test_add_func ("/ui/form/back-keeps-what-is-wrong", test_back_is_not_refused);
  g_test_add_func ("/ui/form/enter-goes-on", test_enter_goes_on);
  g_test_add_func ("/ui/form/quick-goes-on-by-itself", test_quick_goes_on);
  g_test_add_func ("/ui/form/a-draft-reopens-at-its-page", test_draft_reopens);
  g_test_add_func ("/ui/form/another-language-keeps-page-and-answers", test_language);
  g_test_add_func ("/ui/form/jump-list-marks-and-leads", test_jump);
  g_test_add_func ("/ui/form/repeat-add-and-edit", test_repeat);
  g_test_add_func ("/ui/form/a-removed-entry-comes-back", test_removed_comes_back);
  g_test_add_func ("/ui/form/review-leads-to-problems", test_review_leads_to_problems);
  g_test_add_func ("/ui/form/finalize-makes-a-record", test_finalize);
  g_test_add_func ("/ui/form/audit-log-tells-the-way", test_audit_log);
  return g_test_run ();
}
