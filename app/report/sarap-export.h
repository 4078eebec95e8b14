#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

/* The records of a form as files for other programs. */

#define SARAP_EXPORT_ERROR (sarap_export_error_quark ())
GQuark sarap_export_error_quark (void);

typedef enum
{
  SARAP_EXPORT_ERROR_NO_PLACE, /* GeoJSON of a form that asks for no point */
  SARAP_EXPORT_ERROR_WRITE,    /* the file could not be made */
} SarapExportError;

typedef enum
{
  SARAP_EXPORT_CSV,     /* one table at the path, a further one beside it for each repeat */
  SARAP_EXPORT_XLSX,    /* a sheet for each table */
  SARAP_EXPORT_JSON,    /* nested */
  SARAP_EXPORT_GEOJSON, /* a point a record */
  SARAP_EXPORT_ZIP,     /* the tables, the XML of each record and its files */
} SarapExportFormat;

gboolean sarap_export_format_parse (const char *name, SarapExportFormat *format);
gboolean sarap_export_write (SarapRecordSource *source, const char *form_id, SarapExportFormat format, const char *path, guint *n_records, GError **error);
GBytes *sarap_export_dup_csv (SarapRecordSource *source, const char *form_id, GError **error);

G_END_DECLS
