#pragma once

#include "app/form/sarap-form.h"

G_BEGIN_DECLS

/* How people read what a form's records carry for machines, in one language; immutable. */
typedef struct _SarapNames SarapNames;

SarapNames *sarap_names_new (SarapForm *form, const char *language);
void sarap_names_free (SarapNames *self);
char *sarap_names_dup_readable (const SarapNames *self, const char *name);
char *sarap_names_dup_title (const SarapNames *self, const char *name);
char *sarap_names_dup_place (const SarapNames *self, const char *page_key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapNames, sarap_names_free)

G_END_DECLS
