#include "tests/sync/sync-support.h"

static Device *
device_with_form (void)
{
  Device *device = device_new ();
  g_autoptr (GBytes) list = support_bytes ("<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"/>");

  sarap_fault_server_put (device->server, "/base/formList", "text/xml", list);
  device_add_form (device);
  sarap_fault_server_set_fault (device->server, NULL, NULL);
  return device;
}

static gboolean
time_is_up_cb (gpointer data)
{
  g_error ("the syncer did not come to an end in time");
  return G_SOURCE_REMOVE;
}

/* Turns the main loop until @condition holds. */
#define WAIT_UNTIL(condition)                                      \
  G_STMT_START                                                     \
  {                                                                \
    guint limit = g_timeout_add_seconds (20, time_is_up_cb, NULL); \
                                                                   \
    while (!(condition))                                           \
      g_main_context_iteration (NULL, TRUE);                       \
    g_source_remove (limit);                                       \
  }                                                                \
  G_STMT_END

/* The task of a stopped round holds the syncer until the main loop has heard of it. */
static void
finish (SarapSyncer *syncer)
{
  gpointer left = syncer;

  g_object_add_weak_pointer (G_OBJECT (syncer), &left);
  sarap_syncer_stop (syncer);
  g_object_unref (syncer);
  WAIT_UNTIL (left == NULL);
}

static void
test_enrolled_device_begins_by_itself (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "one", 0, 0);
  SarapSyncer *syncer = sarap_syncer_new (device->store);

  g_assert_true (sarap_syncer_is_enrolled (syncer));
  g_assert_cmpint (sarap_syncer_get_last_success (syncer), ==, 0);
  WAIT_UNTIL (sarap_syncer_get_last_success (syncer) > 0);
  g_assert_cmpint (sarap_syncer_get_state (syncer), ==, SARAP_SYNCER_IDLE);
  g_assert_cmpint (sarap_syncer_get_error_code (syncer), ==, -1);
  g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_SENT);
  finish (syncer);
}

static void
test_finalized_record_goes_by_itself (void)
{
  g_autoptr (Device) device = device_with_form ();
  SarapSyncer *syncer = sarap_syncer_new (device->store);
  g_autofree char *id = NULL;

  WAIT_UNTIL (sarap_syncer_get_last_success (syncer) > 0);
  id = device_fill (device, "later", 1, 1000);
  WAIT_UNTIL (device_get_state (device, id) == SARAP_RECORD_SENT);
  finish (syncer);
}

static gboolean
fail_all (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  sarap_fault_server_answer (message, 500, "text/plain", "out of order");
  return TRUE;
}

static void
count_cb (SarapSyncer *syncer, GParamSpec *pspec, guint *n)
{
  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  (*n)++;
}

static void
test_failure_is_told_and_tried_later (void)
{
  g_autoptr (Device) device = device_with_form ();
  SarapSyncer *syncer;
  g_autofree char *next = NULL;
  guint n_states = 0, n_messages = 0;
  guint n_lists;

  sarap_fault_server_set_fault (device->server, fail_all, NULL);
  syncer = sarap_syncer_new (device->store);
  g_signal_connect (syncer, "notify::state", G_CALLBACK (count_cb), &n_states);
  g_signal_connect (syncer, "notify::message", G_CALLBACK (count_cb), &n_messages);
  WAIT_UNTIL (sarap_syncer_get_state (syncer) == SARAP_SYNCER_WAITING);
  g_assert_cmpint (sarap_syncer_get_error_code (syncer), ==, SARAP_SYNC_ERROR_SERVER);
  g_assert_cmpstr (sarap_syncer_get_message (syncer), ==, "form list: out of order (HTTP 500)");
  g_assert_cmpuint (n_states, ==, 2);
  g_assert_cmpuint (n_messages, ==, 1);
  next = sarap_store_dup_setting (device->store, "sync.next-round-at");
  g_assert_cmpint (g_ascii_strtoll (next, NULL, 10), >, sarap_clock_get_now (sarap_store_get_clock (device->store)) + 15000);
  finish (syncer);

  /* The application is opened again: the back-off goes on. */
  n_lists = sarap_fault_server_count (device->server, "GET", "/base/formList");
  syncer = sarap_syncer_new (device->store);
  for (guint i = 0; i < 10; i++)
    {
      g_usleep (10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/formList"), ==, n_lists);

  sarap_fault_server_set_fault (device->server, NULL, NULL);
  sarap_syncer_start (syncer, TRUE);
  g_assert_cmpint (sarap_syncer_get_state (syncer), ==, SARAP_SYNCER_RUNNING);
  WAIT_UNTIL (sarap_syncer_get_state (syncer) == SARAP_SYNCER_IDLE);
  g_assert_cmpstr (sarap_syncer_get_message (syncer), ==, "");
  finish (syncer);
}

static gboolean
never_answer (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  soup_server_message_pause (message);
  return TRUE;
}

/* The main loop turns while a server keeps silent, and stopping does not wait for it. */
static void
test_silent_server_blocks_nobody (void)
{
  g_autoptr (Device) device = device_with_form ();
  SarapSyncer *syncer;
  gint64 longest = 0, begin;

  sarap_fault_server_set_fault (device->server, never_answer, NULL);
  begin = g_get_monotonic_time ();
  syncer = sarap_syncer_new (device->store);
  longest = g_get_monotonic_time () - begin;
  for (guint i = 0; i < 50; i++)
    {
      begin = g_get_monotonic_time ();
      while (g_main_context_iteration (NULL, FALSE))
        ;
      longest = MAX (longest, g_get_monotonic_time () - begin);
      g_usleep (5000);
    }
  g_assert_cmpint (sarap_syncer_get_state (syncer), ==, SARAP_SYNCER_RUNNING);
  g_assert_cmpint (longest, <, 100000);
  begin = g_get_monotonic_time ();
  finish (syncer);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2000000);
}

static void
test_device_without_enrolment_rests (void)
{
  g_autoptr (Device) device = device_with_form ();
  SarapSyncer *syncer;

  g_assert_true (sarap_store_set_setting (device->store, "enrolment", NULL, NULL));
  syncer = sarap_syncer_new (device->store);
  sarap_syncer_start (syncer, TRUE);
  g_assert_false (sarap_syncer_is_enrolled (syncer));
  g_assert_cmpint (sarap_syncer_get_state (syncer), ==, SARAP_SYNCER_IDLE);
  device_enrol (device, "127.0.0.1");
  sarap_syncer_reload_enrolment (syncer);
  g_assert_true (sarap_syncer_is_enrolled (syncer));
  WAIT_UNTIL (sarap_syncer_get_last_success (syncer) > 0);
  finish (syncer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/syncer/enrolled-device-begins-by-itself", test_enrolled_device_begins_by_itself);
  g_test_add_func ("/sync/syncer/finalized-record-goes-by-itself", test_finalized_record_goes_by_itself);
  g_test_add_func ("/sync/syncer/failure-is-told-and-tried-later", test_failure_is_told_and_tried_later);
  g_test_add_func ("/sync/syncer/silent-server-blocks-nobody", test_silent_server_blocks_nobody);
  g_test_add_func ("/sync/syncer/device-without-enrolment-rests", test_device_without_enrolment_rests);
  return g_test_run ();
}
