#include "ui/common/sarap-answer-rows.h"

#include <glib/gi18n.h>

#include "app/vault/sarap-sensitive.h"
#include "ui/common/sarap-rows.h"

static char *
dup_value (SarapInterview *interview, const char *ref)
{
  if (sarap_sensitive_is_sealed (sarap_interview_peek_value (interview, ref)))
    return g_strdup (_ ("Sealed: only the project's key opens it"));
  return sarap_interview_dup_display_value (interview, ref);
}

static void
add_page_answers (SarapInterview *interview, const SarapPage *form_page, GtkWidget **rows, GtkBox *page, char **heading)
{
  for (guint i = 0; form_page->refs != NULL && form_page->refs[i] != NULL; i++)
    {
      g_autofree char *label = sarap_interview_dup_label (interview, form_page->refs[i]);
      g_autofree char *value = dup_value (interview, form_page->refs[i]);

      if (value == NULL || *value == '\0')
        continue;
      if (*rows == NULL || g_strcmp0 (*heading, form_page->title) != 0)
        {
          g_free (*heading);
          *heading = g_strdup (form_page->title);
          *rows = sarap_rows_new (form_page->title != NULL && *form_page->title != '\0' ? form_page->title : _ ("Answers"), page);
        }
      sarap_rows_add (*rows, value, label, NULL);
    }
}

void
sarap_answer_rows_add (SarapInterview *interview, GtkBox *page)
{
  g_autoptr (GPtrArray) form_pages = sarap_pages_new (interview);
  g_autofree char *heading = NULL;
  GtkWidget *rows = NULL;

  for (guint i = 0; i < form_pages->len; i++)
    add_page_answers (interview, g_ptr_array_index (form_pages, i), &rows, page, &heading);
}
