#include "app/vault/sarap-project-key.h"
#include "app/vault/sarap-seal-stream.h"

#include <string.h>

static const char answer[] = "иә, 20 000 теңге";

static void
test_opens_only_in_its_place (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (SarapSecret) other = sarap_secret_new_random ();
  g_autoptr (GBytes) sealed = sarap_seal (key, "sarap/1/uuid:a/3", answer, strlen (answer));
  g_autoptr (GBytes) plain = sarap_unseal (key, "sarap/1/uuid:a/3", sealed, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), answer, strlen (answer));
  g_assert_null (sarap_unseal (key, "sarap/1/uuid:b/3", sealed, NULL));
  g_assert_null (sarap_unseal (other, "sarap/1/uuid:a/3", sealed, &error));
  g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED);
}

static void
test_lengths_say_little (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (GBytes) yes = sarap_seal (key, "x", "yes", 3);
  g_autoptr (GBytes) no = sarap_seal (key, "x", "no", 2);
  g_autoptr (GBytes) none = sarap_seal (key, "x", NULL, 0);
  g_autoptr (GBytes) full = sarap_seal (key, "x", "01234567890123456789012345678901", 32);
  g_autoptr (GBytes) plain_none = sarap_unseal (key, "x", none, NULL);
  g_autoptr (GBytes) plain_full = sarap_unseal (key, "x", full, NULL);

  g_assert_cmpuint (g_bytes_get_size (yes), ==, g_bytes_get_size (no));
  g_assert_cmpuint (g_bytes_get_size (yes), ==, g_bytes_get_size (none));
  g_assert_cmpuint (g_bytes_get_size (plain_none), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (plain_full), ==, 32);
}

static void
test_every_flipped_bit_is_seen (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (GBytes) sealed = sarap_seal (key, "x", answer, strlen (answer));
  gsize size = g_bytes_get_size (sealed);

  for (gsize bit = 0; bit < size * 8; bit++)
    {
      guint8 *copy = g_memdup2 (g_bytes_get_data (sealed, NULL), size);
      g_autoptr (GBytes) flipped = NULL;

      copy[bit / 8] ^= 1 << bit % 8;
      flipped = g_bytes_new_take (copy, size);
      g_assert_null (sarap_unseal (key, "x", flipped, NULL));
    }
  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (GBytes) shorter = g_bytes_new_from_bytes (sealed, 0, cut);

      g_assert_null (sarap_unseal (key, "x", shorter, NULL));
    }
}

static void
test_tags_need_the_key (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (SarapSecret) other = sarap_secret_new_derived (key, "other");
  guint8 a[SARAP_SEAL_TAG_SIZE], b[SARAP_SEAL_TAG_SIZE];

  sarap_seal_tag (key, "/data/bribe", a);
  sarap_seal_tag (key, "/data/bribe", b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
  sarap_seal_tag (key, "/data/bribes", b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
  sarap_seal_tag (other, "/data/bribe", b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
}

static void
test_project_key_opens_with_its_private_half (void)
{
  g_autoptr (SarapProjectKey) pair = sarap_project_key_generate ();
  g_autofree char *public_text = sarap_project_key_to_public_text (pair);
  g_autofree char *private_text = sarap_project_key_to_private_text (pair);
  g_autoptr (SarapProjectKey) public_half = sarap_project_key_new_from_text (public_text, NULL);
  g_autoptr (SarapProjectKey) private_half = sarap_project_key_new_from_text (private_text, NULL);
  g_autoptr (GBytes) sealed = sarap_project_key_seal (public_half, "uuid:a", answer, strlen (answer));
  g_autoptr (GBytes) plain = sarap_project_key_unseal (private_half, "uuid:a", sealed, NULL);
  g_autoptr (GError) locked = NULL;
  g_autoptr (GError) forged = NULL;

  g_assert_cmpstr (sarap_project_key_peek_fingerprint (public_half), ==, sarap_project_key_peek_fingerprint (pair));
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), answer, strlen (answer));
  g_assert_null (sarap_project_key_unseal (public_half, "uuid:a", sealed, &locked));
  g_assert_error (locked, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED);
  g_assert_null (sarap_project_key_unseal (private_half, "uuid:b", sealed, &forged));
  g_assert_error (forged, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED);
}

static void
test_project_key_refuses_other_text (void)
{
  static const char *const wrong[] = { "", "sarap-project-public-1:", "sarap-project-public-1:AAAA", "ssh-ed25519 AAAA", "sarap-project-public-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "sarap-project-public-1:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "sarap-project-private-1:****" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sarap_project_key_new_from_text (wrong[i], &error));
      g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED);
    }
}

static GBytes *
stream_seal (SarapSecret *key, const char *context, GBytes *plain)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) writer = sarap_seal_writer_new (key, context, memory);

  g_assert_true (g_output_stream_write_all (writer, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (writer, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static GBytes *
stream_open (SarapSecret *key, const char *context, GBytes *sealed, GError **error)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (sealed);
  g_autoptr (GInputStream) reader = sarap_seal_reader_new (key, context, memory);
  g_autoptr (GOutputStream) plain = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (plain, reader, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (plain));
}

static void
test_stream_gives_back_every_length (void)
{
  static const gsize sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 300000 };
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint8 *data = g_malloc (sizes[i] + 1);
      g_autoptr (GBytes) plain = NULL;
      g_autoptr (GBytes) sealed = NULL;
      g_autoptr (GBytes) back = NULL;

      for (gsize k = 0; k < sizes[i]; k++)
        data[k] = k * 31;
      plain = g_bytes_new_take (data, sizes[i]);
      sealed = stream_seal (key, "uuid:a/photo.jpg", plain);
      back = stream_open (key, "uuid:a/photo.jpg", sealed, NULL);
      g_assert_true (g_bytes_equal (plain, back));
    }
}

static void
test_stream_cut_or_moved_does_not_open (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  guint8 *data = g_malloc0 (200000);
  g_autoptr (GBytes) plain = g_bytes_new_take (data, 200000);
  g_autoptr (GBytes) sealed = stream_seal (key, "uuid:a/photo.jpg", plain);
  gsize size = g_bytes_get_size (sealed);
  const gsize cuts[] = { 0, 10, 24, 25, 24 + 65553, 24 + 65553 + 1, 24 + 2 * 65553, size - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr (GBytes) shorter = g_bytes_new_from_bytes (sealed, 0, cuts[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (stream_open (key, "uuid:a/photo.jpg", shorter, &error));
      g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED);
    }
  g_assert_null (stream_open (key, "uuid:b/photo.jpg", sealed, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/seal/opens-only-in-its-place", test_opens_only_in_its_place);
  g_test_add_func ("/vault/seal/lengths-say-little", test_lengths_say_little);
  g_test_add_func ("/vault/seal/every-flipped-bit-is-seen", test_every_flipped_bit_is_seen);
  g_test_add_func ("/vault/seal/tags-need-the-key", test_tags_need_the_key);
  g_test_add_func ("/vault/project-key/opens-with-its-private-half", test_project_key_opens_with_its_private_half);
  g_test_add_func ("/vault/project-key/refuses-other-text", test_project_key_refuses_other_text);
  g_test_add_func ("/vault/seal-stream/gives-back-every-length", test_stream_gives_back_every_length);
  g_test_add_func ("/vault/seal-stream/cut-or-moved-does-not-open", test_stream_cut_or_moved_does_not_open);
  return g_test_run ();
}
