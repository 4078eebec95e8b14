#include "app/form/sarap-pages.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-records.h"
#include "tests/support/sarap-temporary.h"

/* The questionnaires that are shipped, filled by chance: whatever a person does, the draft that
 * comes back is the draft that was left. */

#define N_ROUNDS 6
#define N_STEPS 40

static char *
choose (SarapInterview *interview, const char *ref, GRand *chance)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, ref);

  if (choices->len == 0)
    return NULL;
  return g_strdup (((SarapChoice *) g_ptr_array_index (choices, g_rand_int_range (chance, 0, choices->len)))->value);
}

static char *
invent (SarapInterview *interview, const char *ref, SarapQuestionKind kind, GRand *chance)
{
  int number = g_rand_int_range (chance, 0, 40);

  if (number == 0)
    return NULL;
  if (kind == SARAP_QUESTION_SELECT_ONE || kind == SARAP_QUESTION_SELECT_MULTIPLE)
    return choose (interview, ref, chance);
  if (kind == SARAP_QUESTION_INTEGER || kind == SARAP_QUESTION_RANGE)
    return g_strdup_printf ("%d", number);
  if (kind == SARAP_QUESTION_DATE)
    return g_strdup_printf ("2026-10-%02d", number % 28 + 1);
  if (kind == SARAP_QUESTION_TIME)
    return g_strdup_printf ("10:%02d:00.000+05:00", number);
  if (kind == SARAP_QUESTION_GEOPOINT)
    return g_strdup_printf ("43.%d 76.9 0 5", number);
  return kind == SARAP_QUESTION_TEXT ? g_strdup_printf ("мәтін <%d> & \"б\"", number) : NULL;
}

static void
answer (SarapRecorder *recorder, const char *ref, GRand *chance)
{
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  const SarapElement *element = sarap_interview_get_element (interview, ref);
  SarapQuestionKind kind = sarap_element_get_question_kind (element);
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (sarap_interview_is_readonly (interview, ref) || kind == SARAP_QUESTION_NOTE)
    return;
  if (kind == SARAP_QUESTION_IMAGE)
    {
      g_autoptr (GBytes) picture = g_bytes_new (ref, strlen (ref));

      sarap_recorder_attach (recorder, ref, picture, "jpg", &error);
      g_assert_no_error (error);
      return;
    }
  value = invent (interview, ref, kind, chance);
  sarap_interview_answer (interview, ref, value, &error);
  g_assert_no_error (error);
}

static void
change_repeat (SarapInterview *interview, const char *path, GRand *chance)
{
  guint n = sarap_interview_get_n_instances (interview, path);
  g_autoptr (GError) error = NULL;

  if (n < 4 && g_rand_int_range (chance, 0, 3) > 0)
    g_free (sarap_interview_add_instance (interview, path, &error));
  else if (n > 0)
    {
      g_autofree char *ref = g_strdup_printf ("%s[%d]", path, g_rand_int_range (chance, 1, n + 1));

      sarap_interview_remove_instance (interview, ref, &error);
    }
  g_assert_no_error (error);
}

static void
take_step (SarapRecorder *recorder, GRand *chance)
{
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autoptr (GPtrArray) pages = sarap_pages_new (interview);
  const SarapPage *page = g_ptr_array_index (pages, g_rand_int_range (chance, 0, pages->len));
  const char *const *languages = sarap_form_get_languages (sarap_interview_get_form (interview));

  sarap_recorder_set_page (recorder, page->key, 1, pages->len);
  if (g_rand_int_range (chance, 0, 10) == 0)
    sarap_interview_set_language (interview, languages[g_rand_int_range (chance, 0, g_strv_length ((char **) languages))]);
  if (page->kind == SARAP_PAGE_REPEAT)
    change_repeat (interview, page->path, chance);
  for (guint i = 0; page->kind == SARAP_PAGE_QUESTIONS && page->refs[i] != NULL; i++)
    if (sarap_interview_is_relevant (interview, page->refs[i]))
      answer (recorder, page->refs[i], chance);
}

static char *
describe (SarapRecorder *recorder)
{
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autoptr (GBytes) xml = sarap_interview_serialize (interview);
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  g_autofree char *page = sarap_recorder_dup_page (recorder);

  return g_strdup_printf ("%s %s %s", page, sarap_interview_get_language (interview), text);
}

static SarapRecorder *
begin (SarapStore *store, const char *name)
{
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "..", "data", "questionnaires", name, "form.pyxform.xml", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autofree char *id = NULL;
  g_autoptr (SarapForm) form = NULL;
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (GError) error = NULL;
  SarapRecorder *recorder;

  sarap_store_add_form_file (store, path, NULL, problems, &id, &error);
  g_assert_no_error (error);
  form = sarap_store_load_form (store, id, NULL, &error);
  g_assert_no_error (error);
  interview = sarap_interview_new (form, sarap_store_get_clock (store), NULL, &error);
  g_assert_no_error (error);
  recorder = sarap_recorder_new (store, interview, "volunteer", &error);
  g_assert_no_error (error);
  return recorder;
}

static void
test_draft_comes_back (gconstpointer name)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autoptr (SarapRecorder) recorder = begin (store, name);
  g_autofree char *id = g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
  g_autoptr (GRand) chance = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *before = NULL, *after = NULL;
      g_autoptr (GError) error = NULL;

      for (guint step = 0; step < N_STEPS; step++)
        take_step (recorder, chance);
      before = describe (recorder);
      g_clear_object (&recorder);
      g_clear_object (&store);
      store = sarap_temporary_open (folder);
      recorder = sarap_recorder_resume (store, id, NULL, &error);
      g_assert_no_error (error);
      after = describe (recorder);
      g_assert_cmpstr (after, ==, before);
    }
  g_clear_object (&recorder);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/store/questionnaires/audit-draft-comes-back", "audit", test_draft_comes_back);
  g_test_add_data_func ("/store/questionnaires/perception-draft-comes-back", "perception", test_draft_comes_back);
  g_test_add_data_func ("/store/questionnaires/kiosk-draft-comes-back", "kiosk", test_draft_comes_back);
  return g_test_run ();
}
