#pragma once

#include "app/report/sarap-figure.h"

G_BEGIN_DECLS

/* A figure as it stands on paper or in a picture: heading, question, chart, table, what a reader
 * must know. With @cr NULL it only measures. Returns: height in the unit of the surface. */
double sarap_sheet_draw_figure (const SarapFigure *figure, cairo_t *cr, double width, const SarapChartStyle *style);
/* One wrapped text; returns its height. @scale multiplies the text size. */
double sarap_sheet_draw_text (cairo_t *cr, const char *text, double x, double y, double width, double scale, gboolean bold, guint32 colour, const SarapChartStyle *style);

G_END_DECLS
