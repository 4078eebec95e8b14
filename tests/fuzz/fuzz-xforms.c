#include "app/form/sarap-interview.h"
#include "tests/fuzz/fuzz-target.h"

#include <string.h>

/* A form: loaded, filled, written and read back. */

static GBytes *
list_cb (const char *name, gpointer data)
{
  static const char list[] = "name,label,region\na,A,1\nb,B,2\n";

  return g_str_has_suffix (name, ".csv") ? g_bytes_new_static (list, strlen (list)) : NULL;
}

static void
fill_question (SarapInterview *interview, const char *path)
{
  g_autofree char *label = sarap_interview_dup_label (interview, path);
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, path);
  const SarapChoice *first = choices->len > 0 ? g_ptr_array_index (choices, 0) : NULL;

  g_assert_true (g_utf8_validate (label, -1, NULL));
  sarap_interview_answer (interview, path, first ? first->value : "1", NULL);
}

static void
fill (SarapInterview *interview, const SarapElement *parent)
{
  for (guint i = 0; i < sarap_element_get_n_children (parent) && i < 50; i++)
    {
      const SarapElement *element = sarap_element_peek_child (parent, i);
      const char *path = sarap_element_get_path (element);

      if (path != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_REPEAT)
        g_free (sarap_interview_add_instance (interview, path, NULL));
      if (path != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_QUESTION)
        fill_question (interview, path);
      fill (interview, element);
    }
}

static void
use (SarapForm *form)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_at (G_GINT64_CONSTANT (1772397000000), "Asia/Almaty");
  const SarapInterviewSettings settings = { .device_id = "device-7", .seed = 42 };
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, clock, &settings, NULL);
  g_autoptr (SarapInterview) again = NULL;
  g_autoptr (GPtrArray) violations = NULL;
  g_autoptr (GBytes) xml = NULL;

  if (interview == NULL)
    return;
  fill (interview, sarap_form_get_body (form));
  violations = sarap_interview_dup_violations (interview);
  xml = sarap_interview_serialize (interview);
  again = sarap_interview_new_from_xml (form, clock, &settings, xml, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xml");
  g_autoptr (SarapForm) form = NULL;

  if (size >= 2 && memcmp (data, "PK", 2) == 0)
    return 0; /* fuzz-xlsx.c */
  form = sarap_form_load (bytes, "form.xml", list_cb, NULL, NULL, problems, NULL);
  if (form != NULL)
    use (form);
  return 0;
}
