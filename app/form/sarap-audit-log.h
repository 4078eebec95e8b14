#pragma once

#include "app/base/sarap-clock.h"

G_BEGIN_DECLS

/* The audit log of ODK forms (audit.csv): event, node, start, end in ms UTC. Kept as lines that
 * can be appended durably and restored. */

#define SARAP_TYPE_AUDIT_LOG (sarap_audit_log_get_type ())
G_DECLARE_FINAL_TYPE (SarapAuditLog, sarap_audit_log, SARAP, AUDIT_LOG, GObject)

/* What a form asks for beyond events and times (attributes of the bind of meta/audit). */
typedef enum
{
  SARAP_AUDIT_PLAIN = 0,
  SARAP_AUDIT_LOCATION = 1 << 0, /* odk:location-priority and its kin */
  SARAP_AUDIT_CHANGES = 1 << 1,  /* odk:track-changes */
  SARAP_AUDIT_USER = 1 << 2,     /* odk:identify-user */
  SARAP_AUDIT_REASON = 1 << 3,   /* odk:track-changes-reasons */
} SarapAuditColumns;

/* Signal "appended" (const char *line): a finished line without its end of line. */
SarapAuditLog *sarap_audit_log_new (SarapClock *clock);
SarapAuditLog *sarap_audit_log_restore (SarapClock *clock, const char *const *lines);
/* An event at one moment: "form start", "form resume", "form save", "form exit", "form finalize", "end screen", "jump". */
void sarap_audit_log_event (SarapAuditLog *self, const char *event);
/* The questions that are on screen now; ends those that were. (nullable) NULL-terminated. */
void sarap_audit_log_show (SarapAuditLog *self, const char *event, const char *const *refs);
/* Before the first line; the same for a log that is restored. */
void sarap_audit_log_set_columns (SarapAuditLog *self, SarapAuditColumns columns);
/* For the lines that follow; NULL when nobody has said who it is. */
void sarap_audit_log_set_user (SarapAuditLog *self, const char *user);
/* Where the device is now, in degrees and metres. */
void sarap_audit_log_set_location (SarapAuditLog *self, double latitude, double longitude, double accuracy);
/* How long a place counts; 0, as at first: until another comes. */
void sarap_audit_log_set_location_max_age (SarapAuditLog *self, guint seconds);
void sarap_audit_log_forget_location (SarapAuditLog *self);
/* The answer to a question that is on screen has changed. */
void sarap_audit_log_change (SarapAuditLog *self, const char *ref, const char *old_value, const char *new_value);
/* Why a finished record is edited: the event "change reason". */
void sarap_audit_log_reason (SarapAuditLog *self, const char *reason);
GBytes *sarap_audit_log_dup_csv (SarapAuditLog *self);

G_END_DECLS
