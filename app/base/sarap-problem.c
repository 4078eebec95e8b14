#include "app/base/sarap-problem.h"

struct _SarapProblems
{
  gatomicrefcount references;
  char *file;
  GPtrArray *problems;
  guint n_errors;
};

G_DEFINE_QUARK (sarap - input - error - quark, sarap_input_error)

static void
problem_free (gpointer data)
{
  SarapProblem *problem = data;

  g_free (problem->file);
  g_free (problem->sheet);
  g_free (problem->column);
  g_free (problem->message);
  g_free (problem);
}

/* @file is the name that people know the input by; it is shown before each problem. */
SarapProblems *
sarap_problems_new (const char *file)
{
  SarapProblems *self = g_new0 (SarapProblems, 1);

  g_atomic_ref_count_init (&self->references);
  self->file = file ? g_path_get_basename (file) : NULL;
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  return self;
}

SarapProblems *
sarap_problems_ref (SarapProblems *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_problems_unref (SarapProblems *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->file);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

void
sarap_problems_add (SarapProblems *self, SarapProblemSeverity severity, const char *sheet, guint row, const char *column, const char *format, ...)
{
  SarapProblem *problem = g_new0 (SarapProblem, 1);
  va_list arguments;

  problem->severity = severity;
  problem->file = g_strdup (self->file);
  problem->sheet = g_strdup (sheet);
  problem->row = row;
  problem->column = g_strdup (column);
  va_start (arguments, format);
  problem->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->problems, problem);
  if (severity == SARAP_PROBLEM_ERROR)
    self->n_errors++;
}

guint
sarap_problems_get_length (SarapProblems *self)
{
  return self->problems->len;
}

const SarapProblem *
sarap_problems_peek (SarapProblems *self, guint index)
{
  g_return_val_if_fail (index < self->problems->len, NULL);
  return g_ptr_array_index (self->problems, index);
}

gboolean
sarap_problems_has_errors (SarapProblems *self)
{
  return self->n_errors > 0;
}

/* "form.xlsx, sheet survey, row 12, column type: …". Returns: (transfer full) */
char *
sarap_problem_to_string (const SarapProblem *problem)
{
  GString *text = g_string_new (problem->file);

  if (problem->sheet != NULL)
    g_string_append_printf (text, "%ssheet %s", text->len ? ", " : "", problem->sheet);
  if (problem->row != 0)
    g_string_append_printf (text, "%s%s %u", text->len ? ", " : "", problem->sheet ? "row" : "line", problem->row);
  if (problem->column != NULL)
    g_string_append_printf (text, "%scolumn %s", text->len ? ", " : "", problem->column);
  g_string_append_printf (text, "%s%s", text->len ? ": " : "", problem->message);
  return g_string_free (text, FALSE);
}

/* Sets @error to the first error, with the number of further ones. Does nothing without errors. */
void
sarap_problems_to_error (SarapProblems *self, GError **error)
{
  for (guint i = 0; i < self->problems->len; i++)
    {
      const SarapProblem *problem = g_ptr_array_index (self->problems, i);
      g_autofree char *text = NULL;

      if (problem->severity != SARAP_PROBLEM_ERROR)
        continue;
      text = sarap_problem_to_string (problem);
      if (self->n_errors > 1)
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s (and %u more)", text, self->n_errors - 1);
      else
        g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, text);
      return;
    }
}
