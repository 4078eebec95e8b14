#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Who is working? Signal "chosen" (int SarapRole). */

#define SARAP_TYPE_ROLE_CHOOSER (sarap_role_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SarapRoleChooser, sarap_role_chooser, SARAP, ROLE_CHOOSER, GtkWidget)

GtkWidget *sarap_role_chooser_new (void);

G_END_DECLS
