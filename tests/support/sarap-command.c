#include "tests/support/sarap-command.h"

#include <sys/wait.h>

/* @output and @errors are replaced, NULL: not wanted. Returns: the status; a signal fails the test */
int
sarap_command_run (char **output, char **errors, const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *err = NULL;
  va_list arguments;
  int status;

  g_ptr_array_add (argv, (char *) program);
  va_start (arguments, program);
  do
    g_ptr_array_add (argv, va_arg (arguments, char *));
  while (g_ptr_array_index (argv, argv->len - 1) != NULL);
  va_end (arguments);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  if (output != NULL)
    {
      g_free (*output);
      *output = g_steal_pointer (&out);
    }
  if (errors != NULL)
    {
      g_free (*errors);
      *errors = g_steal_pointer (&err);
    }
  return WEXITSTATUS (status);
}
