#pragma once

#include "app/report/sarap-dataset.h"
#include "app/report/sarap-audit-score.h"
#include "app/report/sarap-figure.h"

G_BEGIN_DECLS

/* The first indicators of each kind of form, computed from its records. What a form is for is told
 * by what it has: a scoring.csv makes it an audit; questions q_group and d_faced a survey of
 * facing corruption; k1 a kiosk. Any form gets its number of records.
 * @language: "en", "ru", "kk" of the labels. Returns: (element-type SarapFigure) */
GPtrArray *sarap_figures_new (SarapRecordSource *source, const char *form_id, const char *language, GError **error);

/* Score of one visit, from its answers; FALSE when the form has no scoring. */
SarapScoring *sarap_figures_load_scoring (SarapRecordSource *source, const char *form_id, const char *version, GError **error);

/* A wave: a named range of days. From waves.csv attached to the form (name, from, to, label_CODE);
 * without it, each year that has records is a wave. */
typedef struct
{
  char *name;
  char *label;
  int from, to; /* days since 1970-01-01, both included */
} SarapWave;
GPtrArray *sarap_waves_parse (GBytes *bytes, const char *language, GError **error);
GPtrArray *sarap_waves_load (SarapRecordSource *source, SarapDataset *dataset, const char *language, GError **error);

G_END_DECLS
