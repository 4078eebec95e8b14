/* Indicators of audit visits (domain: 24, 25, 26, 27, 32), counted from the stored records. */
#include "app/report/sarap-figure-internal.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/base/sarap-csv.h"

typedef struct
{
  guint visits;
  guint violations;
  guint with_violation;
  guint with_critical;
  guint scored;
  guint passed;
  double score;
  GHashTable *centres;
} Tally;

typedef struct
{
  SarapDataset *dataset;
  guint row;
} Visit;

static const char *
answer_of_visit (const char *item, gpointer data)
{
  Visit *visit = data;

  return sarap_dataset_peek (visit->dataset, visit->row, item);
}

static guint *
count_violations (SarapFigureContext *context)
{
  guint *counts = g_new0 (guint, sarap_dataset_get_n_rows (context->dataset) + 1);
  SarapDataset *violations = sarap_dataset_peek_repeat (context->dataset, "violation");

  for (guint i = 0; violations != NULL && i < sarap_dataset_get_n_rows (violations); i++)
    if (sarap_dataset_peek (violations, i, "v_type") != NULL)
      counts[sarap_dataset_get_parent_row (violations, i)]++;
  return counts;
}

static void
tally_visit (Tally *tally, const SarapAuditScore *score, guint n_violations, const char *centre)
{
  tally->visits++;
  tally->violations += n_violations;
  tally->with_violation += n_violations > 0;
  tally->with_critical += score->has_critical_failure;
  if (score->grade != SARAP_GRADE_NONE)
    {
      tally->scored++;
      tally->score += score->score;
      tally->passed += sarap_grade_passes (score->grade);
    }
  if (centre != NULL)
    g_hash_table_add (tally->centres, g_strdup (centre));
}

static void
tally_free (gpointer data)
{
  Tally *tally = data;

  g_hash_table_unref (tally->centres);
  g_free (tally);
}

static Tally *
tally_new (void)
{
  Tally *tally = g_new0 (Tally, 1);

  tally->centres = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return tally;
}

/* Tallies by region; the key "" is the whole. */
static GHashTable *
tally_by_region (SarapFigureContext *context, SarapScoring *scoring)
{
  GHashTable *tallies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tally_free);
  g_autofree guint *violations = count_violations (context);

  g_hash_table_insert (tallies, g_strdup (""), tally_new ());
  for (guint row = 0; row < sarap_dataset_get_n_rows (context->dataset); row++)
    {
      Visit visit = { context->dataset, row };
      g_auto (SarapAuditScore) score = { 0 };
      const char *region = sarap_dataset_peek (context->dataset, row, "region");
      const char *centre = sarap_dataset_peek (context->dataset, row, "centre");
      Tally *tally = region ? g_hash_table_lookup (tallies, region) : NULL;

      sarap_scoring_score (scoring, answer_of_visit, &visit, &score);
      tally_visit (g_hash_table_lookup (tallies, ""), &score, violations[row], centre);
      if (region == NULL)
        continue;
      if (tally == NULL)
        g_hash_table_insert (tallies, g_strdup (region), tally = tally_new ());
      tally_visit (tally, &score, violations[row], centre);
    }
  return tallies;
}

static void
add_summary_row (SarapFigure *figure, const char *key, const char *label, SarapCellKind kind, double number)
{
  sarap_cell_set (&sarap_figure_add_row (figure, key, label)->cells[0], kind, number);
}

static char *
describe_base (SarapFigureContext *context)
{
  guint n_rows = sarap_dataset_get_n_rows (context->dataset);
  guint n_rejected = sarap_dataset_get_n_rejected (context->dataset);

  return n_rejected == 0 ? g_strdup_printf (ngettext ("n = %u visit", "n = %u visits", n_rows), n_rows)
                         : g_strdup_printf (ngettext ("n = %u visit; %u rejected left out", "n = %u visits; %u rejected left out", n_rows), n_rows, n_rejected);
}

