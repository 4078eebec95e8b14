#pragma once

#include "app/base/sarap-clock.h"

G_BEGIN_DECLS

/* The audit log of ODK forms (audit.csv): event, node, start, end in ms UTC. Kept as lines that
 * can be appended durably and restored. */

#define SARAP_TYPE_AUDIT_LOG (sarap_audit_log_get_type ())
G_DECLARE_FINAL_TYPE (SarapAuditLog, sarap_audit_log, SARAP, AUDIT_LOG, GObject)

/* Signal "appended" (const char *line): a finished line without its end of line. */
SarapAuditLog *sarap_audit_log_new (SarapClock *clock);
SarapAuditLog *sarap_audit_log_restore (SarapClock *clock, const char *const *lines);
/* An event at one moment: "form start", "form resume", "form save", "form exit", "form finalize", "end screen", "jump". */
void sarap_audit_log_event (SarapAuditLog *self, const char *event);
/* The questions that are on screen now; ends those that were. (nullable) NULL-terminated. */
void sarap_audit_log_show (SarapAuditLog *self, const char *event, const char *const *refs);
GBytes *sarap_audit_log_dup_csv (SarapAuditLog *self);

G_END_DECLS
