#include "sarap-config.h"
#include "tests/journeys/journey.h"
#include "tests/support/sarap-temporary.h"

#define SLOT "Time slot\u00a0*"

static SarapDriver *
start (const char *store)
{
  return sarap_driver_new (store, NULL, "--language", "en", "--role", "volunteer", NULL);
}

/* A killed application offers the visit at the question where it stood, until that is put aside. */
static void
test_killed (void)
{
  g_autofree char *store = journey_new_store ("audit");
  SarapDriver *app;

  app = start (store);
  journey_begin_visit (app);
  sarap_driver_press (app, "Next");
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, SLOT);
  sarap_driver_kill (app);

  app = start (store);
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, "Go on where you left");
  sarap_driver_press (app, "Continue");
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, SLOT);
  sarap_driver_press (app, "All questions");
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, JOURNEY_SCENARIO ", answered");
  sarap_driver_kill (app);

  app = start (store);
  sarap_driver_press (app, "Not now");
  sarap_driver_wait_gone (app, ATSPI_ROLE_LABEL, "Go on where you left");
  sarap_driver_kill (app);

  app = start (store);
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, "Drafts: 1");
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_LABEL, "Go on where you left"));
  sarap_driver_assert_named (app);
  sarap_driver_free (app);
  sarap_temporary_remove (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/resume/killed-visit-is-offered-at-its-question", test_killed);
  return g_test_run ();
}
