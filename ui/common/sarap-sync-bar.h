#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* How things stand with the server: state, progress, age of the last round in words, a button. */

#define SARAP_TYPE_SYNC_BAR (sarap_sync_bar_get_type ())
G_DECLARE_FINAL_TYPE (SarapSyncBar, sarap_sync_bar, SARAP, SYNC_BAR, GtkWidget)

GtkWidget *sarap_sync_bar_new (SarapContext *context);

G_END_DECLS
