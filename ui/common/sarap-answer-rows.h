#pragma once

#include <gtk/gtk.h>

#include "app/form/sarap-pages.h"

G_BEGIN_DECLS

/* The answers of an interview to read: a card for each group of the form, a row for each question that
 * was answered, in the language of the interview. */
void sarap_answer_rows_add (SarapInterview *interview, GtkBox *page);

G_END_DECLS
