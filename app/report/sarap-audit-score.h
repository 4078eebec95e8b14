#pragma once

#include <glib.h>

#include "app/base/sarap-csv.h"

G_BEGIN_DECLS

/* Scores of an audit visit.
 *
 *  1. Item i: x = 1 if the answer is the good one, else 0. "na" and blank leave both numerator
 *     and denominator.
 *  2. Section score S = 100 Σ w x / Σ w over answered items; a section with none is left out.
 *  3. Visit score = Σ W S / Σ W over the sections that are present.
 *  4. A failed critical item caps the score at 49 and grades "fail". Grades: from 85 good, from
 *     70 acceptable, from 50 poor, else fail.
 *
 * The tables are CSV files attached to the form: scoring.csv (item, section, weight, good,
 * critical, violation, severity) and sections.csv (section, section_weight, title_CODE). */

typedef struct _SarapScoring SarapScoring;

typedef enum
{
  SARAP_GRADE_NONE, /* no item was answered */
  SARAP_GRADE_FAIL,
  SARAP_GRADE_POOR,
  SARAP_GRADE_ACCEPTABLE,
  SARAP_GRADE_GOOD,
} SarapGrade;

typedef struct
{
  double raw;   /* 0…100, before the cap */
  double score; /* 0…100 */
  gboolean has_critical_failure;
  SarapGrade grade;
  guint n_answered;
  guint n_failed;
  double *sections; /* one per section of the tables, 0…100; NAN when left out */
} SarapAuditScore;

typedef const char *(*SarapAnswerFunc) (const char *item, gpointer data);

SarapScoring *sarap_scoring_new (GBytes *scoring, GBytes *sections, GError **error);
void sarap_scoring_free (SarapScoring *self);
guint sarap_scoring_get_n_sections (SarapScoring *self);
const char *sarap_scoring_peek_section (SarapScoring *self, guint section);
char *sarap_scoring_dup_section_title (SarapScoring *self, guint section, const char *language);
guint sarap_scoring_get_n_items (SarapScoring *self);
const char *sarap_scoring_peek_item (SarapScoring *self, guint item);

void sarap_scoring_score (SarapScoring *self, SarapAnswerFunc answer, gpointer data, SarapAuditScore *score);
void sarap_audit_score_clear (SarapAuditScore *score);
const char *sarap_grade_get_name (SarapGrade grade);
gboolean sarap_grade_passes (SarapGrade grade);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapScoring, sarap_scoring_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapAuditScore, sarap_audit_score_clear)

G_END_DECLS
