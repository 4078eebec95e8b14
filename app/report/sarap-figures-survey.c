/* The share who faced corruption (domain: 1, layout T1) and progress of a perception survey.
 *
 *  1. Respondents are interviews in which d_faced was answered yes or no; "hard to say" and
 *     refusals leave numerator and denominator and are counted in a note.
 *  2. Unweighted, and said so.
 */
#include "app/report/sarap-figure-internal.h"

#include <glib/gi18n.h>

typedef struct
{
  guint yes, no, undetermined;
} Answers;

static Answers
count_answers (SarapFigureContext *context, const char *group, int wave)
{
  Answers answers = { 0 };

  for (guint row = 0; row < sarap_dataset_get_n_rows (context->dataset); row++)
    {
      const char *faced = sarap_dataset_peek (context->dataset, row, "d_faced");

      if (faced == NULL || sarap_waves_find (context->waves, sarap_dataset_get_day (context->dataset, row)) != wave ||
          (group != NULL && !sarap_answer_is (context->dataset, row, "q_group", group)))
        continue;
      answers.yes += g_str_equal (faced, "yes");
      answers.no += g_str_equal (faced, "no");
      answers.undetermined += !g_str_equal (faced, "yes") && !g_str_equal (faced, "no");
    }
  return answers;
}

/* One line of T1: shares by wave, change of the last two waves, n of the last. */
static void
fill_row (SarapFigureContext *context, SarapFigureRow *row, const char *group)
{
  guint n_waves = context->waves->len;

  for (guint wave = 0; wave < n_waves; wave++)
    {
      Answers answers = count_answers (context, group, wave);

      sarap_cell_set_share (&row->cells[wave], answers.yes, answers.yes + answers.no);
      if (wave == n_waves - 1)
        sarap_cell_set (&row->cells[n_waves + (n_waves > 1)], SARAP_CELL_COUNT, answers.yes + answers.no);
    }
  if (n_waves > 1 && row->cells[n_waves - 1].kind == SARAP_CELL_PERCENT && row->cells[n_waves - 2].kind == SARAP_CELL_PERCENT)
    sarap_cell_set (&row->cells[n_waves], SARAP_CELL_POINTS, row->cells[n_waves - 1].number - row->cells[n_waves - 2].number);
}

static SarapFigure *
new_faced_figure (SarapFigureContext *context)
{
  guint n_waves = context->waves->len;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  const SarapWave *first = g_ptr_array_index (context->waves, 0), *last = g_ptr_array_index (context->waves, n_waves - 1);
  g_autofree char *period = n_waves > 1 ? g_strdup_printf ("%s–%s", first->label, last->label) : g_strdup (first->label);
  g_autofree char *title = NULL;
  SarapFigure *figure;

  for (guint wave = 0; wave < n_waves; wave++)
    g_ptr_array_add (columns, g_strdup (((SarapWave *) g_ptr_array_index (context->waves, wave))->label));
  if (n_waves > 1)
    g_ptr_array_add (columns, g_strdup (_ ("CHANGES")));
  g_ptr_array_add (columns, g_strdup_printf (_ ("n %s"), last->label));
  g_ptr_array_add (columns, NULL);
  title = g_strdup_printf (_ ("SHARE OF CITIZENS OF KAZAKHSTAN FACED CORRUPTION IN STATE BODIES, %s"), period);
  figure = sarap_figure_new ("T1", title, n_waves > 1 ? SARAP_CHART_SLOPE : SARAP_CHART_BARS, _ ("TARGET GROUPS"), (const char *const *) columns->pdata);
  figure->n_chart_columns = MAX (1, n_waves);
  return figure;
}

static void
add_faced (SarapFigureContext *context)
{
  g_autoptr (GPtrArray) groups = sarap_figures_dup_choices (context, "q_group");
  SarapFigure *figure = sarap_figures_add (context, new_faced_figure (context));
  guint undetermined = 0, n = 0;
  SarapFigureRow *total;

  for (guint i = 0; i < groups->len; i++)
    {
      const SarapChoice *group = g_ptr_array_index (groups, i);
      g_autofree char *label = g_utf8_strup (group->label, -1);

      fill_row (context, sarap_figure_add_row (figure, group->value, label), group->value);
    }
  total = sarap_figure_add_row (figure, NULL, _ ("COMMON DATA"));
  total->is_total = TRUE;
  fill_row (context, total, NULL);
  for (guint wave = 0; wave < context->waves->len; wave++)
    {
      Answers answers = count_answers (context, NULL, wave);

      undetermined += answers.undetermined;
      n += answers.yes + answers.no;
    }
  figure->question = sarap_figures_dup_wording (context, "d_faced");
  figure->base = g_strdup_printf (_ ("n = %u respondents who answered yes or no, all waves"), n);
  figure->weighting = g_strdup (_ ("Unweighted."));
  sarap_figure_add_note (figure, _ ("Hard to say or refused: n = %u, left out."), undetermined);
  sarap_figure_add_note (figure, _ ("Groups of fewer than %d respondents are not shown: ‹n›."), SARAP_MIN_RESPONDENTS);
}

static guint
count_interviews (SarapFigureContext *context, const char *region, const char *group)
{
  guint count = 0;

  for (guint row = 0; row < sarap_dataset_get_n_rows (context->dataset); row++)
    count += sarap_answer_is (context->dataset, row, "consent", "yes") &&
             (region == NULL || sarap_answer_is (context->dataset, row, "region", region)) &&
             (group == NULL || sarap_answer_is (context->dataset, row, "q_group", group));
  return count;
}

static void
fill_progress_row (SarapFigureContext *context, SarapFigureRow *row, GPtrArray *groups, const char *region)
{
  sarap_cell_set (&row->cells[0], SARAP_CELL_COUNT, count_interviews (context, region, NULL));
  for (guint i = 0; i < groups->len; i++)
    sarap_cell_set (&row->cells[i + 1], SARAP_CELL_COUNT, count_interviews (context, region, ((SarapChoice *) g_ptr_array_index (groups, i))->value));
}

static void
add_progress (SarapFigureContext *context)
{
  g_autoptr (GPtrArray) groups = sarap_figures_dup_choices (context, "q_group");
  g_autoptr (GPtrArray) regions = sarap_figures_dup_choices (context, "region");
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  SarapFigure *figure;
  SarapFigureRow *total;

  g_ptr_array_add (columns, _ ("Interviews"));
  for (guint i = 0; i < groups->len; i++)
    g_ptr_array_add (columns, ((SarapChoice *) g_ptr_array_index (groups, i))->label);
  g_ptr_array_add (columns, NULL);
  figure = sarap_figures_add (context, sarap_figure_new ("progress", _ ("Progress by region"), SARAP_CHART_BARS, _ ("Region"), (const char *const *) columns->pdata));
  for (guint i = 0; i < regions->len; i++)
    {
      const SarapChoice *region = g_ptr_array_index (regions, i);

      fill_progress_row (context, sarap_figure_add_row (figure, region->value, region->label), groups, region->value);
    }
  total = sarap_figure_add_row (figure, NULL, _ ("All regions"));
  total->is_total = TRUE;
  fill_progress_row (context, total, groups, NULL);
  figure->base = g_strdup_printf (_ ("n = %u interviews with consent, of %u contacts"), count_interviews (context, NULL, NULL), sarap_dataset_get_n_rows (context->dataset));
}

gboolean
sarap_figures_add_survey (SarapFigureContext *context, GError **error)
{
  if (context->waves->len > 0)
    add_faced (context);
  add_progress (context);
  return TRUE;
}
