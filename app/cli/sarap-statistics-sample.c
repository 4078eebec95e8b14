#include "app/cli/sarap-statistics-sample.h"

#include "app/base/sarap-json.h"
#include "app/base/sarap-problem.h"
#include "app/cli/sarap-statistics-variables.h"
#include "app/stats/sarap-calibration.h"

#define MAX_MARGINS 16

static void
sample_free (gpointer data)
{
  SarapSample *self = data;

  g_hash_table_unref (self->designs);
  g_ptr_array_unref (self->columns);
  g_free (self->rows);
  g_free (self);
}

SarapSample *
sarap_sample_of_wave (SarapStatistics *self, const char *wave, GError **error)
{
  g_autofree char *key = g_strdup_printf ("sample %s", wave ? wave : "");
  SarapSample *sample = sarap_statistics_peek_kept (self, key);
  const char *const *waves;
  gsize n;

  if (sample)
    return sample;
  waves = sarap_statistics_texts (self, "persons", "wave", error);
  if (waves == NULL || !sarap_statistics_count_rows (self, "persons", &n, error))
    return NULL;
  sample = g_new0 (SarapSample, 1);
  sample->rows = g_new (guint32, n + 1);
  sample->designs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) sarap_design_free);
  sample->columns = g_ptr_array_new_with_free_func (g_free);
  for (gsize row = 0; row < n; row++)
    if (wave == NULL || g_str_equal (waves[row], wave))
      sample->rows[sample->n++] = row;
  return sarap_statistics_keep (self, key, sample, sample_free);
}

static double *
gather (const SarapSample *sample, const double *values)
{
  double *gathered = g_new (double, sample->n + 1);

  for (gsize i = 0; i < sample->n; i++)
    gathered[i] = values[sample->rows[i]];
  return gathered;
}

double *
sarap_sample_values (SarapStatistics *self, const SarapSample *sample, const char *variable, GError **error)
{
  const double *values = sarap_statistics_variable (self, variable, error);

  return values ? gather (sample, values) : NULL;
}

guint32 *
sarap_sample_codes (SarapStatistics *self, const SarapSample *sample, const SarapFactor *factor)
{
  const guint32 *codes = sarap_factor_peek_codes (factor);
  guint32 *gathered = g_new (guint32, sample->n + 1);

  for (gsize i = 0; i < sample->n; i++)
    gathered[i] = codes[sample->rows[i]];
  return gathered;
}

static guint8 *
gather_bytes (const SarapSample *sample, const guint8 *bytes)
{
  guint8 *gathered = g_new (guint8, sample->n + 1);

  for (gsize i = 0; i < sample->n; i++)
    gathered[i] = bytes[sample->rows[i]];
  return gathered;
}

guint8 *
sarap_sample_domain (SarapStatistics *self, const SarapSample *sample, JsonObject *spec, GError **error)
{
  g_autofree guint8 *members = sarap_statistics_domain (self, "persons", spec, error);

  return members ? gather_bytes (sample, members) : NULL;
}

/* The domain of a target group; "all" is everybody. */
guint8 *
sarap_sample_group (SarapStatistics *self, const SarapSample *sample, JsonObject *spec, GError **error)
{
  const char *group = sarap_statistics_spec_text (self, spec, "group", error);
  g_autoptr (JsonObject) asked = json_object_new (), domain = json_object_new ();

  if (group == NULL)
    return NULL;
  if (!g_str_equal (group, "all"))
    json_object_set_string_member (domain, "group", group);
  json_object_set_object_member (asked, "domain", g_steal_pointer (&domain));
  return sarap_sample_domain (self, sample, asked, error);
}

/* "biz" for who is no individual, else sex and age: the cells in which individuals are weighted. */
static const SarapFactor *
make_sex_and_age (SarapStatistics *self, GError **error)
{
  const char *const *group = sarap_statistics_texts (self, "persons", "group", error);
  const char *const *sex = group ? sarap_statistics_texts (self, "persons", "sex", error) : NULL;
  const char *const *age = sex ? sarap_statistics_texts (self, "persons", "agegrp", error) : NULL;
  SarapFactor *factor = sarap_statistics_peek_kept (self, "sex and age");
  gsize n;

  if (age == NULL || factor || !sarap_statistics_count_rows (self, "persons", &n, error))
    return factor;
  factor = sarap_factor_new ();
  for (gsize row = 0; row < n; row++)
    {
      g_autofree char *both = g_strdup_printf ("%s %s", sex[row], age[row]);

      sarap_factor_append (factor, g_str_equal (group[row], "ind") ? both : "biz");
    }
  return sarap_statistics_keep (self, "sex and age", factor, (GDestroyNotify) sarap_factor_free);
}

static gboolean
margin_error (const char *margin, const char *level, const char *what, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "margins.csv, margin %s: %s “%s”", margin, what, level);
  return FALSE;
}

