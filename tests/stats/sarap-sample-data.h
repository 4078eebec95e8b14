#pragma once

#include "app/stats/sarap-design.h"

G_BEGIN_DECLS

/* A made-up sample in which everything happens: strata with one PSU, with few and with many, a
 * stratum taken whole, unequal weights and some of 0, missing answers. The same for a seed. */
typedef struct
{
  gsize n;
  guint32 *strata, *psus, *groups;
  double *weights, *psus_in_population, *units_in_population;
  double *share, *amount; /* NAN = missing */
} SarapSampleData;

#define SARAP_SAMPLE_GROUPS 3

void sarap_sample_data_fill (SarapSampleData *data, gsize n, guint32 seed);
void sarap_sample_data_clear (SarapSampleData *data);
void sarap_sample_data_shuffle (SarapSampleData *data, guint32 seed);
SarapDesign *sarap_sample_data_design (const SarapSampleData *data, gboolean has_populations);

void sarap_assert_near (double got, double expected, double relative);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapSampleData, sarap_sample_data_clear)

G_END_DECLS
