#include "app/form/sarap-form-private.h"

void
sarap_text_free (SarapText *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_outputs; i++)
    sarap_xpath_unref (self->outputs[i]);
  g_clear_pointer (&self->reference, sarap_xpath_unref);
  g_free (self->literals);
  g_free (self->outputs);
  g_free (self);
}

/* @text must live as long as @form, or NULL for an empty text. */
SarapText *
sarap_text_new_literal (SarapForm *form, const char *text)
{
  SarapText *self = g_new0 (SarapText, 1);

  self->literals = g_new0 (const char *, 1);
  self->literals[0] = text ? g_string_chunk_insert_const (form->strings, text) : "";
  return self;
}

/* The text with its outputs left out. */
char *
sarap_text_dup_literals (const SarapText *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self->literals != NULL && i <= self->n_outputs; i++)
    g_string_append (text, self->literals[i]);
  return g_string_free (text, FALSE);
}