/* The cells of the sample and their totals; both stay the sample's. */
static gboolean
read_margin (SarapStatistics *self, SarapSample *sample, const char *name, SarapMargin *margin, GError **error)
{
  const SarapFactor *factor = g_str_equal (name, "sexage") ? make_sex_and_age (self, error) : sarap_statistics_factor (self, "persons", name, error);
  const char *const *margins = factor ? sarap_statistics_texts (self, "margins", "margin", error) : NULL;
  const char *const *levels = margins ? sarap_statistics_texts (self, "margins", "level", error) : NULL;
  const double *given = levels ? sarap_statistics_numbers (self, "margins", "total", error) : NULL;
  g_autofree gboolean *is_known = NULL;
  guint32 *cells;
  double *totals;
  gsize n;

  if (given == NULL || !sarap_statistics_count_rows (self, "margins", &n, error))
    return FALSE;
  margin->n_cells = sarap_factor_get_n_levels (factor);
  margin->cells = cells = sarap_sample_codes (self, sample, factor);
  margin->totals = totals = g_new0 (double, margin->n_cells + 1);
  g_ptr_array_add (sample->columns, cells);
  g_ptr_array_add (sample->columns, totals);
  is_known = g_new0 (gboolean, margin->n_cells + 1);
  for (gsize row = 0; row < n; row++)
    {
      guint32 level = g_str_equal (margins[row], name) ? sarap_factor_find_level (factor, levels[row]) : SARAP_FACTOR_NONE;

      if (level == SARAP_FACTOR_NONE && g_str_equal (margins[row], name) && given[row] != 0)
        return margin_error (name, levels[row], "no interview is in", error);
      if (level == SARAP_FACTOR_NONE)
        continue;
      totals[level] = given[row];
      is_known[level] = TRUE;
    }
  for (gsize i = 0; i < sample->n; i++)
    if (cells[i] == SARAP_FACTOR_NONE || !is_known[cells[i]])
      return margin_error (name, cells[i] == SARAP_FACTOR_NONE ? "" : sarap_factor_peek_level (factor, cells[i]), "there is no total for", error);
  return TRUE;
}

/* Every margin of margins.csv, in the order of the file. */
static gboolean
read_margins (SarapStatistics *self, SarapSample *sample, SarapMargin *margins, guint *n_margins, GError **error)
{
  const SarapFactor *names = sarap_statistics_factor (self, "margins", "margin", error);

  if (names == NULL)
    return FALSE;
  *n_margins = sarap_factor_get_n_levels (names);
  if (*n_margins > MAX_MARGINS)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "margins.csv: more than %d margins", MAX_MARGINS);
      return FALSE;
    }
  for (guint m = 0; m < *n_margins; m++)
    if (!read_margin (self, sample, sarap_factor_peek_level (names, m), &margins[m], error))
      return FALSE;
  return TRUE;
}

/* The codes of a column, kept by the sample; an empty cell is an error. */
static const guint32 *
read_codes (SarapStatistics *self, SarapSample *sample, const char *column, GError **error)
{
  const SarapFactor *factor = sarap_statistics_factor (self, "persons", column, error);
  guint32 *codes;

  if (factor == NULL)
    return NULL;
  codes = sarap_sample_codes (self, sample, factor);
  g_ptr_array_add (sample->columns, codes);
  for (gsize i = 0; i < sample->n; i++)
    if (codes[i] == SARAP_FACTOR_NONE)
      {
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "persons.csv, row %u, column %s: is empty", sample->rows[i] + 2, column);
        return NULL;
      }
  return codes;
}

static double *
read_numbers (SarapStatistics *self, SarapSample *sample, const char *column, GError **error)
{
  double *values = sarap_sample_values (self, sample, column, error);

  if (values)
    g_ptr_array_add (sample->columns, values);
  return values;
}

static SarapDesign *
make_design (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error)
{
  SarapDesignColumns columns = { .n = sample->n };
  gboolean has_populations = g_str_equal (kind, "fpc");

  columns.weights = read_numbers (self, sample, "w", error);
  if (columns.weights == NULL)
    return NULL;
  if (g_str_equal (kind, "srs"))
    return sarap_design_new (&columns, error);
  columns.strata = read_codes (self, sample, "stratum", error);
  columns.psus = columns.strata ? read_codes (self, sample, "psu", error) : NULL;
  if (columns.psus == NULL)
    return NULL;
  if (has_populations)
    {
      columns.psus_in_population = read_numbers (self, sample, "npsu_pop", error);
      columns.units_in_population = columns.psus_in_population ? read_numbers (self, sample, "nunit_pop", error) : NULL;
      if (columns.units_in_population == NULL)
        return NULL;
    }
  return sarap_design_new (&columns, error);
}

static SarapDesign *
make_calibrated (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error)
{
  g_autoptr (SarapDesign) design = make_design (self, sample, "wr", error);
  SarapCalibration calibration = g_str_equal (kind, "rake") ? SARAP_CALIBRATION_R : SARAP_CALIBRATION_GREG;
  SarapMargin margins[MAX_MARGINS];
  guint n_margins;
  double *weights;

  if (design == NULL || !read_margins (self, sample, margins, &n_margins, error))
    return NULL;
  weights = g_new (double, sample->n + 1);
  g_ptr_array_add (sample->columns, weights);
  if (!sarap_rake (sample->n, sarap_design_peek_weights (design), margins, n_margins, NULL, weights, error))
    return NULL;
  sarap_design_calibrate (design, calibration, margins, n_margins, sarap_design_peek_weights (design), weights);
  return g_steal_pointer (&design);
}

const SarapDesign *
sarap_sample_design (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error)
{
  static const char *const kinds[] = { "wr", "fpc", "srs", "rake", "greg" };
  SarapDesign *design = g_hash_table_lookup (sample->designs, kind);
  guint number = 0;

  if (design)
    return design;
  while (number < G_N_ELEMENTS (kinds) && !g_str_equal (kinds[number], kind))
    number++;
  if (number == G_N_ELEMENTS (kinds))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "“%s” is no design: say wr, fpc, rake or srs", kind);
      return NULL;
    }
  design = number >= 3 ? make_calibrated (self, sample, kind, error) : make_design (self, sample, kind, error);
  if (design)
    g_hash_table_insert (sample->designs, (gpointer) kinds[number], design);
  return design;
}

const double *
sarap_sample_weights (SarapStatistics *self, SarapSample *sample, const char *kind, GError **error)
{
  const SarapDesign *design = sarap_sample_design (self, sample, kind, error);

  return design ? sarap_design_peek_weights (design) : NULL;
}
