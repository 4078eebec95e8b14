#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* One finished record: where it stands with the server, decisions, attachments, answers. */

#define SARAP_TYPE_RECORD_SCREEN (sarap_record_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapRecordScreen, sarap_record_screen, SARAP, RECORD_SCREEN, GtkWidget)

GtkWidget *sarap_record_screen_new (SarapContext *context, SarapRecord *record);
void sarap_record_screen_open (SarapWindow *window, SarapRecord *record);

G_END_DECLS
