#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Indicators of one questionnaire: each figure with chart, table, wording, base and notes; and the
 * report of all. Computed in a thread from the local copy. */

#define SARAP_TYPE_FIGURES_VIEW (sarap_figures_view_get_type ())
G_DECLARE_FINAL_TYPE (SarapFiguresView, sarap_figures_view, SARAP, FIGURES_VIEW, GtkWidget)

GtkWidget *sarap_figures_view_new (SarapContext *context);

G_END_DECLS
