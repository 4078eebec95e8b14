#include "sarap-config.h"
#include "tests/journeys/journey.h"
#include "tests/support/sarap-temporary.h"

static void
give_pin (SarapDriver *app)
{
  for (const char *digit = "2468"; *digit != '\0'; digit++)
    sarap_driver_press (app, (const char[]){ *digit, '\0' });
  sarap_driver_press (app, "Continue");
}

static void
choose_pin (SarapDriver *app)
{
  sarap_driver_press (app, "Choose a PIN");
  sarap_driver_wait (app, ATSPI_ROLE_HEADING, "Choose a PIN");
  give_pin (app);
  sarap_driver_wait (app, ATSPI_ROLE_HEADING, "Repeat the PIN");
  give_pin (app);
  sarap_driver_wait_gone (app, ATSPI_ROLE_HEADING, "Repeat the PIN");
}

static void
hide_and_open (SarapDriver *app)
{
  sarap_driver_press (app, "Hide at once");
  sarap_driver_wait_gone (app, ATSPI_ROLE_PROGRESS_BAR, "Progress");
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_HEADING, "PIN"));
  sarap_driver_press (app, "Continue");
  sarap_driver_wait (app, ATSPI_ROLE_HEADING, "PIN");
  give_pin (app);
  sarap_driver_wait_gone (app, ATSPI_ROLE_HEADING, "PIN");
}

/* The PIN that the home offers hides a visit and brings it back, unless nothing was answered in it. */
static void
test_hidden (void)
{
  g_autofree char *store = journey_new_store ("audit");
  SarapDriver *app;

  app = sarap_driver_new (store, NULL, "--language", "en", "--role", "volunteer", NULL);
  choose_pin (app);
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_PUSH_BUTTON, "Choose a PIN"));
  sarap_driver_press (app, "Start visit");
  hide_and_open (app);
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_HEADING, "This draft cannot be opened"));
  journey_begin_visit (app);
  hide_and_open (app);
  sarap_driver_wait (app, ATSPI_ROLE_PROGRESS_BAR, "Progress");
  sarap_driver_assert_named (app);
  sarap_driver_free (app);
  sarap_temporary_remove (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/lock/a-hidden-visit-comes-back", test_hidden);
  return g_test_run ();
}
