#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

/* Records laid out as tables: one for the form and one for each repeat, whose rows name their
 * parent. Columns stand in the order of the form; what only older versions had follows. */

typedef struct
{
  char *path;   /* "/data/visit/region" */
  char *header; /* "visit-region": below the table's own path */
  gboolean is_number;
  gboolean is_point;
} SarapExportColumn;

typedef struct
{
  char *path;         /* of the repeat, "/data" for the form's own table */
  char *name;         /* of the file or sheet, without extension */
  GPtrArray *columns; /* (element-type SarapExportColumn) */
  GHashTable *index;  /* path → position + 1 */
  GPtrArray *rows;    /* (element-type SarapExportRow) */
} SarapExportTable;

typedef struct
{
  char *key;         /* instanceID, below it "uuid:…/rep[2]" */
  char *parent_key;  /* NULL in the form's own table */
  GPtrArray *values; /* by column; NULL or shorter: blank */
  char *version;     /* the form's own table only, as the following */
  char *submitter;
  char *review_state;
  gint64 received_at;
} SarapExportRow;

typedef struct
{
  SarapForm *form;
  GPtrArray *tables; /* (element-type SarapExportTable), the form's own first */
} SarapExportTables;

SarapExportTables *sarap_export_tables_new (SarapRecordSource *source, const char *form_id, GError **error);
void sarap_export_tables_free (SarapExportTables *self);
const char *sarap_export_row_peek (const SarapExportRow *row, guint column);
char *sarap_export_format_time (gint64 ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapExportTables, sarap_export_tables_free)

G_END_DECLS
