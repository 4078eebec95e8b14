#pragma once

#include "app/form/sarap-pages.h"
#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* The end of a repeat: the instances made so far, and "add another". Signals: "added", "edit" and,
 * after the person was asked, "remove", each with the ref of the instance. */

#define SARAP_TYPE_REPEAT_PAGE (sarap_repeat_page_get_type ())
G_DECLARE_FINAL_TYPE (SarapRepeatPage, sarap_repeat_page, SARAP, REPEAT_PAGE, GtkWidget)

GtkWidget *sarap_repeat_page_new (SarapInterview *interview, const char *path);
void sarap_repeat_page_update (SarapRepeatPage *self);

G_END_DECLS
