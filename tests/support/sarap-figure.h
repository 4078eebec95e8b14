#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "ID value target PASS|FAIL" in the test's log: what was reached of a figure that a number stands for. */
static inline gboolean
sarap_figure_print (const char *id, double value, double target)
{
  g_test_message ("%s %.4g %.4g %s", id, value, target, value <= target ? "PASS" : "FAIL");
  return value <= target;
}

/* The test fails beyond @target. */
static inline void
sarap_figure_at_most (const char *id, double value, double target)
{
  if (!sarap_figure_print (id, value, target))
    g_test_fail ();
}

G_END_DECLS
