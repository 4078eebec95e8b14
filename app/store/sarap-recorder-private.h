#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount references;
  GWeakRef recorder;
  GMainContext *context;
  gint64 record;
  GMutex mutex; /* of error */
  GError *error;
  gboolean is_broken; /* database thread only */
} SarapRecorderJournal;

struct _SarapRecorder
{
  GObject parent_instance;
  SarapStore *store;
  SarapInterview *interview;
  SarapAuditLog *audit;
  SarapRecorderJournal *journal;
  SarapSecret *key; /* of the record */
  char *id;
  char *name;
  char *language;
  char *page;
  guint64 sequence;
  guint n_audit_lines;
  GSource *opening;   /* NULL: opened some seconds ago, or new */
  gboolean is_closed; /* finalized or abandoned */
};

char *sarap_recorder_dup_name (SarapRecorder *self);
char *sarap_recorder_dup_search (SarapRecorder *self, const char *name);

G_END_DECLS
