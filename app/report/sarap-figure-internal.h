#pragma once

#include "app/report/sarap-figures.h"

G_BEGIN_DECLS

/* What the figures of one kind of form are made from, and small helpers they share. */

typedef struct
{
  SarapRecordSource *source;
  SarapDataset *dataset;
  SarapForm *form;
  const char *language;
  GPtrArray *waves;   /* (element-type SarapWave) */
  GPtrArray *figures; /* (element-type SarapFigure): where results go */
} SarapFigureContext;

gboolean sarap_figures_add_audit (SarapFigureContext *context, GError **error);
gboolean sarap_figures_add_survey (SarapFigureContext *context, GError **error);
void sarap_figures_add_kiosk (SarapFigureContext *context);

/* Fewer respondents than this are never shown (domain: threshold rule). */
#define SARAP_MIN_RESPONDENTS 5

/* Choices of a question in their order, (element-type SarapChoice); empty when there is no such question. */
GPtrArray *sarap_figures_dup_choices (SarapFigureContext *context, const char *question);
char *sarap_figures_dup_wording (SarapFigureContext *context, const char *question);
SarapFigure *sarap_figures_add (SarapFigureContext *context, SarapFigure *figure);
void sarap_cell_set (SarapCell *cell, SarapCellKind kind, double number);
/* 100 · @part ÷ @base; suppressed when @base is below SARAP_MIN_RESPONDENTS. */
void sarap_cell_set_share (SarapCell *cell, guint part, guint base);
int sarap_waves_find (GPtrArray *waves, int day);
gboolean sarap_answer_is (SarapDataset *dataset, guint row, const char *column, const char *value);

G_END_DECLS
