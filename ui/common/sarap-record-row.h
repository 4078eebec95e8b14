#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* One record in a list: name, form, age, and what its state asks to know. Signal "delete" (of a draft). */

#define SARAP_TYPE_RECORD_ROW (sarap_record_row_get_type ())
G_DECLARE_FINAL_TYPE (SarapRecordRow, sarap_record_row, SARAP, RECORD_ROW, GtkWidget)

GtkWidget *sarap_record_row_new (SarapContext *context);
void sarap_record_row_set_record (SarapRecordRow *self, SarapRecord *record);
SarapRecord *sarap_record_row_get_record (SarapRecordRow *self);

char *sarap_record_dup_title (SarapRecord *record, SarapContext *context);
char *sarap_record_dup_place (SarapRecord *record, SarapContext *context);

G_END_DECLS
