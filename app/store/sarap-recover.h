#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* A store back from its journals, its files and what can be read of its database. */

typedef enum
{
  SARAP_DAMAGE_DATABASE,     /* @file is a table, all or part of which cannot be read; or sarap.db itself */
  SARAP_DAMAGE_JOURNAL,      /* nothing can be had from this journal */
  SARAP_DAMAGE_JOURNAL_END,  /* @offset: from here nothing counts; @size bytes */
  SARAP_DAMAGE_JOURNAL_KEY,  /* the record in it may be read by the project only */
  SARAP_DAMAGE_RECORD,       /* @file is an instanceID that could not be brought back */
  SARAP_DAMAGE_FORMS,        /* the list of forms */
  SARAP_DAMAGE_FILE_MISSING, /* @file of @record */
} SarapDamageKind;

typedef struct
{
  SarapDamageKind kind;
  char *file;
  char *record;
  goffset offset;
  goffset size;
} SarapDamage;

typedef struct
{
  guint n_records; /* in the store now */
  guint n_answers; /* of those that come from journals */
  guint n_forms;
  guint n_from_journals; /* records */
  char *kept;            /* the damaged database; NULL: there was none */
  GPtrArray *damages;    /* of SarapDamage */
} SarapRecovery;

SarapRecovery *sarap_store_recover (const char *folder, GError **error);
void sarap_recovery_free (SarapRecovery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapRecovery, sarap_recovery_free)

G_END_DECLS
