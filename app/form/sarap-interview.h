#pragma once

#include "app/base/sarap-clock.h"
#include "app/form/sarap-form.h"
#include "app/form/sarap-node.h"

G_BEGIN_DECLS

#define SARAP_TYPE_INTERVIEW (sarap_interview_get_type ())
G_DECLARE_FINAL_TYPE (SarapInterview, sarap_interview, SARAP, INTERVIEW, GObject)

#define SARAP_INTERVIEW_ERROR (sarap_interview_error_quark ())
GQuark sarap_interview_error_quark (void);

typedef enum
{
  SARAP_INTERVIEW_ERROR_EXPRESSION, /* an expression of the form failed: the form must be mended */
  SARAP_INTERVIEW_ERROR_REFERENCE,  /* no such node, or not one that can be answered */
  SARAP_INTERVIEW_ERROR_REPEAT,     /* instance cannot be added or removed there */
  SARAP_INTERVIEW_ERROR_INVALID,    /* finalize: violations stand */
} SarapInterviewError;

typedef enum
{
  SARAP_ANSWER_OK,
  SARAP_ANSWER_REQUIRED_BUT_EMPTY,
  SARAP_ANSWER_CONSTRAINT_VIOLATED, /* also: text that is no value of the bind's type */
} SarapAnswerResult;

/* One thing that happened to the instance, for whoever keeps it (the store). References are
 * concrete: "/data/violation[2]/v_text". */
typedef enum
{
  SARAP_CHANGE_VALUE,  /* ref has this value now (NULL: blank); calculated nodes too */
  SARAP_CHANGE_REPEAT, /* the repeat instance ref exists now */
  SARAP_CHANGE_FORGET, /* everything at or below ref is void; what is left of it follows as further changes */
} SarapChangeKind;

typedef struct
{
  SarapChangeKind kind;
  char *ref;
  char *value;
} SarapChange;

typedef struct
{
  char *ref;
  SarapAnswerResult result;
  char *message; /* constraint or required message in the language; NULL when the form has none */
} SarapViolation;

typedef struct
{
  const char *device_id;
  const char *username;
  const char *phone_number;
  const char *email;
  const char *interviewer; /* who says to be filling it, for the audit log, or NULL */
  const char *last_saved;  /* XML of the last saved record of this form, or NULL */
  guint32 seed;            /* of random(); 0: chance */
} SarapInterviewSettings;

/* Signals:
 *  "changed" (GPtrArray<SarapChange> changes): after each operation, with all that it changed,
 *    in the order in which they can be replayed. Listeners must not answer from inside.
 *  "state-changed": relevance, labels, choices or validity may look different (also after a
 *    change of language). Once per operation.
 *  "geopoint-requested" (const char *ref, const char *unused): odk:setgeopoint wants the place
 *    of the device in ref; answer when it is known.
 *  "recording-requested" (const char *ref, const char *quality): odk:recordaudio, likewise. */
SarapInterview *sarap_interview_new (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GError **error);
/* @changes (element-type SarapChange) as recorded; those that no longer fit the form are given
 * back in @unfit (may be NULL). Neither first-load events nor once() happen again. */
SarapInterview *sarap_interview_restore (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GPtrArray *changes, GPtrArray **unfit, GError **error);
SarapInterview *sarap_interview_new_from_xml (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GBytes *xml, GError **error);
/* The record @xml to be changed: a new interview with its answers, an ID of its own and meta/deprecatedID. */
SarapInterview *sarap_interview_new_edit (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GBytes *xml, GError **error);
/* The state as changes that restore it. */
GPtrArray *sarap_interview_dup_state (SarapInterview *self);

SarapForm *sarap_interview_get_form (SarapInterview *self);
const char *sarap_interview_get_instance_id (SarapInterview *self); /* "uuid:…" */
const char *sarap_interview_get_interviewer (SarapInterview *self); /* NULL when nobody has said */
char *sarap_interview_dup_instance_name (SarapInterview *self);     /* NULL when the form has none */
const char *sarap_interview_get_language (SarapInterview *self);
gboolean sarap_interview_set_language (SarapInterview *self, const char *language); /* as written, or a code */

/* Questions. @ref is concrete; each returns a neutral value for an unknown ref. */
SarapAnswerResult sarap_interview_answer (SarapInterview *self, const char *ref, const char *value, GError **error);
const char *sarap_interview_peek_value (SarapInterview *self, const char *ref); /* stored text, "" when blank */
gboolean sarap_interview_is_relevant (SarapInterview *self, const char *ref);
gboolean sarap_interview_is_required (SarapInterview *self, const char *ref);
gboolean sarap_interview_is_readonly (SarapInterview *self, const char *ref);
SarapAnswerResult sarap_interview_validate (SarapInterview *self, const char *ref, char **message);
char *sarap_interview_dup_label (SarapInterview *self, const char *ref);                         /* outputs filled in; "" when none */
char *sarap_interview_dup_hint (SarapInterview *self, const char *ref);                          /* NULL when none */
char *sarap_interview_dup_guidance (SarapInterview *self, const char *ref);                      /* NULL when none */
char *sarap_interview_dup_label_media (SarapInterview *self, const char *ref, const char *form); /* form "image", "audio", "video", "big-image" */
GPtrArray *sarap_interview_dup_choices (SarapInterview *self, const char *ref);                  /* (element-type SarapChoice), filtered and in order */
/* What the answer reads like: labels of choices joined by commas, dates in the locale. */
char *sarap_interview_dup_display_value (SarapInterview *self, const char *ref);
const SarapElement *sarap_interview_get_element (SarapInterview *self, const char *ref);

/* Repeats. @path is the repeat without a position at its end: "/data/rep" or "/data/outer[2]/rep". */
guint sarap_interview_get_n_instances (SarapInterview *self, const char *path);
gboolean sarap_interview_can_add_instance (SarapInterview *self, const char *path);          /* FALSE under jr:count and jr:noAddRemove */
char *sarap_interview_add_instance (SarapInterview *self, const char *path, GError **error); /* ref of the new one */
gboolean sarap_interview_remove_instance (SarapInterview *self, const char *ref, GError **error);

/* Repeats the requests that were made before anybody listened, those of the first load: call it
 * when the signals are connected. */
void sarap_interview_send_requests (SarapInterview *self);

/* The end. */
GPtrArray *sarap_interview_dup_violations (SarapInterview *self); /* (element-type SarapViolation) in form order */
GBytes *sarap_interview_serialize (SarapInterview *self);         /* irrelevant nodes left out */
/* Sets end time and the like, checks everything, and gives the exact bytes to store once. */
GBytes *sarap_interview_finalize (SarapInterview *self, GError **error);
/* Names of attachments that the answers refer to (media questions). NULL-terminated. */
char **sarap_interview_dup_attachment_names (SarapInterview *self);
gboolean sarap_interview_has_audit (SarapInterview *self); /* the form asks for an audit log (audit.csv) */

SarapNode *sarap_interview_peek_root (SarapInterview *self);
/* Evaluates @expression with the node at @context (NULL: root) as context. */
char *sarap_interview_evaluate (SarapInterview *self, const char *expression, const char *context, GError **error);

SarapChange *sarap_change_new (SarapChangeKind kind, const char *ref, const char *value);
void sarap_change_free (SarapChange *change);
void sarap_violation_free (SarapViolation *violation);

G_END_DECLS
