#pragma once

#include "app/form/sarap-pages.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All questions by group, with what is answered, missing and wrong, and a search. Signal
 * "chosen" (const char *page_key, const char *ref; ref NULL for pages without a question). */

#define SARAP_TYPE_JUMP_LIST (sarap_jump_list_get_type ())
G_DECLARE_FINAL_TYPE (SarapJumpList, sarap_jump_list, SARAP, JUMP_LIST, GtkWidget)

GtkWidget *sarap_jump_list_new (SarapInterview *interview, GPtrArray *pages, const char *current_key);

G_END_DECLS
