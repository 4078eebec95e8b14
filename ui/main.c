#include "app/base/sarap-language.h"
#include "app/store/sarap-draft-guard.h"
#include "app/vault/sarap-secret.h"
#include "sarap-config.h"
#include "ui/sarap-application.h"
#include "ui/sarap-renderer.h"

int
main (int argc, char **argv)
{
  g_autoptr (SarapApplication) application = NULL;
  int status;

  sarap_secret_protect_process ();
  sarap_draft_guard_watch_crashes ();
  sarap_language_init ();
  g_set_prgname (SARAP_APPLICATION_ID);
  sarap_renderer_choose ();

  application = sarap_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  return status != 0 ? status : sarap_application_get_status (application);
}
