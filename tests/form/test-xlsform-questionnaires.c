#include "tests/form/xlsform-support.h"

/* The shipped questionnaires become, byte for byte, what the field's standard converter makes. */

static void
equals_the_standard_conversion (gconstpointer name)
{
  g_autofree char *folder = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", name, NULL);
  g_autofree char *workbook = g_build_filename (folder, "form.xlsx", NULL);
  g_autofree char *expected_path = g_build_filename (folder, "form.pyxform.xml", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (workbook);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_xlsform_convert (workbook, problems, &error);
  g_autoptr (GBytes) expected = sarap_file_read (expected_path, 0, NULL);

  g_assert_no_error (error);
  tell_problems (problems);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/form/xlsform/questionnaires/audit-equals-the-standard-conversion", "audit", equals_the_standard_conversion);
  g_test_add_data_func ("/form/xlsform/questionnaires/perception-equals-the-standard-conversion", "perception", equals_the_standard_conversion);
  g_test_add_data_func ("/form/xlsform/questionnaires/kiosk-equals-the-standard-conversion", "kiosk", equals_the_standard_conversion);
  return g_test_run ();
}
