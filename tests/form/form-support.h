#pragma once

#include "app/form/sarap-interview.h"

/* Small forms for tests: the model's inside and the body's, around them the usual frame. */

static inline char *
form_xml (const char *model, const char *body)
{
  return g_strdup_printf ("<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa' "
                          "xmlns:orx='http://openrosa.org/xforms' xmlns:odk='http://www.opendatakit.org/xforms'>"
                          "<h:head><h:title>Small form</h:title><model>%s</model></h:head><h:body>%s</h:body></h:html>",
                          model, body);
}

static inline SarapForm *
try_form (const char *model, const char *body, SarapProblems *problems, GError **error)
{
  g_autofree char *xml = form_xml (model, body);
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));

  return sarap_form_load (bytes, "small.xml", NULL, NULL, NULL, problems, error);
}

static inline SarapForm *
load_form (const char *model, const char *body)
{
  g_autoptr (GError) error = NULL;
  SarapForm *form = try_form (model, body, NULL, &error);

  g_assert_no_error (error);
  return form;
}

static inline SarapInterview *
begin_form (SarapForm *form)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  const SarapInterviewSettings settings = { .device_id = "device-7", .seed = 42 };
  g_autoptr (GError) error = NULL;
  SarapInterview *interview = sarap_interview_new (form, clock, &settings, &error);

  g_assert_no_error (error);
  return interview;
}

static inline SarapInterview *
begin (const char *model, const char *body)
{
  g_autoptr (SarapForm) form = load_form (model, body);

  return begin_form (form);
}

static inline void
answer (SarapInterview *interview, const char *ref, const char *value, SarapAnswerResult expected)
{
  g_autoptr (GError) error = NULL;
  SarapAnswerResult result = sarap_interview_answer (interview, ref, value, &error);

  g_assert_no_error (error);
  if (result != expected)
    g_error ("answer %s = \"%s\": %d, not %d", ref, value, result, expected);
}

#define answer_ok(interview, ref, value) answer (interview, ref, value, SARAP_ANSWER_OK)
#define assert_value(interview, ref, value) g_assert_cmpstr (sarap_interview_peek_value (interview, ref), ==, value)

static inline void
assert_evaluates (SarapInterview *interview, const char *expression, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = sarap_interview_evaluate (interview, expression, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (value, ==, expected);
}

static inline char *
choices_text (SarapInterview *interview, const char *ref)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, ref);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);

      g_string_append_printf (text, "%s%s=%s", i ? " " : "", choice->value, choice->label);
    }
  return g_string_free (text, FALSE);
}
