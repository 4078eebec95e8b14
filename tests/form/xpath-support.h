#pragma once

#include "app/form/xpath/sarap-xpath.h"

#include <string.h>

/* What the tests of expressions share: a small document, a list and a clock that stands at
 * 2026-03-01T20:30:00Z. */

typedef struct
{
  SarapTree *tree;
  SarapTree *list;
  SarapXPathHost host;
} Fixture;

static inline SarapNode *
xpath_fixture_instance (const char *id, gpointer data)
{
  Fixture *self = data;

  return g_str_equal (id, "towns") ? sarap_tree_get_document (self->list) : NULL;
}

static inline void
xpath_fixture_set_up (Fixture *self, const char *xml, const char *zone)
{
  static const char csv[] = "name,region,rank\nalm,south,01\nast,north,2\nshy,south,3\n,south,4\n";
  g_autoptr (GBytes) document = g_bytes_new_static (xml, strlen (xml));
  g_autoptr (GBytes) rows = g_bytes_new_static (csv, strlen (csv));
  g_autoptr (GError) error = NULL;

  *self = (Fixture){ 0 };
  self->tree = sarap_tree_new_from_xml (document, "data.xml", &error);
  g_assert_no_error (error);
  self->list = sarap_tree_new_from_csv (rows, "towns.csv", &error);
  g_assert_no_error (error);
  self->host.instance = xpath_fixture_instance;
  self->host.clock = sarap_clock_new_at (G_GINT64_CONSTANT (1772397000000), zone);
}

static inline void
xpath_fixture_tear_down (Fixture *self)
{
  sarap_tree_free (self->tree);
  sarap_tree_free (self->list);
  g_object_unref (self->host.clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, xpath_fixture_tear_down)

/* The text of @expression with the root element as context; NULL with @error. */
static inline char *
xpath_fixture_try (Fixture *self, const char *expression, GError **error)
{
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (expression, NULL, error);
  SarapXPathContext context = { .node = sarap_tree_get_root (self->tree), .host = &self->host, .host_data = self };

  return xpath != NULL ? sarap_xpath_evaluate_string (xpath, &context, error) : NULL;
}

static inline void
xpath_assert_text (Fixture *self, const char *expression, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = xpath_fixture_try (self, expression, &error);

  g_assert_no_error (error);
  if (!g_str_equal (text, wanted))
    g_test_message ("%s", expression);
  g_assert_cmpstr (text, ==, wanted);
}

static inline void
xpath_assert_fails (Fixture *self, const char *expression, SarapXPathError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = xpath_fixture_try (self, expression, &error);

  if (text != NULL)
    g_test_message ("%s gives %s", expression, text);
  g_assert_null (text);
  g_assert_error (error, SARAP_XPATH_ERROR, (int) code);
}
