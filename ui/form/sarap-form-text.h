#pragma once

#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* What stands on a page speaks the form's language, which need not be the application's. */

const char *sarap_form_text (SarapInterview *interview, const char *message) G_GNUC_FORMAT (2);
const char *sarap_language_code (const char *language, char code[4]);

/* Markdown as forms use it. Raw HTML is dropped, its text kept. */
char *sarap_markdown_to_pango (const char *text);
char *sarap_markdown_to_plain (const char *text);

/* g_set_str() of later GLib. */
static inline void
sarap_replace_string (char **string, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*string);
  *string = copy;
}

G_END_DECLS
