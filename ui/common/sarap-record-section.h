#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The records of one owner in one state, newest first, with search and an empty state.
 * A draft that is deleted can be taken back for some seconds. Signals: "activated" (SarapRecord),
 * "hidden" (string id): the draft that waits to be deleted now, or NULL. */

#define SARAP_TYPE_RECORD_SECTION (sarap_record_section_get_type ())
G_DECLARE_FINAL_TYPE (SarapRecordSection, sarap_record_section, SARAP, RECORD_SECTION, GtkWidget)

GtkWidget *sarap_record_section_new (SarapContext *context, const char *owner, SarapRecordState state);
void sarap_record_section_set_empty (SarapRecordSection *self, const char *icon_name, const char *heading, const char *text);
void sarap_record_section_search (SarapRecordSection *self);

G_END_DECLS
