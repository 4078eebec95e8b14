#pragma once

#include "app/form/sarap-interview.h"
#include "app/store/sarap-database.h"

G_BEGIN_DECLS

/* The one place where answers reach the disk and come back from it. Inside transactions of the
 * database thread. @record is the record's number; its key must be open here. */

gboolean sarap_answers_write (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *changes, gint64 at, GError **error);
gboolean sarap_answers_replace (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *state, gint64 at, GError **error);
GPtrArray *sarap_answers_read (SarapDatabase *db, gint64 record, GError **error);
typedef struct
{
  gint64 revision;
  gint64 at; /* ms UTC */
  SarapChange *change;
} SarapRevision;
void sarap_revision_free (SarapRevision *revision);
GPtrArray *sarap_answers_read_history (SarapDatabase *db, gint64 record, GError **error);
gboolean sarap_answers_clear (SarapDatabase *db, gint64 record, GError **error);

G_END_DECLS
