#include <glib/gi18n.h>

#include "sarap-config.h"
#include "sync/client/sarap-enrolment.h"
#include "tests/journeys/journey.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-test-ca.h"

/* As if somebody stood between the device and its server. */
static void
trust_another (Journey *journey)
{
  g_autoptr (SarapTestCa) ca = sarap_test_ca_new ();
  SarapStore *store = sarap_temporary_open (journey->device);
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (store);
  g_autoptr (GError) error = NULL;

  g_free (enrolment->ca);
  enrolment->ca = g_strdup (sarap_test_ca_get_pem (ca));
  sarap_enrolment_save (enrolment, store, &error);
  g_assert_no_error (error);
  sarap_store_close (store);
  g_object_unref (store);
}

static void
test_nothing_is_sent (void)
{
  g_autoptr (Journey) journey = journey_new ("kiosk", "kz_kiosk5", "ru");
  g_autoptr (SarapDriver) app = NULL;
  g_autofree char *ready = g_strdup_printf ("%s: 1", _ ("Ready to send"));
  g_auto (GStrv) ids = NULL;

  journey_sync (journey);
  journey_run (SARAP_CTL_PROGRAM, "simulate", journey->form_id, "--store", journey->device, "--profile", SARAP_SOURCE_DATA_DIR "/demonstration/kiosk.json", "--count", "1", "--seed", "7", "--owner", "staff", NULL);
  trust_another (journey);
  app = journey_start (journey, "ru");
  sarap_driver_press (app, _ ("Survey staff"));
  sarap_driver_press (app, _ ("Try now"));
  sarap_driver_wait (app, ATSPI_ROLE_STATUS_BAR, _ ("The server's certificate is not trusted. Nothing was sent."));
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, ready);
  sarap_driver_assert_named (app);
  ids = journey_list (journey);
  g_assert_cmpuint (g_strv_length (ids), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/certificate/nothing-is-sent", test_nothing_is_sent);
  return g_test_run ();
}
