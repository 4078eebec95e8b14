#include "app/base/sarap-problem.h"
#include "sync/wire/sarap-enrolment-text.h"

static void
test_address_alone_is_enough (void)
{
  static const struct
  {
    const char *text;
    const char *url;
    const char *name;
  } cases[] = {
    { "https://central.example/v1/key/a$b!c%24/projects/7", "https://central.example/v1/key/a$b!c%24/projects/7", "central.example" },
    { "  https://kc.example:8443/user//\n", "https://kc.example:8443/user", "kc.example" },
    { "kc.example/user", "https://kc.example/user", "kc.example" },
    { "https://h/v1/key/k/projects/1/formList", "https://h/v1/key/k/projects/1", "h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_parse (cases[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (enrolment->url, ==, cases[i].url);
      g_assert_cmpstr (enrolment->name, ==, cases[i].name);
      g_assert_false (enrolment->is_supervisor);
      g_assert_null (enrolment->password);
    }
}

static void
test_text_returns_as_written (void)
{
  g_autoptr (SarapEnrolment) first = sarap_enrolment_parse ("{\"sarap\": 1, \"name\": \"Аудит \\\"2026\\\"\", \"url\": \"https://h/\", \"role\": \"supervisor\", \"project\": 3, \"username\": \"a@b\", \"ca\": null,"
                                                            " \"project_key\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\", \"spare_key\": \"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\", \"future\": []}",
                                                            NULL);
  g_autofree char *text = sarap_enrolment_to_text (first);
  g_autoptr (SarapEnrolment) second = sarap_enrolment_parse (text, NULL);

  g_assert_cmpstr (second->name, ==, "Аудит \"2026\"");
  g_assert_cmpstr (second->url, ==, "https://h");
  g_assert_cmpstr (second->username, ==, "a@b");
  g_assert_cmpstr (second->project_key, ==, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  g_assert_cmpstr (second->spare_key, ==, "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  g_assert_true (second->is_supervisor);
  g_assert_cmpint (second->project_id, ==, 3);
  g_assert_null (second->ca);
}

/* The original may go first: a device is checked on another thread than the one that shows it. */
static void
test_copy_stands_alone (void)
{
  SarapEnrolment *first = sarap_enrolment_parse ("{\"sarap\": 1, \"name\": \"n\", \"url\": \"https://h\", \"username\": \"u\", \"password\": \"p\", \"project\": 3,"
                                                 " \"project_key\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\", \"spare_key\": \"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","
                                                 " \"server_key\": \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}",
                                                 NULL);
  g_autofree char *before = sarap_enrolment_to_text (first);
  g_autoptr (SarapEnrolment) copy = sarap_enrolment_copy (first);
  g_autofree char *after = sarap_enrolment_to_text (copy);

  g_assert_cmpstr (after, ==, before);
  g_assert_true (copy->server_key != first->server_key);
  g_assert_true (copy->spare_key != first->spare_key);
  sarap_enrolment_free (first);
}

static void
test_unfit_texts_are_refused (void)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "", SARAP_INPUT_ERROR_MALFORMED },
    { "two words", SARAP_INPUT_ERROR_MALFORMED },
    { "https://", SARAP_INPUT_ERROR_MALFORMED },
    { "https://h/?q=1", SARAP_INPUT_ERROR_MALFORMED },
    { "http://h/v1/key/k/projects/1", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "HTTP://h/", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "ftp://h/", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "https://user:secret@h/", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "{\"sarap\": 1", SARAP_INPUT_ERROR_MALFORMED },
    { "{\"sarap\": 1}", SARAP_INPUT_ERROR_MALFORMED },
    { "{\"sarap\": 2, \"url\": \"https://h\"}", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "{\"url\": \"https://h\"}", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "{\"sarap\": [], \"url\": {}}", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "{\"sarap\": 1, \"url\": {}}", SARAP_INPUT_ERROR_MALFORMED },
    { "{\"sarap\": 1, \"url\": \"http://h\"}", SARAP_INPUT_ERROR_UNSUPPORTED },
    { "{\"sarap\": 1, \"url\": \"https://h\", \"ca\": \"no certificate\"}", SARAP_INPUT_ERROR_MALFORMED },
    { "{\"sarap\": 1, \"url\": \"https://h\", \"project_key\": \"AAAA\"}", SARAP_INPUT_ERROR_MALFORMED },
    { "{\"sarap\": 1, \"url\": \"https://h\", \"spare_key\": \"AAAA\"}", SARAP_INPUT_ERROR_MALFORMED },
    { "\xff\xfe", SARAP_INPUT_ERROR_LIMIT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sarap_enrolment_parse (cases[i].text, &error));
      g_assert_error (error, SARAP_INPUT_ERROR, cases[i].code);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/enrolment/address-alone-is-enough", test_address_alone_is_enough);
  g_test_add_func ("/sync/enrolment/text-returns-as-written", test_text_returns_as_written);
  g_test_add_func ("/sync/enrolment/copy-stands-alone", test_copy_stands_alone);
  g_test_add_func ("/sync/enrolment/unfit-texts-are-refused", test_unfit_texts_are_refused);
  return g_test_run ();
}