static void
add_summary (SarapFigureContext *context, const Tally *all)
{
  const char *const columns[] = { _ ("Value"), NULL };
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("summary", _ ("Visits and violations"), SARAP_CHART_NONE, _ ("Indicator"), columns));

  add_summary_row (figure, "visits", _ ("Visits"), SARAP_CELL_COUNT, all->visits);
  add_summary_row (figure, "violations", _ ("Violations"), SARAP_CELL_COUNT, all->violations);
  if (all->visits > 0)
    {
      add_summary_row (figure, "per-100-visits", _ ("Violations per 100 visits"), SARAP_CELL_NUMBER, 100.0 * all->violations / all->visits);
      add_summary_row (figure, "with-violation", _ ("Visits with at least one violation"), SARAP_CELL_PERCENT, 100.0 * all->with_violation / all->visits);
      add_summary_row (figure, "with-critical", _ ("Visits with a critical failure"), SARAP_CELL_PERCENT, 100.0 * all->with_critical / all->visits);
    }
  if (all->scored > 0)
    {
      add_summary_row (figure, "score", _ ("Mean audit score (0 to 100)"), SARAP_CELL_NUMBER, all->score / all->scored);
      add_summary_row (figure, "pass-rate", _ ("Visits graded good or acceptable"), SARAP_CELL_PERCENT, 100.0 * all->passed / all->scored);
    }
  figure->base = describe_base (context);
}

static void
add_kinds (SarapFigureContext *context)
{
  const char *const columns[] = { _ ("Violations"), _ ("Share"), NULL };
  SarapDataset *violations = sarap_dataset_peek_repeat (context->dataset, "violation");
  g_autoptr (GPtrArray) kinds = sarap_figures_dup_choices (context, "v_type");
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("violations-by-kind", _ ("Violations by kind"), SARAP_CHART_BARS, _ ("Kind of violation"), columns));
  guint n_rows = violations ? sarap_dataset_get_n_rows (violations) : 0, total = 0;

  for (guint kind = 0; kind < kinds->len; kind++)
    {
      const SarapChoice *choice = g_ptr_array_index (kinds, kind);
      SarapFigureRow *row = sarap_figure_add_row (figure, choice->value, choice->label);
      guint count = 0;

      for (guint i = 0; i < n_rows; i++)
        count += sarap_answer_is (violations, i, "v_type", choice->value);
      sarap_cell_set (&row->cells[0], SARAP_CELL_COUNT, count);
      total += count;
    }
  for (guint i = 0; total > 0 && i < figure->rows->len; i++)
    {
      SarapFigureRow *row = g_ptr_array_index (figure->rows, i);

      sarap_cell_set (&row->cells[1], SARAP_CELL_PERCENT, 100.0 * row->cells[0].number / total);
    }
  figure->base = g_strdup_printf (ngettext ("n = %u violation in %u visits", "n = %u violations in %u visits", total), total, sarap_dataset_get_n_rows (context->dataset));
}

