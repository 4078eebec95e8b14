#pragma once

#include "ui/form/sarap-question.h"
#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* What questions that are answered with a file share. */

GtkWidget *sarap_media_buttons_new (void);
GtkWidget *sarap_media_add_button (GtkWidget *buttons, GCallback clicked, SarapQuestion *question);
void sarap_media_choose_file (SarapQuestion *question, const char *const *patterns, SarapFileFunc callback);

G_END_DECLS
