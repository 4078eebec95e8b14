/* What kiosk visitors tapped. They chose themselves, so nothing here speaks for all visitors. */
#include "app/report/sarap-figure-internal.h"

#include <glib/gi18n.h>

static void
add_question (SarapFigureContext *context, const char *question)
{
  const char *const columns[] = { _ ("Share"), _ ("Taps"), NULL };
  g_autoptr (GPtrArray) choices = sarap_figures_dup_choices (context, question);
  g_autofree char *wording = sarap_figures_dup_wording (context, question);
  g_autofree guint *counts = g_new0 (guint, choices->len + 1);
  SarapFigure *figure;
  guint total = 0;

  if (wording == NULL)
    return;
  figure = sarap_figures_add (context, sarap_figure_new (question, wording, SARAP_CHART_BARS, _ ("Answer"), columns));
  for (guint row = 0; row < sarap_dataset_get_n_rows (context->dataset); row++)
    for (guint i = 0; i < choices->len; i++)
      counts[i] += sarap_answer_is (context->dataset, row, question, ((SarapChoice *) g_ptr_array_index (choices, i))->value);
  for (guint i = 0; i < choices->len; i++)
    total += counts[i];
  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);
      SarapFigureRow *row = sarap_figure_add_row (figure, choice->value, choice->label);

      sarap_cell_set_share (&row->cells[0], counts[i], total);
      sarap_cell_set (&row->cells[1], SARAP_CELL_COUNT, counts[i]);
    }
  figure->base = g_strdup_printf (ngettext ("n = %u tap", "n = %u taps", total), total);
  sarap_figure_add_note (figure, "%s", _ ("Visitors chose to answer: the shares describe the taps, not all visitors."));
}

void
sarap_figures_add_kiosk (SarapFigureContext *context)
{
  const char *const questions[] = { "k1", "k2", "k3", "k4", "k5" };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    add_question (context, questions[i]);
}
