#include <glib/gi18n.h>
#include <string.h>

#include "app/store/sarap-store-records.h"
#include "tests/journeys/journey.h"
#include "tests/support/sarap-temporary.h"

#define SETTINGS "kiosk-id='K-7'\nkiosk-idle-seconds=8\nkiosk-warning-seconds=4\nkiosk-thanks-seconds=1\nkiosk-filter-seconds=0\n"

static SarapDriver *
start_kiosk (Journey *journey)
{
  return sarap_driver_new (journey->device, SETTINGS, "--language", "ru", "--kiosk", "--form", journey->form_id, NULL);
}

static void
tap_answer (SarapDriver *app, guint question, const char *label)
{
  g_autofree char *place = g_strdup_printf (_ ("Question %u of %u"), question, 5);

  sarap_driver_wait (app, ATSPI_ROLE_IMAGE, place);
  sarap_driver_tap (app, label);
}

static guint
count (Journey *journey, SarapRecordState state)
{
  SarapStore *store = sarap_temporary_open (journey->device);
  SarapRecordFilter filter = { .state = state };
  guint n = sarap_store_count_records (store, &filter, NULL);

  sarap_store_close (store);
  g_object_unref (store);
  return n;
}

static void
walk_away (Journey *journey)
{
  g_autoptr (SarapDriver) app = start_kiosk (journey);

  sarap_driver_tap (app, "Қазақша");
  tap_answer (app, 1, "Жақсы");
  tap_answer (app, 2, "Нашар");
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, _ ("I am still here"));
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, "Қазақша");
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_INVALID, _ ("I am still here")));
  g_assert_false (sarap_driver_sees (app, ATSPI_ROLE_RADIO_BUTTON, "Нашар"));
  sarap_driver_assert_named (app);
}

static void
visit (Journey *journey)
{
  static const char *const labels[] = { "Өте жақсы", "Жақсы", "Орташа", "Нашар", "Жоқ" };
  g_autoptr (SarapDriver) app = start_kiosk (journey);

  sarap_driver_tap (app, "Қазақша");
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    tap_answer (app, i + 1, labels[i]);
  sarap_driver_wait (app, ATSPI_ROLE_HEADING, _ ("Thank you!"));
  sarap_driver_wait (app, ATSPI_ROLE_INVALID, "Қазақша");
  sarap_driver_assert_named (app);
}

static void
test_visitors (void)
{
  g_autoptr (Journey) journey = journey_new ("kiosk", "kz_kiosk5", "kk");
  g_auto (GStrv) ids = NULL;
  g_autofree char *xml = NULL;

  journey_sync (journey);
  walk_away (journey);
  g_assert_cmpuint (count (journey, SARAP_RECORD_ABANDONED), ==, 1);
  g_assert_cmpuint (count (journey, SARAP_RECORD_DRAFT), ==, 0);
  visit (journey);
  journey_sync (journey);
  g_assert_cmpuint (count (journey, SARAP_RECORD_ABANDONED), ==, 1);
  g_assert_cmpuint (count (journey, SARAP_RECORD_SENT), ==, 1);
  ids = journey_list (journey);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  xml = journey_dup_xml (journey, ids[0]);
  g_assert_nonnull (strstr (xml, "<k1>5</k1><k2>4</k2><k3>3</k3><k4>2</k4><k5>no</k5>"));
  g_assert_nonnull (strstr (xml, "<kiosk_id>K-7</kiosk_id>"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/kiosk/one-walks-away-one-answers", test_visitors);
  return g_test_run ();
}
