#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

GtkWidget *sarap_staff_home_new (SarapContext *context);

G_END_DECLS
