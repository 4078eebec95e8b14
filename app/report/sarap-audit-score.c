#include "app/report/sarap-audit-score.h"

#include <math.h>

#include "app/base/sarap-problem.h"

#define CRITICAL_CAP 49.0

typedef struct
{
  char *name;
  char *good;
  double weight;
  gboolean is_critical;
  guint section;
} Item;

typedef struct
{
  char *name;
  double weight;
  guint row;
} Section;

struct _SarapScoring
{
  GArray *items;
  GArray *sections;
  SarapCsv *titles;
};

static void
item_clear (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_free (item->good);
}

static void
section_clear (gpointer data)
{
  g_free (((Section *) data)->name);
}

void
sarap_scoring_free (SarapScoring *self)
{
  g_array_unref (self->items);
  g_array_unref (self->sections);
  g_clear_pointer (&self->titles, sarap_csv_free);
  g_free (self);
}

/* A positive number in the named column, or an error that names file and line. */
static gboolean
read_weight (SarapCsv *csv, const char *file, guint row, const char *column, double *weight, GError **error)
{
  const char *text = sarap_csv_peek (csv, row, column);
  char *end = NULL;

  *weight = text ? g_ascii_strtod (text, &end) : 0;
  if (text != NULL && end != text && *end == '\0' && *weight > 0)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED,
               "%s, line %u, column %s: a number above 0 is needed, not “%s”", file, row + 2, column, text ? text : "");
  return FALSE;
}

static gboolean
read_sections (SarapScoring *self, GError **error)
{
  for (guint row = 0; row < sarap_csv_get_n_rows (self->titles); row++)
    {
      Section section = { .row = row };

      if (!read_weight (self->titles, "sections.csv", row, "section_weight", &section.weight, error))
        return FALSE;
      section.name = g_strdup (sarap_csv_peek (self->titles, row, "section"));
      g_array_append_val (self->sections, section);
    }
  return TRUE;
}

static gboolean
find_section (SarapScoring *self, const char *name, guint *section)
{
  for (*section = 0; *section < self->sections->len; (*section)++)
    if (g_strcmp0 (g_array_index (self->sections, Section, *section).name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_items (SarapScoring *self, SarapCsv *csv, GError **error)
{
  for (guint row = 0; row < sarap_csv_get_n_rows (csv); row++)
    {
      Item item = { 0 };
      const char *section = sarap_csv_peek (csv, row, "section");

      if (!find_section (self, section, &item.section))
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED,
                       "scoring.csv, line %u, column section: “%s” is no section of sections.csv", row + 2, section ? section : "");
          return FALSE;
        }
      if (!read_weight (csv, "scoring.csv", row, "weight", &item.weight, error))
        return FALSE;
      item.name = g_strdup (sarap_csv_peek (csv, row, "item"));
      item.good = g_strdup (sarap_csv_peek (csv, row, "good"));
      item.is_critical = g_strcmp0 (sarap_csv_peek (csv, row, "critical"), "1") == 0;
      g_array_append_val (self->items, item);
    }
  return TRUE;
}

/* Returns: (transfer full) scoring, or NULL with file, line and column of what is wrong */
SarapScoring *
sarap_scoring_new (GBytes *scoring, GBytes *sections, GError **error)
{
  g_autoptr (SarapScoring) self = g_new0 (SarapScoring, 1);
  g_autoptr (SarapCsv) csv = NULL;

  self->items = g_array_new (FALSE, TRUE, sizeof (Item));
  self->sections = g_array_new (FALSE, TRUE, sizeof (Section));
  g_array_set_clear_func (self->items, item_clear);
  g_array_set_clear_func (self->sections, section_clear);
  csv = sarap_csv_parse (scoring, "scoring.csv", error);
  self->titles = csv ? sarap_csv_parse (sections, "sections.csv", error) : NULL;
  if (self->titles == NULL || !read_sections (self, error) || !read_items (self, csv, error))
    return NULL;
  return g_steal_pointer (&self);
}

guint
sarap_scoring_get_n_sections (SarapScoring *self)
{
  return self->sections->len;
}

const char *
sarap_scoring_peek_section (SarapScoring *self, guint section)
{
  return g_array_index (self->sections, Section, section).name;
}

/* Title in @language ("en", "ru", "kk"), else in English, else the section's name. */
char *
sarap_scoring_dup_section_title (SarapScoring *self, guint section, const char *language)
{
  const Section *entry = &g_array_index (self->sections, Section, section);
  g_autofree char *column = g_strconcat ("title_", language, NULL);
  const char *title = sarap_csv_peek (self->titles, entry->row, column);

  if (title == NULL || *title == '\0')
    title = sarap_csv_peek (self->titles, entry->row, "title_en");
  return g_strdup (title && *title ? title : entry->name);
}

guint
sarap_scoring_get_n_items (SarapScoring *self)
{
  return self->items->len;
}

const char *
sarap_scoring_peek_item (SarapScoring *self, guint item)
{
  return g_array_index (self->items, Item, item).name;
}

static SarapGrade
grade_of (double score, gboolean has_critical_failure)
{
  if (has_critical_failure || score < 50)
    return SARAP_GRADE_FAIL;
  return score >= 85 ? SARAP_GRADE_GOOD : score >= 70 ? SARAP_GRADE_ACCEPTABLE
                                                      : SARAP_GRADE_POOR;
}

/* Rules 1 to 4. @score is filled anew; clear it with sarap_audit_score_clear(). */
void
sarap_scoring_score (SarapScoring *self, SarapAnswerFunc answer, gpointer data, SarapAuditScore *score)
{
  g_autofree double *good = g_new0 (double, self->sections->len);
  g_autofree double *weight = g_new0 (double, self->sections->len);
  double sum = 0, total = 0;

  *score = (SarapAuditScore){ .sections = g_new (double, self->sections->len) };
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      const char *text = answer (item->name, data);
      gboolean is_good;

      if (text == NULL || *text == '\0' || g_str_equal (text, "na"))
        continue;
      is_good = g_strcmp0 (text, item->good) == 0;
      good[item->section] += is_good ? item->weight : 0;
      weight[item->section] += item->weight;
      score->n_answered++;
      score->n_failed += !is_good;
      score->has_critical_failure |= !is_good && item->is_critical;
    }
  for (guint i = 0; i < self->sections->len; i++)
    {
      double section_weight = g_array_index (self->sections, Section, i).weight;

      score->sections[i] = weight[i] > 0 ? 100 * good[i] / weight[i] : NAN;
      if (weight[i] <= 0)
        continue;
      sum += section_weight * score->sections[i];
      total += section_weight;
    }
  score->raw = total > 0 ? sum / total : NAN;
  score->score = score->has_critical_failure ? MIN (score->raw, CRITICAL_CAP) : score->raw;
  score->grade = total > 0 ? grade_of (score->score, score->has_critical_failure) : SARAP_GRADE_NONE;
}

void
sarap_audit_score_clear (SarapAuditScore *score)
{
  g_clear_pointer (&score->sections, g_free);
}

/* "good", "acceptable", "poor", "fail"; "" for none. */
const char *
sarap_grade_get_name (SarapGrade grade)
{
  const char *const names[] = { "", "fail", "poor", "acceptable", "good" };

  return names[grade];
}

gboolean
sarap_grade_passes (SarapGrade grade)
{
  return grade >= SARAP_GRADE_ACCEPTABLE;
}
