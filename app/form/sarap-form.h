#pragma once

#include <gio/gio.h>

#include "app/base/sarap-problem.h"
#include "app/form/sarap-audit-log.h"
#include "app/form/sarap-list.h"
#include "app/form/sarap-question.h"

G_BEGIN_DECLS

#define SARAP_TYPE_FORM (sarap_form_get_type ())
G_DECLARE_FINAL_TYPE (SarapForm, sarap_form, SARAP, FORM, GObject)

/* A form's media by the name that the form uses ("centres.csv"). The owner of the files (a
 * folder, the store, the server) implements it. Returns: (transfer full) (nullable). */
typedef GBytes *(*SarapFormMediaFunc) (const char *name, gpointer data);

/* The same for a file of its own: its path, and in @sha256 what its contents are known by, if so.
 * Returns: (transfer full) (nullable) */
typedef char *(*SarapFormMediaPathFunc) (const char *name, char **sha256, gpointer data);

/* Where a form finds what belongs to it. */
typedef struct
{
  SarapFormMediaFunc read;          /* (nullable) */
  SarapFormMediaPathFunc find_path; /* (nullable) */
  gpointer data;
  GDestroyNotify destroy;  /* called in any case */
  SarapListLibrary *lists; /* (nullable): keeps large lists; without one they are read into memory */
} SarapFormMedia;

SarapForm *sarap_form_load_with (GBytes *bytes, const char *file, const SarapFormMedia *media, SarapProblems *problems, GError **error);
SarapForm *sarap_form_load (GBytes *bytes, const char *file, SarapFormMediaFunc media, gpointer media_data, GDestroyNotify media_destroy, SarapProblems *problems, GError **error);
SarapForm *sarap_form_load_file (const char *path, const char *media_folder, SarapProblems *problems, GError **error);
SarapForm *sarap_form_load_file_with (const char *path, const char *media_folder, SarapListLibrary *lists, SarapProblems *problems, GError **error);

const char *sarap_form_get_id (SarapForm *self);
const char *sarap_form_get_version (SarapForm *self); /* "" when the form has none */
const char *sarap_form_get_title (SarapForm *self);
char *sarap_form_dup_title_part (const char *title, const char *language);
/* XForm XML: the given bytes, or what the XLSForm was converted to. */
GBytes *sarap_form_peek_xml (SarapForm *self);
const char *sarap_form_get_hash (SarapForm *self);             /* "md5:" and 32 hex digits of the XML (OpenRosa form list) */
const char *const *sarap_form_get_languages (SarapForm *self); /* as written: "Kazakh (kk)"; NULL-terminated, may be empty */
const char *sarap_form_get_default_language (SarapForm *self);
/* The form's language for a code such as "kk", or NULL. */
const char *sarap_form_find_language (SarapForm *self, const char *code);
gboolean sarap_form_has_style (SarapForm *self, const char *word); /* body class: pages, theme-grid */
const char *const *sarap_form_get_media_names (SarapForm *self);   /* jr:// files that the form names, NULL-terminated */
const char *sarap_form_get_submission_key (SarapForm *self);       /* base64RsaPublicKey or NULL */
/* An attribute of the form's submission element ("action", "auto-send", "auto-delete"…), or NULL. */
const char *sarap_form_get_submission_parameter (SarapForm *self, const char *name);
/* A parameter of the audit log ("location-min-interval", in seconds), or NULL. What columns it
 * asks for: sarap_form_get_audit_columns(). */
const char *sarap_form_get_audit_parameter (SarapForm *self, const char *name);
SarapAuditColumns sarap_form_get_audit_columns (SarapForm *self);
GBytes *sarap_form_dup_media (SarapForm *self, const char *name);

/* The body: a group without a path whose children are the top elements. */
const SarapElement *sarap_form_get_body (SarapForm *self);
const SarapElement *sarap_form_find_element (SarapForm *self, const char *path);
/* Whether what stands at @path, asked or calculated, is of a numeric type. */
gboolean sarap_form_is_number (SarapForm *self, const char *path);
/* Paths of the answers that only the project may read. Returns: (transfer full) NULL-terminated */
char **sarap_form_dup_sensitive_paths (SarapForm *self);
/* By the name of a question, wherever it stands; NULL when unknown. */
const SarapElement *sarap_form_find_question (SarapForm *self, const char *name);

/* Labels without an interview, for tables and exports: outputs are left out of the text.
 * @language as written or a code; NULL is the default. Returns: (transfer full) never NULL. */
char *sarap_form_dup_label (SarapForm *self, const SarapElement *element, const char *language);
/* Every choice of a select, filters not applied, as {value, label} pairs. For lists from CSV files a
 * column label_CODE (label_kk) is preferred to `label`. */
typedef struct
{
  char *value;
  char *label;
  char *image; /* media name or NULL */
} SarapChoice;
void sarap_choice_free (SarapChoice *choice);
GPtrArray *sarap_form_dup_choices (SarapForm *self, const SarapElement *element, const char *language);

G_END_DECLS
