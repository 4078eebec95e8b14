#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the central store keeps and gives. Times are ms UTC. */

/* One version of a form. Reference counted, immutable, may be read from any thread. */
typedef struct
{
  gint64 row;
  gint64 project;
  char *xml_form_id;
  char *version;
  char *title;
  char *hash;  /* "md5:…" of the XML */
  char *state; /* open, closing, closed */
  gboolean is_encrypted;
  char **file_paths;    /* paths of the nodes that name attachments: "/data/photo" */
  gint64 n_submissions; /* of all versions; in lists */
  GBytes *xml;
} SarapCentralForm;

SarapCentralForm *sarap_central_form_new (void);
SarapCentralForm *sarap_central_form_ref (SarapCentralForm *self);
void sarap_central_form_unref (SarapCentralForm *self);
gboolean sarap_form_state_is_known (const char *state);

typedef struct
{
  char *name;
  char *sha256; /* hex; NULL: named by the submission, not there yet */
  char *md5;    /* form media only */
  gint64 size;
} SarapCentralFile;

SarapCentralFile *sarap_central_file_new (const char *name, const char *sha256, gint64 size);
void sarap_central_file_free (SarapCentralFile *file);

typedef struct
{
  gint64 id;
  char *name;
  gint64 n_forms;
  gint64 created_at;
} SarapCentralProject;

void sarap_central_project_free (SarapCentralProject *project);

/* Public halves of a project's pairs: one in use, one in a drawer. */
typedef struct
{
  char *use_key, *spare_key;     /* base64 */
  char *use_proof, *spare_proof; /* hashes of the words that were asked for; NULL: none are */
  gint64 proven_at;              /* 0: nobody has shown yet that the private halves work */
} SarapProjectKeys;

void sarap_project_keys_free (SarapProjectKeys *keys);

/* A device or the person who carries it. */
typedef struct
{
  gint64 id;
  gint64 project;
  char *name;
  gboolean is_revoked; /* or found by a key that was replaced */
  gint64 created_at;
  gint64 revoked_at; /* 0: not; in lists, as what follows */
  gint64 n_submissions;
  gint64 last_sent_at; /* 0: never */
} SarapAppUser;

void sarap_app_user_free (SarapAppUser *user);

/* What a supervisor is in a project. */
typedef enum
{
  SARAP_PROJECT_ROLE_NONE,
  SARAP_PROJECT_ROLE_SUPERVISOR,
  SARAP_PROJECT_ROLE_ADMINISTRATOR,
} SarapProjectRole;

typedef struct
{
  gint64 id;
  char *email;
  char *password_hash; /* NULL when found by a session */
} SarapSupervisor;

void sarap_supervisor_free (SarapSupervisor *supervisor);

/* A row of lists and of the feed. */
typedef struct
{
  gint64 row;
  gint64 sequence;
  char *instance_id;
  char *xml_form_id;
  char *version;
  char *submitter;
  gint64 submitter_id; /* 0: brought in by an administrator */
  char *instance_name;
  char *superseded_by; /* or NULL */
  char *review_state;  /* NULL: received */
  char *comment;
  char *sha256;
  gboolean is_complete;
  gint64 created_at, updated_at;
} SarapCentralSubmission;

void sarap_central_submission_free (SarapCentralSubmission *submission);

typedef struct
{
  gint64 project;
  const char *xml_form_id;  /* NULL: all */
  const char *review_state; /* NULL: all; "received": none yet */
  const char *submitter;    /* name or number; NULL: all */
  const char *region;
  const char *centre;
  gint64 top, skip;
} SarapCentralFilter;

typedef struct
{
  gint64 id;
  char *instance_id; /* in the reviews of an app user */
  gboolean is_review;
  char *actor;
  char *state; /* NULL: received */
  char *body;
  gint64 at;
} SarapCentralEvent;

void sarap_central_event_free (SarapCentralEvent *event);

/* Authenticated bytes that had no place, and what a person decided of them. Never discarded. */
typedef struct
{
  gint64 id;
  gint64 app_user; /* 0: brought in by an administrator */
  char *submitter;
  char *instance_id;
  char *reason;
  char *sha256; /* of the XML */
  gint64 size;
  gint64 received_at;
  char *decision; /* NULL: none yet; "kept", "accepted" */
  char *decided_by;
  char *comment;
  gint64 decided_at;
  char *accepted_as; /* instance under which it was accepted, or NULL */
  GBytes *xml;       /* not in lists, as what follows */
  GPtrArray *files;  /* SarapCentralFile */
} SarapQuarantined;

void sarap_quarantined_free (SarapQuarantined *quarantined);

/* What one POST, or one folder of a hand-over, brought. */
typedef enum
{
  SARAP_OUTCOME_CREATED,   /* something new is durable now */
  SARAP_OUTCOME_DUPLICATE, /* everything was there */
  SARAP_OUTCOME_CONFLICT,  /* other bytes under a known name: kept in quarantine */
  SARAP_OUTCOME_UNPLACED,  /* unknown form, or not encrypted though it must be: kept in quarantine */
  SARAP_OUTCOME_CLOSED,    /* the form takes no more; nothing kept, the sender has it */
  SARAP_OUTCOME_FAILED,    /* the machine failed: nothing kept */
} SarapOutcome;

typedef struct
{
  gint64 project;
  SarapCentralForm *form; /* NULL: unknown */
  char *xml_form_id;
  char *version;
  gint64 app_user; /* 0: an administrator */
  char *submitter;
  char *instance_id;
  char *deprecated_id; /* or NULL */
  char *instance_name;
  char *region;
  char *centre;
  gboolean is_encrypted;
  GBytes *xml;
  char *sha256;
  GPtrArray *expected; /* names that the XML gives */
  GPtrArray *files;    /* SarapCentralFile; durable before the parcel is accepted */
  char *unplaced;      /* why it can only go into quarantine, or NULL */
  gboolean is_decided; /* a person takes it out of quarantine: it gets a place */
  gint64 received_at;

  SarapOutcome outcome;
  char *message;     /* of what is not stored */
  gint64 row;        /* of its submission */
  GPtrArray *stored; /* SarapCentralFile: every file of the submission, missing ones too */
} SarapParcel;

SarapParcel *sarap_parcel_new (void);
void sarap_parcel_free (SarapParcel *parcel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCentralForm, sarap_central_form_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCentralFile, sarap_central_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapProjectKeys, sarap_project_keys_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapAppUser, sarap_app_user_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapSupervisor, sarap_supervisor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCentralSubmission, sarap_central_submission_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapQuarantined, sarap_quarantined_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapParcel, sarap_parcel_free)

G_END_DECLS