/* Centres of each region in the registry attached to the form; empty without centres.csv. */
static GHashTable *
count_registry (SarapFigureContext *context)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GBytes) bytes = sarap_form_dup_media (context->form, "centres.csv");
  g_autoptr (SarapCsv) registry = bytes ? sarap_csv_parse (bytes, "centres.csv", NULL) : NULL;

  for (guint row = 0; registry != NULL && row < sarap_csv_get_n_rows (registry); row++)
    {
      const char *region = sarap_csv_peek (registry, row, "region");
      guint count = region ? GPOINTER_TO_UINT (g_hash_table_lookup (counts, region)) : 0;

      if (region != NULL)
        g_hash_table_insert (counts, g_strdup (region), GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

static void
fill_progress_row (SarapFigureRow *row, const Tally *tally, guint n_centres)
{
  sarap_cell_set (&row->cells[0], SARAP_CELL_COUNT, tally ? tally->visits : 0);
  sarap_cell_set (&row->cells[1], SARAP_CELL_COUNT, tally ? g_hash_table_size (tally->centres) : 0);
  if (n_centres > 0)
    sarap_cell_set (&row->cells[2], SARAP_CELL_COUNT, n_centres);
  if (tally != NULL && tally->visits > 0)
    sarap_cell_set (&row->cells[3], SARAP_CELL_NUMBER, 100.0 * tally->violations / tally->visits);
  if (tally != NULL && tally->scored > 0)
    sarap_cell_set (&row->cells[4], SARAP_CELL_NUMBER, tally->score / tally->scored);
}

static void
add_progress (SarapFigureContext *context, GHashTable *tallies)
{
  const char *const columns[] = { _ ("Visits"), _ ("Centres visited"), _ ("Centres in the register"), _ ("Violations per 100 visits"), _ ("Mean score"), NULL };
  g_autoptr (GPtrArray) regions = sarap_figures_dup_choices (context, "region");
  g_autoptr (GHashTable) registry = count_registry (context);
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("progress", _ ("Progress by region"), SARAP_CHART_BARS, _ ("Region"), columns));
  guint n_centres = 0;
  SarapFigureRow *total;

  for (guint i = 0; i < regions->len; i++)
    {
      const SarapChoice *region = g_ptr_array_index (regions, i);
      guint registered = GPOINTER_TO_UINT (g_hash_table_lookup (registry, region->value));

      n_centres += registered;
      fill_progress_row (sarap_figure_add_row (figure, region->value, region->label), g_hash_table_lookup (tallies, region->value), registered);
    }
  total = sarap_figure_add_row (figure, NULL, _ ("All regions"));
  total->is_total = TRUE;
  fill_progress_row (total, g_hash_table_lookup (tallies, ""), n_centres);
  figure->base = describe_base (context);
}

static void
add_scores_by_region (SarapFigureContext *context, GHashTable *tallies)
{
  const char *const columns[] = { _ ("Mean score"), _ ("Visits"), NULL };
  g_autoptr (GPtrArray) regions = sarap_figures_dup_choices (context, "region");
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("scores-by-region", _ ("Audit score by region (0 to 100)"), SARAP_CHART_BARS, _ ("Region"), columns));

  for (guint i = 0; i < regions->len; i++)
    {
      const SarapChoice *region = g_ptr_array_index (regions, i);
      const Tally *tally = g_hash_table_lookup (tallies, region->value);
      SarapFigureRow *row = tally != NULL && tally->scored > 0 ? sarap_figure_add_row (figure, region->value, region->label) : NULL;

      if (row == NULL)
        continue;
      sarap_cell_set (&row->cells[0], SARAP_CELL_NUMBER, tally->score / tally->scored);
      sarap_cell_set (&row->cells[1], SARAP_CELL_COUNT, tally->scored);
    }
  figure->base = describe_base (context);
  sarap_figure_add_note (figure, "%s", _ ("Regions without a visit are left out."));
}

static void
add_scores (SarapFigureContext *context, SarapScoring *scoring)
{
  const char *const columns[] = { _ ("Mean score"), _ ("Visits"), NULL };
  guint n_sections = sarap_scoring_get_n_sections (scoring);
  g_autofree double *sums = g_new0 (double, n_sections);
  g_autofree guint *counts = g_new0 (guint, n_sections);
  SarapFigure *figure = sarap_figures_add (context, sarap_figure_new ("scores-by-section", _ ("Audit score by section (0 to 100)"), SARAP_CHART_BARS, _ ("Section"), columns));

  for (guint row = 0; row < sarap_dataset_get_n_rows (context->dataset); row++)
    {
      Visit visit = { context->dataset, row };
      g_auto (SarapAuditScore) score = { 0 };

      sarap_scoring_score (scoring, answer_of_visit, &visit, &score);
      for (guint i = 0; i < n_sections; i++)
        if (!isnan (score.sections[i]))
          {
            sums[i] += score.sections[i];
            counts[i]++;
          }
    }
  for (guint i = 0; i < n_sections; i++)
    {
      g_autofree char *title = sarap_scoring_dup_section_title (scoring, i, context->language);
      SarapFigureRow *row = sarap_figure_add_row (figure, sarap_scoring_peek_section (scoring, i), title);

      if (counts[i] > 0)
        sarap_cell_set (&row->cells[0], SARAP_CELL_NUMBER, sums[i] / counts[i]);
      sarap_cell_set (&row->cells[1], SARAP_CELL_COUNT, counts[i]);
    }
  figure->base = describe_base (context);
  sarap_figure_add_note (figure, "%s", _ ("Answers “not applicable” leave the score; a critical failure caps a visit at 49."));
}

gboolean
sarap_figures_add_audit (SarapFigureContext *context, GError **error)
{
  g_autoptr (SarapScoring) scoring = sarap_figures_load_scoring (context->source, sarap_form_get_id (context->form), NULL, error);
  g_autoptr (GHashTable) tallies = NULL;

  if (scoring == NULL)
    return error == NULL || *error == NULL;
  tallies = tally_by_region (context, scoring);
  add_summary (context, g_hash_table_lookup (tallies, ""));
  add_kinds (context);
  add_progress (context, tallies);
  add_scores (context, scoring);
  add_scores_by_region (context, tallies);
  return TRUE;
}
