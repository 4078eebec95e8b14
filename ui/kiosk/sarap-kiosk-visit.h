#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* One visitor: a page at a time, forward by a tap. Signals: "finished" (the record is finalized),
 * "failed" (it cannot go on; the visit was abandoned). */

#define SARAP_TYPE_KIOSK_VISIT (sarap_kiosk_visit_get_type ())
G_DECLARE_FINAL_TYPE (SarapKioskVisit, sarap_kiosk_visit, SARAP, KIOSK_VISIT, GtkWidget)

GtkWidget *sarap_kiosk_visit_new (SarapContext *context, SarapForm *form, GError **error);
void sarap_kiosk_visit_abandon (SarapKioskVisit *self);

G_END_DECLS
