#include "app/report/sarap-figure-internal.h"

#include <glib/gi18n.h>

static void
choices_free (gpointer data)
{
  sarap_choice_free (data);
}

GPtrArray *
sarap_figures_dup_choices (SarapFigureContext *context, const char *question)
{
  const SarapElement *element = sarap_form_find_question (context->form, question);

  if (element == NULL)
    return g_ptr_array_new_with_free_func (choices_free);
  return sarap_form_dup_choices (context->form, element, context->language);
}

/* The question as it was asked, or NULL. */
char *
sarap_figures_dup_wording (SarapFigureContext *context, const char *question)
{
  const SarapElement *element = sarap_form_find_question (context->form, question);

  return element ? sarap_form_dup_label (context->form, element, context->language) : NULL;
}

SarapFigure *
sarap_figures_add (SarapFigureContext *context, SarapFigure *figure)
{
  g_ptr_array_add (context->figures, figure);
  return figure;
}

void
sarap_cell_set (SarapCell *cell, SarapCellKind kind, double number)
{
  cell->kind = kind;
  cell->number = number;
}

void
sarap_cell_set_share (SarapCell *cell, guint part, guint base)
{
  if (base == 0)
    sarap_cell_set (cell, SARAP_CELL_BLANK, 0);
  else if (base < SARAP_MIN_RESPONDENTS)
    sarap_cell_set (cell, SARAP_CELL_SUPPRESSED, base);
  else
    sarap_cell_set (cell, SARAP_CELL_PERCENT, 100.0 * part / base);
}

gboolean
sarap_answer_is (SarapDataset *dataset, guint row, const char *column, const char *value)
{
  return g_strcmp0 (sarap_dataset_peek (dataset, row, column), value) == 0;
}

static void
add_count (SarapFigureContext *context)
{
  const char *const columns[] = { _ ("Records"), NULL };
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("records", _ ("Records received"), SARAP_CHART_NONE, _ ("Wave"), columns));
  guint n_rows = sarap_dataset_get_n_rows (context->dataset);

  for (guint wave = 0; wave < context->waves->len; wave++)
    {
      const SarapWave *entry = g_ptr_array_index (context->waves, wave);
      SarapFigureRow *row = sarap_figure_add_row (figure, entry->name, entry->label);
      guint count = 0;

      for (guint i = 0; i < n_rows; i++)
        count += sarap_waves_find (context->waves, sarap_dataset_get_day (context->dataset, i)) == (int) wave;
      sarap_cell_set (&row->cells[0], SARAP_CELL_COUNT, count);
    }
  figure->base = g_strdup_printf (_ ("n = %u records; %u rejected ones are left out"), n_rows, sarap_dataset_get_n_rejected (context->dataset));
}

/* Returns: (transfer full) scoring of the form, or NULL; without @error when it has none */
SarapScoring *
sarap_figures_load_scoring (SarapRecordSource *source, const char *form_id, const char *version, GError **error)
{
  g_autoptr (GBytes) scoring = sarap_record_source_dup_media (source, form_id, version, "scoring.csv", NULL);
  g_autoptr (GBytes) sections = scoring ? sarap_record_source_dup_media (source, form_id, version, "sections.csv", NULL) : NULL;

  return sections ? sarap_scoring_new (scoring, sections, error) : NULL;
}

static void
figure_free (gpointer data)
{
  sarap_figure_free (data);
}

static gboolean
add_figures (SarapFigureContext *context, GError **error)
{
  g_autoptr (GBytes) scoring = sarap_record_source_dup_media (context->source, sarap_form_get_id (context->form), NULL, "scoring.csv", NULL);

  if (scoring != NULL)
    return sarap_figures_add_audit (context, error);
  if (sarap_form_find_question (context->form, "q_group") && sarap_form_find_question (context->form, "d_faced"))
    return sarap_figures_add_survey (context, error);
  if (sarap_form_find_question (context->form, "k1"))
    sarap_figures_add_kiosk (context);
  add_count (context);
  return TRUE;
}

GPtrArray *
sarap_figures_new (SarapRecordSource *source, const char *form_id, const char *language, GError **error)
{
  SarapFigureContext context = { .source = source, .language = language };
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func (figure_free);
  g_autoptr (SarapDataset) dataset = sarap_dataset_load (source, form_id, error);
  g_autoptr (GPtrArray) waves = dataset ? sarap_waves_load (source, dataset, language, error) : NULL;

  if (waves == NULL)
    return NULL;
  context.dataset = dataset;
  context.form = sarap_dataset_get_form (dataset);
  context.waves = waves;
  context.figures = figures;
  return add_figures (&context, error) ? g_steal_pointer (&figures) : NULL;
}
