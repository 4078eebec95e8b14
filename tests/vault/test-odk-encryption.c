#include "app/vault/sarap-odk-encryption.h"

#include <string.h>

#include "app/vault/sarap-seal.h"
#include "tests/support/sarap-odk-decryption.h"

#define XML "<data id=\"f\"><q>ответ</q></data>"

typedef struct
{
  EVP_PKEY *key;
  char *public_key;
  GHashTable *files;
  GBytes *envelope;
} Fixture;

static GBytes *
make_content (guint size)
{
  guint8 *bytes = g_malloc (size + 1);

  for (guint i = 0; i < size; i++)
    bytes[i] = (guint8) (i * 7 + size);
  return g_bytes_new_take (bytes, size);
}

static void
encrypt (Fixture *self, const char *version, const guint *sizes, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapOdkEncryption) encryption = sarap_odk_encryption_new (self->public_key, "f & g", version, "uuid:1", &error);
  g_autoptr (GBytes) xml = g_bytes_new_static (XML, strlen (XML));
  GBytes *encrypted = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autoptr (GBytes) content = make_content (sizes[i]);

      encrypted = sarap_odk_encryption_add (encryption, name, content, &error);
      g_assert_no_error (error);
      g_hash_table_insert (self->files, g_strconcat (name, ".enc", NULL), encrypted);
    }
  self->envelope = sarap_odk_encryption_finish (encryption, xml, &encrypted, &error);
  g_assert_no_error (error);
  g_hash_table_insert (self->files, g_strdup (SARAP_ODK_ENCRYPTED_XML), encrypted);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->key = sarap_odk_key_new (&self->public_key);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  EVP_PKEY_free (self->key);
  g_hash_table_unref (self->files);
  g_clear_pointer (&self->envelope, g_bytes_unref);
  g_free (self->public_key);
}

static void
assert_plain (Fixture *self, const guint *sizes, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) plain = sarap_odk_decrypt (self->key, self->envelope, self->files, &error);
  GBytes *xml;

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (plain), ==, n + 1);
  xml = g_hash_table_lookup (plain, "submission.xml");
  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), XML, strlen (XML));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autoptr (GBytes) content = make_content (sizes[i]);

      g_assert_true (g_bytes_equal (g_hash_table_lookup (plain, name), content));
    }
}

static void
test_opens_by_the_specification (Fixture *self, gconstpointer data)
{
  const guint sizes[] = { 0, 1, 15, 16, 17, 4096, 300001 };

  encrypt (self, "2026", sizes, G_N_ELEMENTS (sizes));
  assert_plain (self, sizes, G_N_ELEMENTS (sizes));
}

static void
test_alone_and_without_version (Fixture *self, gconstpointer data)
{
  encrypt (self, "", NULL, 0);
  assert_plain (self, NULL, 0);
}

/* The vector's bytes are counted through more than once. */
static void
test_more_than_sixteen_files (Fixture *self, gconstpointer data)
{
  guint sizes[35];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    sizes[i] = i * 5;
  encrypt (self, "1", sizes, G_N_ELEMENTS (sizes));
  assert_plain (self, sizes, G_N_ELEMENTS (sizes));
}

static void
test_nothing_of_the_answers_is_clear (Fixture *self, gconstpointer data)
{
  GBytes *encrypted;

  encrypt (self, "1", NULL, 0);
  encrypted = g_hash_table_lookup (self->files, SARAP_ODK_ENCRYPTED_XML);
  g_assert_null (memmem (g_bytes_get_data (self->envelope, NULL), g_bytes_get_size (self->envelope), "ответ", strlen ("ответ")));
  g_assert_null (memmem (g_bytes_get_data (encrypted, NULL), g_bytes_get_size (encrypted), "ответ", strlen ("ответ")));
}

static void
test_another_key_opens_nothing (Fixture *self, gconstpointer data)
{
  g_autofree char *other_public = NULL;
  EVP_PKEY *other = sarap_odk_key_new (&other_public);
  g_autoptr (GError) error = NULL;

  encrypt (self, "1", NULL, 0);
  g_assert_null (sarap_odk_decrypt (other, self->envelope, self->files, &error));
  g_assert_cmpstr (error->message, ==, "the key does not open the envelope");
  EVP_PKEY_free (other);
}

static void
test_cut_or_exchanged_files_are_seen (Fixture *self, gconstpointer data)
{
  const guint sizes[] = { 64, 64 };
  g_autoptr (GError) error = NULL;
  GBytes *whole;

  encrypt (self, "1", sizes, G_N_ELEMENTS (sizes));
  whole = g_bytes_ref (g_hash_table_lookup (self->files, "0.jpg.enc"));
  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      g_hash_table_insert (self->files, g_strdup ("0.jpg.enc"), g_bytes_new_from_bytes (whole, 0, size));
      g_assert_null (sarap_odk_decrypt (self->key, self->envelope, self->files, NULL));
    }
  g_hash_table_insert (self->files, g_strdup ("0.jpg.enc"), g_bytes_ref (g_hash_table_lookup (self->files, "1.jpg.enc")));
  g_assert_null (sarap_odk_decrypt (self->key, self->envelope, self->files, NULL));
  g_hash_table_insert (self->files, g_strdup ("0.jpg.enc"), whole);
  assert_plain (self, sizes, G_N_ELEMENTS (sizes));
}

static void
test_what_is_no_key_is_refused (void)
{
  const char *const keys[] = { "", "AAAA", "не ключ", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sarap_odk_encryption_new (keys[i], "f", "", "uuid:1", &error));
      g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/vault/odk/opens-by-the-specification", Fixture, NULL, set_up, test_opens_by_the_specification, tear_down);
  g_test_add ("/vault/odk/alone-and-without-version", Fixture, NULL, set_up, test_alone_and_without_version, tear_down);
  g_test_add ("/vault/odk/more-than-sixteen-files", Fixture, NULL, set_up, test_more_than_sixteen_files, tear_down);
  g_test_add ("/vault/odk/nothing-of-the-answers-is-clear", Fixture, NULL, set_up, test_nothing_of_the_answers_is_clear, tear_down);
  g_test_add ("/vault/odk/another-key-opens-nothing", Fixture, NULL, set_up, test_another_key_opens_nothing, tear_down);
  g_test_add ("/vault/odk/cut-or-exchanged-files-are-seen", Fixture, NULL, set_up, test_cut_or_exchanged_files_are_seen, tear_down);
  g_test_add_func ("/vault/odk/what-is-no-key-is-refused", test_what_is_no_key_is_refused);
  return g_test_run ();
}
