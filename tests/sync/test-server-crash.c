#include <string.h>

#include "tests/support/sarap-figure.h"
#include "tests/sync/server-client.h"

/* No 201 without durable bytes (safety.md B4): sarap-server is killed again and again while
 * devices send; whatever was acknowledged must be there, whole and the same. */

#define N_DEVICES 4

typedef struct
{
  Client client; /* with a session of its own */
  guint number;
  GPtrArray *acknowledged; /* instanceIDs */
  guint n_refused;
} Device;

static Client *client;
static int goes_on = TRUE;

static char *
photo_of (const char *instance_id)
{
  GString *photo = g_string_new (instance_id);

  while (photo->len < 100000)
    g_string_append (photo, instance_id);
  return g_string_free (photo, FALSE);
}

static gpointer
send_until_told (gpointer data)
{
  Device *device = data;

  for (guint i = 0; g_atomic_int_get (&goes_on); i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:%u-%u", device->number, i);
      g_autofree char *xml = visit_xml (id, "<photo>p.jpg</photo>");
      g_autofree char *photo = photo_of (id);
      g_auto (Reply) reply = client_post (&device->client, xml, "p.jpg", photo, NULL);

      if (reply.status == 201 || reply.status == 202)
        g_ptr_array_add (device->acknowledged, g_steal_pointer (&id));
      else
        device->n_refused++;
    }
  return NULL;
}

static gboolean
is_stored (const char *id)
{
  g_autofree char *xml = visit_xml (id, "<photo>p.jpg</photo>"), *photo = photo_of (id);
  g_autofree char *path = g_strdup_printf ("/v1/projects/1/forms/visit/submissions/%s.xml", id);
  g_autofree char *photo_path = g_strdup_printf ("/v1/projects/1/forms/visit/submissions/%s/attachments/p.jpg", id);
  g_auto (Reply) stored = client_call (client, "GET", path, NULL);
  g_auto (Reply) stored_photo = client_call (client, "GET", photo_path, NULL);

  return stored.status == 200 && stored_photo.status == 200 && g_str_equal (stored.body, xml) && g_str_equal (stored_photo.body, photo);
}

static void
test_kills_lose_nothing_acknowledged (void)
{
  /* A sanitized server takes ten times as long to start: it lives longer between fewer kills. */
  gboolean is_slow = g_getenv ("SARAP_SANITIZED") != NULL;
  guint n_kills = g_getenv ("SARAP_LONG") != NULL ? 2000 : is_slow ? 20
                                                                   : 100,
        n_acknowledged = 0, n_refused = 0, n_lost = 0;
  Device devices[N_DEVICES];
  GThread *threads[N_DEVICES];

  for (guint i = 0; i < N_DEVICES; i++)
    {
      devices[i] = (Device){ .client = *client, .number = i, .acknowledged = g_ptr_array_new_with_free_func (g_free) };
      devices[i].client.session = sarap_test_server_new_session (client->server);
      threads[i] = g_thread_new ("device", send_until_told, &devices[i]);
    }
  for (guint i = 0; i < n_kills; i++)
    {
      g_usleep ((gulong) g_test_rand_int_range (0, is_slow ? 1500000 : 150000));
      sarap_test_server_kill (client->server);
      sarap_test_server_start (client->server);
    }
  g_atomic_int_set (&goes_on, FALSE);
  for (guint i = 0; i < N_DEVICES; i++)
    g_thread_join (threads[i]);

  for (guint i = 0; i < N_DEVICES; i++)
    {
      for (guint k = 0; k < devices[i].acknowledged->len; k++)
        n_lost += !is_stored (g_ptr_array_index (devices[i].acknowledged, k));
      n_acknowledged += devices[i].acknowledged->len;
      n_refused += devices[i].n_refused;
      g_ptr_array_unref (devices[i].acknowledged);
      g_object_unref (devices[i].client.session);
    }
  g_test_message ("%u kills: %u acknowledged, %u not answered", n_kills, n_acknowledged, n_refused);
  sarap_figure_at_most ("B4", n_lost, 0);
  g_assert_cmpuint (n_acknowledged, >, n_kills / 4);
  g_assert_cmpuint (n_refused, >, 0);
}

static void
test_leftovers_are_removed (void)
{
  g_autofree char *incoming = g_build_filename (sarap_test_server_get_folder (client->server), "incoming", NULL);
  g_autofree char *left = g_build_filename (incoming, "part-left", NULL);
  g_autoptr (GDir) dir = NULL;

  g_assert_true (g_file_set_contents (left, "half", -1, NULL));
  sarap_test_server_kill (client->server);
  sarap_test_server_start (client->server);
  dir = g_dir_open (incoming, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_second_server_is_refused (void)
{
  g_autofree char *database = g_strdup_printf ("sqlite:%s/central.db", sarap_test_server_get_folder (client->server));
  g_autofree char *address = g_strdup_printf ("unix:%s/second.sock", sarap_test_server_get_folder (client->server));
  const char *words[] = { SARAP_SERVER_PROGRAM, "--database", database, "--listen", address, "--public-url", "https://localhost", NULL };
  int status = 0;

  g_assert_true (g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 3);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  g_test_add_func ("/server/crash/kills-lose-nothing-acknowledged", test_kills_lose_nothing_acknowledged);
  g_test_add_func ("/server/crash/leftovers-are-removed", test_leftovers_are_removed);
  g_test_add_func ("/server/crash/second-server-is-refused", test_second_server_is_refused);
  status = g_test_run ();
  client_free (client);
  return status;
}
