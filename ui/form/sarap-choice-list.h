#pragma once

#include "app/form/sarap-form.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Choices to search in, for lists of any length. Signal "chosen" (const char *value, gboolean
 * is_checked): the person tapped that choice. */

#define SARAP_TYPE_CHOICE_LIST (sarap_choice_list_get_type ())
G_DECLARE_FINAL_TYPE (SarapChoiceList, sarap_choice_list, SARAP, CHOICE_LIST, GtkWidget)

GtkWidget *sarap_choice_list_new (gboolean is_multiple, const char *search_name, const char *nothing_found);
void sarap_choice_list_prefer_rows (SarapChoiceList *self);
void sarap_choice_list_set_choices (SarapChoiceList *self, GPtrArray *choices);
/* @value: names separated by spaces. */
void sarap_choice_list_set_value (SarapChoiceList *self, const char *value);
/* The one choice of this name, which may hold spaces. */
void sarap_choice_list_set_current (SarapChoiceList *self, const char *name);
char *sarap_choice_list_dup_value (SarapChoiceList *self);
gboolean sarap_choices_are_equal (GPtrArray *a, GPtrArray *b);

G_END_DECLS
