#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Warns while the disk of the store has little room; hidden otherwise. */

GtkWidget *sarap_space_notice_new (SarapContext *context);

G_END_DECLS
