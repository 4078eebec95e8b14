#pragma once

#include "app/base/sarap-xml.h"
#include "app/form/sarap-form-private.h"

G_BEGIN_DECLS

/* XForms XML into the compiled form. Problems are collected, so that people see all of them at
 * once; a form with errors is not used. */
gboolean sarap_xforms_parse (SarapForm *form, GBytes *xml, SarapProblems *problems, GError **error);

/* Shared by the files of this folder. */
#define SARAP_XFORMS_MAX_QUESTIONS 20000
#define SARAP_XFORMS_MAX_CHOICES 200000

typedef struct
{
  SarapForm *form;
  SarapProblems *problems;
  xmlNode *model;
  xmlNode *body;
  guint n_questions;
  guint n_choices;        /* written into the form */
  GHashTable *nodeset_of; /* id of a bind → its nodeset, owned */
  GHashTable *repeats;    /* paths of the body's repeats, owned → whether its instances are fixed */
} SarapXformsReader;

void sarap_xforms_error (SarapXformsReader *reader, const xmlNode *at, const char *format, ...) G_GNUC_PRINTF (3, 4);
void sarap_xforms_warn (SarapXformsReader *reader, const xmlNode *at, const char *format, ...) G_GNUC_PRINTF (3, 4);
const char *sarap_xforms_keep (SarapXformsReader *reader, const char *text);
SarapXPath *sarap_xforms_compile (SarapXformsReader *reader, const xmlNode *at, const char *attribute, const char *expression);
SarapText *sarap_xforms_read_text (SarapXformsReader *reader, const xmlNode *element);
SarapText *sarap_xforms_read_message (SarapXformsReader *reader, const xmlNode *at, const char *text);
char *sarap_xforms_dup_itext_argument (const char *expression);
char *sarap_xforms_resolve (SarapXformsReader *reader, const xmlNode *control, const char *context);
SarapAction *sarap_xforms_read_action (SarapXformsReader *reader, const xmlNode *node, const SarapElement *element);
void sarap_action_free (SarapAction *self);

void sarap_xforms_read_itext (SarapXformsReader *reader);
void sarap_xforms_read_instances (SarapXformsReader *reader);
void sarap_xforms_read_binds (SarapXformsReader *reader);
void sarap_xforms_find_repeats (SarapXformsReader *reader);
void sarap_xforms_read_body (SarapXformsReader *reader);
void sarap_xforms_warn_about_unknown (SarapXformsReader *reader);

G_END_DECLS
