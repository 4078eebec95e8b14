#include "app/base/sarap-problem.h"
#include "app/vault/sarap-sensitive.h"

#include <string.h>

/* Sensitive answers inside a submission. */

#define SUBMISSION(id, first, second) \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data id=\"v\"><name>Ақ &amp; co</name><rep><paid>" first "</paid></rep><rep><paid>" second "</paid></rep><meta><instanceID>" id "</instanceID></meta></data>"

static const char *const paths[] = { "/data/rep/paid", NULL };

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static GPtrArray *
keys_of (SarapProjectKey *first, SarapProjectKey *second)
{
  GPtrArray *keys = g_ptr_array_new ();

  g_ptr_array_add (keys, first);
  if (second != NULL)
    g_ptr_array_add (keys, second);
  return keys;
}

static SarapProjectKey *
public_of (SarapProjectKey *key)
{
  g_autofree char *text = sarap_project_key_to_public_text (key);

  return sarap_project_key_new_from_text (text, NULL);
}

static GBytes *
seal (const char *text, GPtrArray *keys)
{
  g_autoptr (GBytes) xml = bytes_of (text);
  g_autoptr (GError) error = NULL;
  GBytes *sealed = sarap_sensitive_seal (xml, paths, keys, &error);

  g_assert_no_error (error);
  return sealed;
}

static gboolean
says (GBytes *xml, const char *text)
{
  return g_strstr_len (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), text) != NULL;
}

static void
test_either_private_half_opens (void)
{
  g_autoptr (SarapProjectKey) use = sarap_project_key_generate (), spare = sarap_project_key_generate (), use_public = public_of (use), spare_public = public_of (spare);
  g_autoptr (GPtrArray) publics = keys_of (use_public, spare_public), first = keys_of (use, NULL), second = keys_of (spare, NULL);
  g_autoptr (GBytes) sealed = seal (SUBMISSION ("uuid:1", "yes, &lt;500&gt;", ""), publics);
  g_autoptr (GBytes) by_first = sarap_sensitive_open (sealed, first, FALSE), by_second = sarap_sensitive_open (sealed, second, TRUE);

  g_assert_false (says (sealed, "500"));
  g_assert_true (says (sealed, "Ақ &amp; co"));
  g_assert_true (sarap_sensitive_has_sealed (sealed));
  g_assert_true (sarap_sensitive_names_key (sealed, spare));
  g_assert_true (says (by_first, "<paid>yes, &lt;500&gt;</paid></rep><rep><paid/>") && !sarap_sensitive_has_sealed (by_first));
  g_assert_true (says (by_second, "<paid>yes, &lt;500&gt;</paid>"));
}

static void
test_without_a_private_half_it_stays_sealed_or_is_blank (void)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_generate (), key_public = public_of (key), stranger = sarap_project_key_generate ();
  g_autoptr (GPtrArray) publics = keys_of (key_public, NULL), others = keys_of (stranger, key_public);
  g_autoptr (GBytes) sealed = seal (SUBMISSION ("uuid:1", "secret", "other"), publics);
  g_autoptr (GBytes) kept = sarap_sensitive_open (sealed, others, FALSE), blank = sarap_sensitive_open (sealed, others, TRUE);

  g_assert_true (sarap_sensitive_has_sealed (kept) && !says (kept, "secret"));
  g_assert_true (says (blank, "<rep><paid/></rep><rep><paid/></rep>"));
  g_assert_true (says (blank, "Ақ &amp; co"));
}

/* @text with its two sealed answers changed for each other. */
static GBytes *
swap (GBytes *sealed)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  g_auto (GStrv) parts = g_strsplit (text, "paid>", -1);
  g_autofree char *kept = parts[1];

  parts[1] = parts[3];
  parts[3] = g_steal_pointer (&kept);
  return g_bytes_new_take (g_strjoinv ("paid>", parts), g_bytes_get_size (sealed));
}

static void
test_moved_answers_do_not_open (void)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_generate ();
  g_autoptr (GPtrArray) keys = keys_of (key, NULL);
  g_autoptr (GBytes) sealed = seal (SUBMISSION ("uuid:1", "aaa", "bbb"), keys), swapped = swap (sealed);
  g_autoptr (GBytes) opened = sarap_sensitive_open (swapped, keys, TRUE), elsewhere = NULL, moved = NULL;
  g_autofree char *text = g_strndup (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));

  g_assert_false (says (opened, "aaa") || says (opened, "bbb"));
  strstr (text, "uuid:1")[5] = '2';
  moved = bytes_of (text);
  elsewhere = sarap_sensitive_open (moved, keys, TRUE);
  g_assert_false (says (elsewhere, "aaa") || says (elsewhere, "bbb"));
}

static void
test_lengths_tell_nothing_of_a_choice (void)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_generate ();
  g_autoptr (GPtrArray) keys = keys_of (key, NULL);
  g_autoptr (GBytes) one = seal (SUBMISSION ("uuid:1", "1", ""), keys), other = seal (SUBMISSION ("uuid:1", "a_very_long_code_of_a_choice", ""), keys);

  g_assert_cmpuint (g_bytes_get_size (one), ==, g_bytes_get_size (other));
}

static void
test_unfit_input_is_an_error (void)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_generate ();
  g_autoptr (GPtrArray) keys = keys_of (key, NULL), none = g_ptr_array_new ();
  g_autoptr (GBytes) nameless = bytes_of ("<data/>"), broken = bytes_of ("sarap-sealed-1:<"), kept = NULL;
  g_autoptr (GError) missing = NULL, locked = NULL;

  g_assert_null (sarap_sensitive_seal (nameless, paths, keys, &missing));
  g_assert_error (missing, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_assert_null (sarap_sensitive_seal (nameless, paths, none, &locked));
  g_assert_error (locked, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED);
  kept = sarap_sensitive_open (broken, keys, TRUE);
  g_assert_true (g_bytes_equal (kept, broken));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/sensitive/either-private-half-opens", test_either_private_half_opens);
  g_test_add_func ("/vault/sensitive/without-a-private-half-it-stays-sealed-or-is-blank", test_without_a_private_half_it_stays_sealed_or_is_blank);
  g_test_add_func ("/vault/sensitive/moved-answers-do-not-open", test_moved_answers_do_not_open);
  g_test_add_func ("/vault/sensitive/lengths-tell-nothing-of-a-choice", test_lengths_tell_nothing_of_a_choice);
  g_test_add_func ("/vault/sensitive/unfit-input-is-an-error", test_unfit_input_is_an_error);
  return g_test_run ();
}
