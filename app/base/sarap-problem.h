#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with an input file, and where: the one shape in which every reader of files
 * (CSV, XLSForm, XForms) tells people of errors and warnings. */

typedef enum
{
  SARAP_PROBLEM_WARNING,
  SARAP_PROBLEM_ERROR,
} SarapProblemSeverity;

typedef struct
{
  SarapProblemSeverity severity;
  char *file;    /* base name, or NULL */
  char *sheet;   /* sheet of a workbook, or NULL */
  guint row;     /* 1-based row of the sheet or line of the file; 0 when unknown */
  char *column;  /* header of the column, or NULL */
  char *message; /* what is wrong and what to do, English, no final newline */
} SarapProblem;

typedef struct _SarapProblems SarapProblems;

#define SARAP_INPUT_ERROR (sarap_input_error_quark ())
GQuark sarap_input_error_quark (void);

typedef enum
{
  SARAP_INPUT_ERROR_MALFORMED,   /* not what the format says: mend the file */
  SARAP_INPUT_ERROR_UNSUPPORTED, /* well formed, but asks for what Sarap does not do */
  SARAP_INPUT_ERROR_LIMIT,       /* larger or deeper than Sarap accepts */
  SARAP_INPUT_ERROR_MISSING,     /* a file or resource that it names is not there */
} SarapInputError;

SarapProblems *sarap_problems_new (const char *file);
SarapProblems *sarap_problems_ref (SarapProblems *self);
void sarap_problems_unref (SarapProblems *self);
void sarap_problems_add (SarapProblems *self, SarapProblemSeverity severity, const char *sheet, guint row, const char *column, const char *format, ...) G_GNUC_PRINTF (6, 7);
guint sarap_problems_get_length (SarapProblems *self);
const SarapProblem *sarap_problems_peek (SarapProblems *self, guint index);
gboolean sarap_problems_has_errors (SarapProblems *self);
char *sarap_problem_to_string (const SarapProblem *problem);
void sarap_problems_to_error (SarapProblems *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapProblems, sarap_problems_unref)

G_END_DECLS
