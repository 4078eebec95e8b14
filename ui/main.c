#include <glib/gi18n.h>
#include <locale.h>

#include "sarap-config.h"
#include "ui/sarap-application.h"

static const char *
find_locale_folder (void)
{
  return g_file_test (SARAP_BUILD_LOCALE_DIR, G_FILE_TEST_IS_DIR) ? SARAP_BUILD_LOCALE_DIR : SARAP_LOCALE_DIR;
}

int
main (int argc, char **argv)
{
  g_autoptr (SarapApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, find_locale_folder ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname (SARAP_APPLICATION_ID);

  application = sarap_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  return status != 0 ? status : sarap_application_get_status (application);
}
