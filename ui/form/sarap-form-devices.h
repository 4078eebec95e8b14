#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* What an interview asks of the device while it is filled: its place for odk:setgeopoint and for the audit log,
 * a recording for odk:recordaudio. Property "recording" (boolean, readable); signal "no-microphone". */

#define SARAP_TYPE_FORM_DEVICES (sarap_form_devices_get_type ())
G_DECLARE_FINAL_TYPE (SarapFormDevices, sarap_form_devices, SARAP, FORM_DEVICES, GObject)

/* @may_record: somebody sees that it is recorded, and can stop it. */
SarapFormDevices *sarap_form_devices_new (SarapContext *context, SarapRecorder *recorder, gboolean may_record);
gboolean sarap_form_devices_is_recording (SarapFormDevices *self);
/* The person does not want it: what was recorded stays, and nothing is recorded for the rest of this filling. */
void sarap_form_devices_stop_recording (SarapFormDevices *self);
/* Before the record is left or finalized. */
gboolean sarap_form_devices_finish (SarapFormDevices *self, GError **error);

G_END_DECLS
