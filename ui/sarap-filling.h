#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Opens an interview on top of the window, for whoever lists forms and drafts. */

gboolean sarap_filling_start (SarapWindow *window, const char *form_id);
gboolean sarap_filling_resume (SarapWindow *window, const char *record_id);

G_END_DECLS
