#pragma once

#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* What a finished interview does to entity lists (ODK entities specification). */

typedef struct
{
  char *list; /* the dataset: the list "trees" is the attachment trees.csv of other forms */
  char *id;   /* the entity's UUID */
  gboolean is_create;
  gboolean is_update;    /* with is_create: whichever applies */
  gint64 base;           /* baseVersion: the version that the form saw; 0: none */
  char *branch;          /* branchId as the form wrote it, "" when it did not */
  char *label;           /* NULL: stays */
  GPtrArray *properties; /* name, value, name, value… (element-type utf8) */
} SarapEntityChange;

GPtrArray *sarap_interview_dup_entity_changes (SarapInterview *self);
void sarap_entity_change_free (SarapEntityChange *self);

G_END_DECLS
