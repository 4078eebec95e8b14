#include <glib/gi18n.h>

#include "tests/journeys/journey.h"

#define SLOT "Time slot\u00a0*"
#define SWIPE 300

/* A page follows the finger: to the left the next, to the right the one before. The gesture takes
 * pointer and touch alike, and X lets a test send only the pointer. */
static void
test_pages (void)
{
  g_autoptr (Journey) journey = journey_new ("audit", "kz_unknown_customer_audit", "en");
  g_autoptr (SarapDriver) app = NULL;

  journey_sync (journey);
  app = journey_start (journey, "en");
  sarap_driver_press (app, _ ("Volunteer"));
  journey_begin_visit (app);
  sarap_driver_swipe (app, JOURNEY_SCENARIO "\u00a0*", -SWIPE);
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, SLOT);
  sarap_driver_swipe (app, SLOT, SWIPE);
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, JOURNEY_SCENARIO "\u00a0*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/swipe/turns-the-page", test_pages);
  return g_test_run ();
}
