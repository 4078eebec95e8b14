#include "tests/support/sarap-visit.h"

#include "app/store/sarap-store-forms.h"

void
sarap_visit_add_form (SarapStore *store)
{
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "data", "forms", "visit.xml", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  sarap_store_add_form_file (store, path, NULL, problems, &id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "visit");
}

/* The form must be in the store. Returns: (transfer full) */
SarapRecorder *
sarap_visit_begin (SarapStore *store, const char *owner)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (store, "visit", NULL, &error);
  g_autoptr (SarapInterview) interview = NULL;
  SarapRecorder *recorder;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, sarap_store_get_clock (store), NULL, &error);
  g_assert_no_error (error);
  recorder = sarap_recorder_new (store, interview, owner, &error);
  g_assert_no_error (error);
  return recorder;
}

void
sarap_visit_answer (SarapRecorder *recorder, const char *ref, const char *value)
{
  g_autoptr (GError) error = NULL;

  sarap_interview_answer (sarap_recorder_get_interview (recorder), ref, value, &error);
  g_assert_no_error (error);
}

/* A whole visit, finalized. Returns: (transfer full) its id */
char *
sarap_visit_finish (SarapStore *store, const char *name)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (recorder, "/data/name", name);
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}
