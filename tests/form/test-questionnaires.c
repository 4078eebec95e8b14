#include <glib.h>
#include <string.h>

#include "app/form/sarap-names.h"
#include "app/form/sarap-pages.h"
#include "tests/form/form-support.h"

/* The shipped questionnaires, from empty to finalized. */

static SarapForm *
load_questionnaire (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", name, "form.pyxform.xml", NULL);
  g_autoptr (GError) error = NULL;
  SarapForm *form = sarap_form_load_file (path, NULL, NULL, &error);

  g_assert_no_error (error);
  return form;
}

static char *
dup_first_choice (SarapInterview *interview, const char *ref)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, ref);

  g_assert_cmpuint (choices->len, >, 0);
  return g_strdup (((SarapChoice *) g_ptr_array_index (choices, 0))->value);
}

static char *
dup_answer (SarapInterview *interview, const char *ref)
{
  const SarapElement *element = sarap_interview_get_element (interview, ref);

  switch (sarap_element_get_question_kind (element))
    {
    case SARAP_QUESTION_SELECT_ONE:
    case SARAP_QUESTION_SELECT_MULTIPLE:
    case SARAP_QUESTION_RANK:
      return dup_first_choice (interview, ref);
    case SARAP_QUESTION_INTEGER:
    case SARAP_QUESTION_RANGE:
      return g_strdup (g_str_has_suffix (ref, "a_age") ? "41" : "1");
    case SARAP_QUESTION_TIME:
      return g_strdup ("10:20:00.000+05:00");
    case SARAP_QUESTION_GEOPOINT:
      return g_strdup ("51.1 71.4 0 5");
    case SARAP_QUESTION_TRIGGER:
      return g_strdup ("OK");
    case SARAP_QUESTION_TEXT:
    case SARAP_QUESTION_DECIMAL:
    case SARAP_QUESTION_DATE:
    case SARAP_QUESTION_DATE_TIME:
    case SARAP_QUESTION_NOTE:
    case SARAP_QUESTION_IMAGE:
    case SARAP_QUESTION_AUDIO:
    case SARAP_QUESTION_VIDEO:
    case SARAP_QUESTION_FILE:
    case SARAP_QUESTION_BARCODE:
    case SARAP_QUESTION_GEOTRACE:
    case SARAP_QUESTION_GEOSHAPE:
    default:
      return g_strdup ("a sentence that is long enough");
    }
}

/* Answers what is required until nothing is; gives the number of answers. */
static guint
fill (SarapInterview *interview)
{
  for (guint n = 0;; n++)
    {
      g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (interview);
      const SarapViolation *first;
      g_autofree char *value = NULL;

      if (violations->len == 0)
        return n;
      first = g_ptr_array_index (violations, 0);
      g_assert_cmpint (first->result, ==, SARAP_ANSWER_REQUIRED_BUT_EMPTY);
      value = dup_answer (interview, first->ref);
      answer_ok (interview, first->ref, value);
    }
}

static void
assert_finalizes (SarapInterview *interview)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_interview_finalize (interview, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (xml), >, 200);
}

static void
assert_readable (SarapForm *form, const char *language, const char *name, const char *expected)
{
  g_autoptr (SarapNames) names = sarap_names_new (form, language);
  g_autofree char *readable = sarap_names_dup_readable (names, name);

  g_assert_cmpstr (readable, ==, expected);
}

static void
assert_place (SarapForm *form, const char *page_key, const char *expected)
{
  g_autoptr (SarapNames) names = sarap_names_new (form, "en");
  g_autofree char *place = sarap_names_dup_place (names, page_key);

  g_assert_cmpstr (place, ==, expected);
}

