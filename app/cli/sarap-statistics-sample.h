#pragma once

#include "app/cli/sarap-statistics.h"

G_BEGIN_DECLS

/* The interviews of persons.csv: variables made from the answers, waves, designs. */

typedef struct
{
  gsize n;
  guint32 *rows; /* of persons.csv */
  GHashTable *designs;
  GPtrArray *columns; /* what the designs borrow */
} SarapSample;

/* The interviews of a wave, or of all waves when @wave is NULL. Stays @self's. */
SarapSample *sarap_sample_of_wave (SarapStatistics *self, const char *wave, GError **error);
/* wr, fpc, srs, rake (R's variance), greg. Stays @sample's. */
const SarapDesign *sarap_sample_design (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error);
const double *sarap_sample_weights (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error);

/* Columns of the sample's interviews; (transfer full), NULL with @error set. */
double *sarap_sample_values (SarapStatistics *self, const SarapSample *sample, const char *variable, GError **error);
guint32 *sarap_sample_codes (SarapStatistics *self, const SarapSample *sample, const SarapFactor *factor);
guint8 *sarap_sample_domain (SarapStatistics *self, const SarapSample *sample, JsonObject *spec, GError **error);
guint8 *sarap_sample_group (SarapStatistics *self, const SarapSample *sample, JsonObject *spec, GError **error);

G_END_DECLS
