#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define FORM SARAP_TEST_FOLDER "/data/forms/visit.xml"

typedef struct
{
  GSubprocess *process;
  GDataInputStream *replies;
  JsonParser *parser;
} Fixture;

static void
set_up (Fixture *self, gconstpointer command)
{
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("SARAPCTL"), command, NULL);
  g_assert_no_error (error);
  self->replies = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->parser = json_parser_new ();
}

/* Every reply was read; the program ends by itself when nobody asks any more. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL));
  g_assert_true (g_subprocess_wait_check (self->process, NULL, NULL));
  g_object_unref (self->replies);
  g_object_unref (self->process);
  g_object_unref (self->parser);
}

static JsonObject *
ask (Fixture *self, const char *request)
{
  g_autofree char *line = g_strconcat (request, "\n", NULL), *reply = NULL;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  reply = g_data_input_stream_read_line_utf8 (self->replies, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (reply);
  json_parser_load_from_data (self->parser, reply, -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (self->parser));
}

static void
assert_refused (Fixture *self, const char *request)
{
  JsonObject *reply = ask (self, request);

  g_assert_false (json_object_get_boolean_member_with_default (reply, "ok", FALSE));
  g_assert_cmpstr (json_object_get_string_member (reply, "error"), !=, "");
}

static JsonObject *
assert_done (Fixture *self, const char *request)
{
  JsonObject *reply = ask (self, request);

  g_assert_cmpstr (json_object_get_string_member_with_default (reply, "error", ""), ==, "");
  return reply;
}

static void
test_odd_requests_are_refused (Fixture *self, gconstpointer data)
{
  static const char *const requests[] = {
    "", "{", "[]", "5", "null", "{}", "{\"cmd\":5}", "{\"cmd\":null}", "{\"cmd\":\"load\"}", "{\"cmd\":\"load\",\"form\":5}", "{\"cmd\":\"load\",\"form\":\"<a/>\"}",
    "{\"cmd\":\"load\",\"formPath\":\"/nowhere\"}", "{\"cmd\":\"load\",\"formPath\":\"" FORM "\",\"resources\":[]}", "{\"cmd\":\"load\",\"formPath\":\"" FORM "\",\"preloadProperties\":\"x\"}",
    "{\"cmd\":\"load\",\"formPath\":\"" FORM "\",\"tz\":\"Nowhere\"}", "{\"cmd\":\"load\",\"s\":\"one\",\"formPath\":\"" FORM "\"}", "{\"cmd\":\"state\",\"s\":9}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_refused (self, requests[i]);
}

static void
test_odd_answers_are_refused (Fixture *self, gconstpointer data)
{
  static const char *const requests[] = {
    "{\"cmd\":\"answer\",\"ref\":5,\"value\":\"x\"}", "{\"cmd\":\"answer\",\"value\":\"x\"}", "{\"cmd\":\"answer\",\"ref\":\"/data/name\",\"value\":{}}", "{\"cmd\":\"answer\",\"ref\":\"/data/name\",\"value\":[[]]}",
    "{\"cmd\":\"answer\",\"ref\":\"/data/none\",\"value\":\"x\"}", "{\"cmd\":\"value\",\"ref\":\"/data/none\"}", "{\"cmd\":\"choices\",\"ref\":\"/data/none\"}",
    "{\"cmd\":\"createRepeat\",\"ref\":\"/data/name\"}", "{\"cmd\":\"reload\",\"to\":\"x\"}", "{\"cmd\":\"setLanguage\",\"lang\":\"xx\"}", "{\"cmd\":\"no such\"}"
  };

  assert_done (self, "{\"cmd\":\"load\",\"formPath\":\"" FORM "\"}");
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_refused (self, requests[i]);
}

static void
test_answers_of_every_kind_are_taken (Fixture *self, gconstpointer data)
{
  assert_done (self, "{\"cmd\":\"load\",\"s\":3,\"formPath\":\"" FORM "\"}");
  g_assert_cmpstr (json_object_get_string_member (assert_done (self, "{\"cmd\":\"answer\",\"s\":3,\"ref\":\"/data/name\",\"value\":[\"a\",2,true]}"), "result"), ==, "OK");
  g_assert_cmpstr (json_object_get_string_member (assert_done (self, "{\"cmd\":\"value\",\"s\":3,\"ref\":\"/data/name\"}"), "value"), ==, "a 2 true");
  g_assert_cmpstr (json_object_get_string_member (assert_done (self, "{\"cmd\":\"answer\",\"s\":3,\"ref\":\"/data/age\",\"value\":130}"), "result"), ==, "CONSTRAINT_VIOLATED");
  g_assert_cmpstr (json_object_get_string_member (assert_done (self, "{\"cmd\":\"answer\",\"s\":3,\"ref\":\"/data/name\",\"value\":null}"), "result"), ==, "REQUIRED_BUT_EMPTY");
}

static void
test_odd_expressions_are_refused (Fixture *self, gconstpointer data)
{
  static const char *const requests[] = { "", "[]", "{\"i\":1,\"expr\":5}", "{\"i\":2,\"expr\":\"1\",\"ns\":[]}", "{\"i\":3,\"expr\":\"1\",\"tz\":5}", "{\"i\":4,\"expr\":\"1 +\"}", "{\"i\":5,\"expr\":\"a\",\"xml\":\"<a\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    g_assert_cmpstr (json_object_get_string_member_with_default (ask (self, requests[i]), "error", ""), !=, "");
  g_assert_cmpfloat (json_object_get_double_member (ask (self, "{\"i\":6,\"expr\":\"1 + 1\"}"), "number"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cli/engine/odd-requests-are-refused", Fixture, "engine", set_up, test_odd_requests_are_refused, tear_down);
  g_test_add ("/cli/engine/odd-answers-are-refused", Fixture, "engine", set_up, test_odd_answers_are_refused, tear_down);
  g_test_add ("/cli/engine/answers-of-every-kind-are-taken", Fixture, "engine", set_up, test_answers_of_every_kind_are_taken, tear_down);
  g_test_add ("/cli/engine/odd-expressions-are-refused", Fixture, "eval", set_up, test_odd_expressions_are_refused, tear_down);
  return g_test_run ();
}