static void
test_audit (void)
{
  g_autoptr (SarapForm) form = load_questionnaire ("audit");
  g_autoptr (SarapInterview) interview = begin_form (form);
  g_autofree char *centre = NULL;
  g_autofree char *label = NULL;
  g_autofree char *violation = NULL;
  g_autofree char *name = NULL;

  g_assert_cmpuint (g_strv_length ((char **) sarap_form_get_media_names (form)), ==, 2);
  g_assert_true (sarap_interview_has_audit (interview));
  answer_ok (interview, "/data/visit/region", "akm");
  answer_ok (interview, "/data/visit/district", "akm_kokshetau");
  answer_ok (interview, "/data/visit/centre", "akm_kokshetau_csc1");
  assert_value (interview, "/data/centre_kind", "csc");
  assert_value (interview, "/data/centre_nolunch", "1");
  answer_ok (interview, "/data/visit2/visit_slot", "lunch");
  g_assert_true (sarap_interview_is_relevant (interview, "/data/sec_e/e_lunch"));
  answer_ok (interview, "/data/sec_d/d_ticket_time", "10:05:00.000+05:00");
  answer (interview, "/data/sec_d/d_called_time", "10:00:00.000+05:00", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer_ok (interview, "/data/sec_d/d_called_time", "10:17:00.000+05:00");
  assert_value (interview, "/data/sec_d/wait_min", "12");
  g_assert_true (sarap_interview_set_language (interview, "kk"));
  centre = sarap_interview_dup_display_value (interview, "/data/visit/centre");
  g_assert_true (g_str_has_prefix (centre, "№ 1 ХҚКО"));
  violation = sarap_interview_add_instance (interview, "/data/sec_m/violation", NULL);
  g_assert_cmpstr (violation, ==, "/data/sec_m/violation[2]");
  answer (interview, "/data/sec_m/violation[2]/v_text", "short", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer (interview, "/data/sec_m/violation[2]/v_text", "", SARAP_ANSWER_REQUIRED_BUT_EMPTY);
  answer_ok (interview, "/data/visit/region", "akt");
  assert_value (interview, "/data/visit/centre", "");
  assert_value (interview, "/data/centre_kind", "");
  answer_ok (interview, "/data/visit/region", "akm");
  assert_value (interview, "/data/visit/centre", "akm_kokshetau_csc1");
  answer_ok (interview, "/data/sec_b/b_open", "yes");
  answer_ok (interview, "/data/sec_l/l_end", "10:30:00.000+05:00");
  fill (interview);
  name = sarap_interview_dup_instance_name (interview);
  g_assert_cmpstr (name, ==, "akm_kokshetau_csc1 2026-09-21 lunch");
  assert_readable (form, "kk", name, "№ 1 ХҚКО («Азаматтарға арналған үкімет» мемлекеттік корпорациясы), Көкшетау қ., 2026-09-21, Түскі уақыт (12:00–14:00)");
  assert_readable (form, "en", "none_such 2026-09-21 lunch-2", "none_such 2026-09-21, Lunch (12:00 to 14:00)-2");
  assert_readable (form, "en", "", "");
  assert_place (form, "/data/sec_d/d_ticket_time", "3. Queue");
  assert_place (form, "/data/sec_m/violation[2]/v_text", "Violation");
  assert_place (form, "review", NULL);

  assert_finalizes (interview);
}

static void
test_perception (void)
{
  g_autoptr (SarapForm) form = load_questionnaire ("perception");
  g_autoptr (SarapInterview) interview = begin_form (form);
  g_autofree char *first = NULL;
  g_autofree char *note = NULL;

  answer_ok (interview, "/data/ident/region", "akm");
  answer_ok (interview, "/data/ident/q_group", "ind");
  answer_ok (interview, "/data/ident/outcome", "interview");
  answer_ok (interview, "/data/main/consent", "yes");
  g_assert_true (sarap_interview_is_relevant (interview, "/data/main/body/sec_a/a_age"));
  answer (interview, "/data/main/body/sec_a/a_age", "17", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer_ok (interview, "/data/main/body/sec_a/a_age", "30");
  first = g_strdup (sarap_interview_peek_value (interview, "/data/main/body/sec_e/e_rand"));
  g_assert_cmpstr (first, !=, "");
  answer_ok (interview, "/data/main/body/sec_c/c_contact", "csc tax");
  g_assert_cmpuint (sarap_interview_get_n_instances (interview, "/data/main/body/sec_c/srv"), ==, 2);
  assert_value (interview, "/data/main/body/sec_c/srv[2]/srv_code", "csc");
  g_assert_true (sarap_interview_set_language (interview, "en"));
  note = sarap_interview_dup_label (interview, "/data/main/body/sec_c/srv[2]/srv_note");
  g_assert_cmpstr (note, !=, "****");
  g_assert_true (sarap_interview_is_relevant (interview, "/data/main/body/sec_g/g_recommend"));
  answer_ok (interview, "/data/main/body/sec_c/srv[1]/srv_times", "3");
  answer_ok (interview, "/data/main/body/sec_c/srv[1]/srv_paid", "yes");
  answer (interview, "/data/main/body/sec_c/srv[1]/srv_npaid", "4", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer_ok (interview, "/data/main/body/sec_c/srv[1]/srv_npaid", "3");
  answer (interview, "/data/main/body/sec_c/c_contact", "csc none", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  g_assert_cmpuint (sarap_interview_get_n_instances (interview, "/data/main/body/sec_c/srv"), ==, 0);
  answer_ok (interview, "/data/main/body/sec_c/c_contact", "csc");
  assert_value (interview, "/data/main/body/sec_c/srv[1]/srv_npaid", "3");
  fill (interview);
  assert_value (interview, "/data/main/body/sec_e/e_rand", first);
  assert_finalizes (interview);
}

static void
test_kiosk (void)
{
  g_autoptr (SarapForm) form = load_questionnaire ("kiosk");
  g_autoptr (SarapInterview) interview = begin_form (form);
  g_autoptr (GPtrArray) pages = sarap_pages_new (interview);
  g_autofree char *choices = NULL;

  g_assert_cmpuint (pages->len, ==, 6);
  g_assert_true (sarap_form_has_style (form, "pages"));
  answer_ok (interview, "/data/kiosk_id", "k-1");
  choices = dup_first_choice (interview, "/data/k1");
  g_assert_cmpstr (choices, ==, "5");
  g_assert_cmpuint (fill (interview), ==, 1);
  assert_finalizes (interview);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/questionnaires/audit", test_audit);
  g_test_add_func ("/form/questionnaires/perception", test_perception);
  g_test_add_func ("/form/questionnaires/kiosk", test_kiosk);
  return g_test_run ();
}
