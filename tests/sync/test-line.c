#include "app/store/sarap-store-outbox.h"
#include "sync/client/sarap-enrolment.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-fault-proxy.h"
#include "tests/support/sarap-figure.h"
#include "tests/sync/sync-support.h"

/* Sending over a line that breaks anywhere: each record ends on the server once, whole, and the device
 * believes it sent only when it is (safety.md B1, B2, B3). */

typedef struct
{
  Device *device;
  SarapFaultProxy *proxy;
} Line;

static Line *
line_new (void)
{
  Line *self = g_new0 (Line, 1);
  g_autoptr (GBytes) list = support_bytes ("<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"/>");
  g_autoptr (SarapEnrolment) enrolment = NULL;

  self->device = device_new ();
  self->proxy = sarap_fault_proxy_new (sarap_fault_server_get_port (self->device->server));
  enrolment = sarap_enrolment_load (self->device->store);
  g_free (enrolment->url);
  enrolment->url = g_strdup_printf ("https://127.0.0.1:%u/base", sarap_fault_proxy_get_port (self->proxy));
  sarap_enrolment_save (enrolment, self->device->store, NULL);
  sarap_fault_server_put (self->device->server, "/base/formList", "text/xml", list);
  device_add_form (self->device);
  return self;
}

static void
line_free (Line *self)
{
  sarap_fault_proxy_free (self->proxy);
  device_free (self->device);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Line, line_free)

/* What the device calls sent is there whole. Returns: whether it is sent */
static gboolean
check_record (Device *device, const char *id)
{
  g_autoptr (GHashTable) instances = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  SarapFaultInstance *instance;

  if (device_get_state (device, id) != SARAP_RECORD_SENT)
    return FALSE;
  instances = sarap_fault_server_list_instances (device->server);
  instance = g_hash_table_lookup (instances, id);
  g_assert_nonnull (instance);
  xml = sarap_temporary_dup_record_xml (device->store, id);
  g_assert_true (g_bytes_equal (xml, instance->xml));
  attachments = sarap_store_list_attachments (device->store, id, NULL);
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      GBytes *bytes = g_hash_table_lookup (instance->files, attachment->name);
      g_autofree char *sha256 = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;

      g_assert_cmpstr (sha256, ==, attachment->sha256);
    }
  return TRUE;
}

static void
cut_everywhere (SarapFaultDirection direction, guint64 step)
{
  g_autoptr (Line) line = line_new ();
  g_autofree char *first = device_fill (line->device, "whole", 1, 600);
  guint64 length;
  guint n = 0, n_cut = 0, n_lost = 0;

  g_assert_true (device_sync (line->device, NULL, NULL));
  g_assert_true (check_record (line->device, first));
  length = sarap_fault_proxy_take_count (line->proxy, direction);
  for (guint64 offset = 0; offset < length; offset += step)
    {
      g_autofree char *id = device_fill (line->device, "cut", 1, 600);

      sarap_fault_proxy_cut_next (line->proxy, direction, offset);
      device_sync (line->device, NULL, NULL);
      if (!check_record (line->device, id))
        {
          n_cut++;
          device_sync (line->device, NULL, NULL);
        }
      n_lost += !check_record (line->device, id);
      n++;
    }
  g_test_message ("%u cuts in %" G_GUINT64_FORMAT " bytes, %u of them left the record unsent", n, length, n_cut);
  g_assert_cmpuint (n_cut, >, 0);
  sarap_figure_at_most ("B2", n_lost, 0);
}

static guint64
get_step (void)
{
  return g_getenv ("SARAP_LONG") != NULL ? 1 : 127;
}

static void
test_cut_anywhere_on_the_way_up (void)
{
  cut_everywhere (SARAP_FAULT_UP, get_step ());
}

static void
test_cut_anywhere_on_the_way_down (void)
{
  cut_everywhere (SARAP_FAULT_DOWN, get_step ());
}

static void
test_bad_line_costs_little (void)
{
  g_autoptr (Line) line = line_new ();
  guint n_records = g_getenv ("SARAP_LONG") != NULL ? 1000 : 50;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint64 payload = 0, sent;
  guint n_left = n_records;

  for (guint i = 0; i < n_records; i++)
    {
      g_autofree char *note = g_strdup_printf ("record %u", i);
      g_autoptr (GBytes) xml = NULL;
      char *id = device_fill (line->device, note, 3, 30000);

      xml = sarap_temporary_dup_record_xml (line->device->store, id);
      payload += g_bytes_get_size (xml) + 3 * 30000;
      g_ptr_array_add (ids, id);
    }
  sarap_fault_proxy_cut_often (line->proxy, 0.4, 100000);
  for (guint round = 0; n_left > 0 && round < 1000; round++)
    {
      device_sync (line->device, NULL, NULL);
      n_left = 0;
      for (guint i = 0; i < ids->len; i++)
        n_left += !check_record (line->device, g_ptr_array_index (ids, i));
    }
  sent = sarap_fault_proxy_take_count (line->proxy, SARAP_FAULT_UP);
  g_assert_cmpuint (n_left, ==, 0);
  sarap_figure_at_most ("B1", (double) sent / (double) payload, 1.5);
}

static void
test_slow_line_comes_to_its_end (void)
{
  g_autoptr (Line) line = line_new ();
  g_autofree char *id = device_fill (line->device, "slow", 1, 3000);

  sarap_fault_proxy_set_speed (line->proxy, 5000);
  g_assert_true (device_sync (line->device, NULL, NULL));
  g_assert_true (check_record (line->device, id));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/line/cut-anywhere-on-the-way-up", test_cut_anywhere_on_the_way_up);
  g_test_add_func ("/sync/line/cut-anywhere-on-the-way-down", test_cut_anywhere_on_the_way_down);
  g_test_add_func ("/sync/line/bad-line-costs-little", test_bad_line_costs_little);
  g_test_add_func ("/sync/line/slow-line-comes-to-its-end", test_slow_line_comes_to_its_end);
  return g_test_run ();
}
