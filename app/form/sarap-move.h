#pragma once

#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* A draft goes over to another version of its form. */

/* An answer that the new version has no place for. */
typedef struct
{
  char *ref;   /* in the old version */
  char *label; /* of the question as it was asked; its name when it had none */
  char *value; /* as stored */
  char *text;  /* as it reads: labels of choices, dates in the locale */
} SarapAside;

SarapInterview *sarap_interview_move (SarapInterview *old, SarapForm *form, const SarapInterviewSettings *settings, GPtrArray **aside, GError **error);

SarapAside *sarap_aside_new (const char *ref, const char *label, const char *value, const char *text);
void sarap_aside_free (SarapAside *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapAside, sarap_aside_free)

G_END_DECLS
