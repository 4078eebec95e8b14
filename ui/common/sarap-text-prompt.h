#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line that must be written before things go on. Signal "given" (const char *text): trimmed, never empty. */

#define SARAP_TYPE_TEXT_PROMPT (sarap_text_prompt_get_type ())
G_DECLARE_FINAL_TYPE (SarapTextPrompt, sarap_text_prompt, SARAP, TEXT_PROMPT, GtkWidget)

GtkWidget *sarap_text_prompt_new (const char *question, const char *explanation, const char *button);

G_END_DECLS
