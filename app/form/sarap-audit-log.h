#pragma once

#include "app/base/sarap-clock.h"

G_BEGIN_DECLS

/* The audit log of ODK forms (audit.csv): event, node, start, end in ms UTC. Kept as lines that
 * can be appended durably and restored. */

#define SARAP_TYPE_AUDIT_LOG (sarap_audit_log_get_type ())
G_DECLARE_FINAL_TYPE (SarapAuditLog, sarap_audit_log, SARAP, AUDIT_LOG, GObject)

typedef struct _SarapInterview SarapInterview;

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
/* An event at one moment: "form start", "form resume", "form save", "form exit", "form finalize", "end screen", "jump",
 * "location tracking enabled", "location providers disabled", "background audio disabled". */
void sarap_audit_log_event (SarapAuditLog *self, const char *event);
/* The questions that are on screen now; ends those that were. (nullable) NULL-terminated. */
void sarap_audit_log_show (SarapAuditLog *self, const char *event, const char *const *refs);
/* Before the first line: what the form of @interview asks for, who its interviewer is, and what becomes of the answers on screen. */
void sarap_audit_log_follow (SarapAuditLog *self, SarapInterview *interview);
/* Where the device is now, in degrees and metres. */
void sarap_audit_log_set_location (SarapAuditLog *self, double latitude, double longitude, double accuracy);
/* Why a draft that had been left was changed: the event "change reason". */
void sarap_audit_log_reason (SarapAuditLog *self, const char *reason);
GBytes *sarap_audit_log_dup_csv (SarapAuditLog *self);

G_END_DECLS
