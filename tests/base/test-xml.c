#include "app/base/sarap-xml.h"

#include "app/base/sarap-problem.h"

#include <string.h>

static xmlDoc *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return sarap_xml_parse (bytes, "form.xml", error);
}

static int
read_all (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (xmlTextReader) reader = sarap_xml_reader_new (bytes, "form.xml", error);
  int step = -1;

  while (reader != NULL && (step = sarap_xml_reader_read (reader, error)) == 1)
    ;
  return step;
}

static char *
nested (guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, "<a>");
  for (guint i = 0; i < depth; i++)
    g_string_append (text, "</a>");
  return g_string_free (text, FALSE);
}

static void
doctype_is_refused (void)
{
  static const char *const files[] = {
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<a>&x;</a>",
    "<?xml version='1.0'?>\n<!-- first -->\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
    "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/p.dtd'> %p;]><a/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) reader_error = NULL;

      g_assert_null (parse (files[i], &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED);
      g_assert_true (strstr (error->message, "DOCTYPE") != NULL);
      g_assert_cmpint (read_all (files[i], &reader_error), ==, -1);
      g_assert_error (reader_error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED);
    }
}

static void
elements_nest_to_one_hundred (void)
{
  g_autofree char *deepest = nested (100);
  g_autofree char *deeper = nested (101);
  g_autofree char *absurd = nested (100000);
  g_autoptr (GError) error = NULL;
  g_autoptr (xmlDoc) doc = parse (deepest, &error);

  g_assert_no_error (error);
  g_assert_nonnull (doc);
  g_assert_cmpint (read_all (deepest, &error), ==, 0);
  g_assert_null (parse (deeper, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpint (read_all (deeper, &error), ==, -1);
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (parse (absurd, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
}

static void
undeclared_entity_is_malformed (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse ("<a>\n&nbsp;</a>", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_assert_true (strstr (error->message, "line 2") != NULL);
  g_clear_error (&error);
  g_assert_null (parse ("", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (parse ("<a><b></a>", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
}

static void
elements_and_attributes_are_found (void)
{
  g_autoptr (xmlDoc) doc = parse ("<a x='1 &amp; &#10;2' y='' xmlns:j='urn:j' j:x='3'>t<b/><c>u<j:d>v</j:d></c></a>", NULL);
  const xmlNode *root = xmlDocGetRootElement (doc);
  const xmlNode *b = sarap_xml_first_element (root, NULL);
  const xmlNode *c = sarap_xml_first_element (root, "c");
  g_autofree char *text = sarap_xml_dup_text (c);

  g_assert_cmpstr (sarap_xml_peek_attribute (root, "x"), ==, "1 & \n2");
  g_assert_cmpstr (sarap_xml_peek_attribute (root, "y"), ==, "");
  g_assert_null (sarap_xml_peek_attribute (root, "z"));
  g_assert_cmpstr (sarap_xml_peek_attribute_ns (root, "urn:j", "x"), ==, "3");
  g_assert_true (sarap_xml_next_element (b, NULL) == c);
  g_assert_null (sarap_xml_next_element (c, NULL));
  g_assert_cmpstr (text, ==, "uv");
  g_assert_true (sarap_xml_is (sarap_xml_first_element (c, "d"), "urn:j", "d"));
  g_assert_false (sarap_xml_is (c, "urn:j", "c"));
  g_assert_true (sarap_xml_is (c, NULL, "c"));
}

static void
escaped_text_reads_back (void)
{
  const char *value = "a<b>&\"'\t\n\r ә \x01";
  g_autoptr (GString) text = g_string_new ("<a x=\"");
  g_autoptr (xmlDoc) doc = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;

  sarap_xml_append_escaped (text, value, TRUE);
  g_string_append (text, "\">");
  sarap_xml_append_escaped (text, value, FALSE);
  g_string_append (text, "</a>");
  doc = parse (text->str, &error);
  g_assert_no_error (error);
  content = sarap_xml_dup_text (xmlDocGetRootElement (doc));
  g_assert_cmpstr (content, ==, "a<b>&\"'\t\n\r ә \xef\xbf\xbd");
  g_assert_cmpstr (sarap_xml_peek_attribute (xmlDocGetRootElement (doc), "x"), ==, content);
}

static char *
with_attributes (const char *name, guint n, char quote)
{
  GString *text = g_string_new ("<r>\n<!-- a=\"' --><![CDATA[<x y=']]><a");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, " %s%u=%cu > = x%c", name, i, quote, quote);
  g_string_append (text, "><b/></a></r>");
  return g_string_free (text, FALSE);
}

static void
assert_limit (const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reader_error = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "form.xml, line 2: "));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpint (read_all (text, &reader_error), ==, -1);
}

/* libxml2 compares each with all others: 100,000 would take minutes. */
static void
one_thousand_attributes_at_most (void)
{
  for (const char *quote = "'\""; *quote != '\0'; quote++)
    {
      g_autofree char *most = with_attributes ("a", 1000, *quote);
      g_autofree char *more = with_attributes ("a", 1001, *quote);
      g_autofree char *absurd = with_attributes ("a", 1000000, *quote);
      g_autoptr (GError) error = NULL;
      g_autoptr (xmlDoc) doc = parse (most, &error);

      g_assert_no_error (error);
      g_assert_cmpint (read_all (most, NULL), ==, 0);
      assert_limit (more, "more than 1000 attributes");
      assert_limit (absurd, "more than 1000 attributes");
    }
}

static void
one_thousand_namespaces_at_most (void)
{
  g_autofree char *most = with_attributes ("xmlns:a", 1000, '"');
  g_autoptr (GString) nested = g_string_new ("<r>\n"), siblings = g_string_new ("<r>\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (xmlDoc) doc = parse (most, &error);
  g_autoptr (xmlDoc) many = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < 50; i++)
    {
      g_string_append (nested, "<a");
      g_string_append (siblings, "<a");
      for (guint j = 0; j < 21; j++)
        {
          g_string_append_printf (nested, " xmlns:n%u-%u='u'", i, j);
          g_string_append_printf (siblings, " xmlns:n%u-%u='u'", i, j);
        }
      g_string_append (nested, ">");
      g_string_append (siblings, "/>");
    }
  for (guint i = 0; i < 50; i++)
    g_string_append (nested, "</a>");
  g_string_append (nested, "</r>");
  g_string_append (siblings, "</r>");
  many = parse (siblings->str, &error);
  g_assert_no_error (error);
  g_assert_null (parse (nested->str, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "1000 namespaces"));
}

static void
other_encodings_are_refused (void)
{
  static const char *const texts[] = {
    "<?xml version='1.0' encoding='windows-1251'?>\n<a>\xe0</a>",
    "\xff\xfe<",
    "<a>\xed\xa0\x80</a>",
  };
  g_autoptr (xmlDoc) doc = parse ("<?xml version='1.0' encoding='UTF-7'?><a b='+AD0-'>\xd3\x99</a>", NULL);

  g_assert_cmpstr (sarap_xml_peek_attribute (xmlDocGetRootElement (doc), "b"), ==, "+AD0-");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, "UTF-8"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/xml/doctype-is-refused", doctype_is_refused);
  g_test_add_func ("/base/xml/elements-nest-to-one-hundred", elements_nest_to_one_hundred);
  g_test_add_func ("/base/xml/undeclared-entity-is-malformed", undeclared_entity_is_malformed);
  g_test_add_func ("/base/xml/elements-and-attributes-are-found", elements_and_attributes_are_found);
  g_test_add_func ("/base/xml/escaped-text-reads-back", escaped_text_reads_back);
  g_test_add_func ("/base/xml/one-thousand-attributes-at-most", one_thousand_attributes_at_most);
  g_test_add_func ("/base/xml/one-thousand-namespaces-at-most", one_thousand_namespaces_at_most);
  g_test_add_func ("/base/xml/other-encodings-are-refused", other_encodings_are_refused);
  return g_test_run ();
}
