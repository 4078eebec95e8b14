#pragma once

#include <gtk/gtk.h>

#include "app/report/sarap-figure.h"

G_BEGIN_DECLS

/* Draws the chart of a figure in the colours of the theme. A tap on a mark, or the arrow keys, shows
 * the numbers of its row below. The figure must outlive the widget. */

#define SARAP_TYPE_CHART (sarap_chart_get_type ())
G_DECLARE_FINAL_TYPE (SarapChart, sarap_chart, SARAP, CHART, GtkWidget)

GtkWidget *sarap_chart_new (const SarapFigure *figure);
/* The table of the figure in the same way. */
GtkWidget *sarap_chart_new_table (const SarapFigure *figure);

G_END_DECLS
