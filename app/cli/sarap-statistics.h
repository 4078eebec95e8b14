#pragma once

#include <json-glib/json-glib.h>

#include "app/stats/sarap-estimate.h"
#include "app/stats/sarap-factor.h"

G_BEGIN_DECLS

/* The cases of `sarapctl statistics`: each names an operation on the tables of one folder; its
 * numbers are printed as case,quantity,value. */

typedef struct _SarapStatistics SarapStatistics;

SarapStatistics *sarap_statistics_new (const char *folder);
void sarap_statistics_free (SarapStatistics *self);
gboolean sarap_statistics_run (SarapStatistics *self, GError **error);
const char *sarap_statistics_peek_lines (const SarapStatistics *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapStatistics, sarap_statistics_free)

/* For the operations (sarap-statistics-*.c). */

/* Tables: the columns of DIR/NAME.csv, read once. All return NULL with @error set when the file
 * or the column is not there, or a cell is no number; what they return stays theirs. */
gboolean sarap_statistics_count_rows (SarapStatistics *self, const char *table, gsize *n, GError **error);
const double *sarap_statistics_numbers (SarapStatistics *self, const char *table, const char *column, GError **error);
const SarapFactor *sarap_statistics_factor (SarapStatistics *self, const char *table, const char *column, GError **error);
const char *const *sarap_statistics_texts (SarapStatistics *self, const char *table, const char *column, GError **error);
char **sarap_statistics_dup_headers (SarapStatistics *self, const char *table, GError **error);
GBytes *sarap_statistics_read_attached (SarapStatistics *self, const char *name, GError **error);
guint8 *sarap_statistics_domain (SarapStatistics *self, const char *table, JsonObject *spec, GError **error);
/* Keeps @data with the folder's tables under a name; NULL when there is none yet. */
gpointer sarap_statistics_peek_kept (SarapStatistics *self, const char *name);
gpointer sarap_statistics_keep (SarapStatistics *self, const char *name, gpointer data, GDestroyNotify destroy);

/* What a case asks for; NULL or NAN with @error set when it is not there. */
const char *sarap_statistics_spec_text (SarapStatistics *self, JsonObject *spec, const char *name, GError **error);
double sarap_statistics_spec_number (SarapStatistics *self, JsonObject *spec, const char *name, GError **error);
char **sarap_statistics_spec_texts (SarapStatistics *self, JsonObject *spec, const char *name, GError **error);

void sarap_statistics_put (SarapStatistics *self, double value, const char *format, ...) G_GNUC_PRINTF (3, 4);
void sarap_statistics_put_interval (SarapStatistics *self, SarapInterval interval, const char *quantity);
void sarap_statistics_put_text (SarapStatistics *self, const char *value, const char *format, ...) G_GNUC_PRINTF (3, 4);

typedef gboolean (*SarapStatisticsFunc) (SarapStatistics *self, JsonObject *spec, GError **error);

gboolean sarap_statistics_mean (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_rake (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_greg (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_shares (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_total (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_ratio (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_independence (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_wave_difference (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_nps (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_list (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_crosswise (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_forced_response (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_cohen (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_fleiss (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_audit (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_recommendations (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_kiosk (SarapStatistics *self, JsonObject *spec, GError **error);
gboolean sarap_statistics_quality (SarapStatistics *self, JsonObject *spec, GError **error);

G_END_DECLS
