#include "app/base/sarap-json.h"
#include "app/base/sarap-xml.h"

#include <gio/gio.h>
#include <string.h>

/* sarapctl engine and eval under requests that are none: each line has one reply in JSON, the program
 * lives on, and what it writes is well formed. */

#define FORM                                                                                                                            \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title>t</h:title><model>"            \
  "<instance><data id='a'><q/><n/><d/><r><x/></r></data></instance><bind nodeset='/data/n' type='int'/>"                                \
  "<bind nodeset='/data/d' type='decimal'/></model></h:head><h:body><input ref='/data/q'/><input ref='/data/n'/><input ref='/data/d'/>" \
  "<repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat></h:body></h:html>"

typedef struct
{
  GSubprocess *process;
  GOutputStream *requests;
  GDataInputStream *replies;
} Fixture;

static void
set_up (Fixture *self, gconstpointer command)
{
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("SARAPCTL"), command, NULL);
  g_assert_no_error (error);
  self->requests = g_subprocess_get_stdin_pipe (self->process);
  self->replies = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
}

/* It ends well and has said nothing on stderr: GLib complains there. */
static void
tear_down (Fixture *self, gconstpointer command)
{
  char words[4096];
  gsize n;

  g_output_stream_close (self->requests, NULL, NULL);
  g_input_stream_read_all (g_subprocess_get_stderr_pipe (self->process), words, sizeof words - 1, &n, NULL, NULL);
  words[n] = '\0';
  g_assert_cmpstr (words, ==, "");
  g_assert_true (g_subprocess_wait_check (self->process, NULL, NULL));
  g_object_unref (self->replies);
  g_object_unref (self->process);
}

static JsonNode *
ask_bytes (Fixture *self, const char *line, gsize length)
{
  g_autofree char *reply = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *root;
  gsize n;

  g_assert_true (g_output_stream_write_all (self->requests, line, length, NULL, NULL, NULL));
  g_assert_true (g_output_stream_write_all (self->requests, "\n", 1, NULL, NULL, NULL));
  reply = g_data_input_stream_read_line (self->replies, &n, NULL, &error);
  g_assert_no_error (error);
  if (reply == NULL)
    g_error ("no reply to %.100s", line);
  bytes = g_bytes_new (reply, n);
  root = sarap_json_parse (bytes, "reply", &error);
  if (root == NULL)
    g_error ("%.100s: %s: %s", line, reply, error->message);
  return root;
}

static JsonNode *
ask (Fixture *self, const char *line)
{
  return ask_bytes (self, line, strlen (line));
}

static void
assert_done (Fixture *self, const char *line)
{
  g_autoptr (JsonNode) reply = ask (self, line);

  if (!sarap_json_peek_boolean (sarap_json_peek_root (reply), "ok"))
    g_error ("%.100s: %s", line, sarap_json_peek_string (sarap_json_peek_root (reply), "error"));
}

static void
assert_refused (Fixture *self, const char *line, const char *words)
{
  g_autoptr (JsonNode) reply = ask (self, line);
  const char *error = sarap_json_peek_string (sarap_json_peek_root (reply), "error");

  if (error == NULL || strstr (error, words) == NULL)
    g_error ("%.100s: “%s”, not “%s”", line, error, words);
}

static char *
ask_text (Fixture *self, const char *line, const char *member)
{
  g_autoptr (JsonNode) reply = ask (self, line);

  return g_strdup (sarap_json_peek_string (sarap_json_peek_root (reply), member));
}

static void
load (Fixture *self)
{
  assert_done (self, "{\"cmd\":\"load\",\"form\":\"" FORM "\"}");
}

static void
test_wrong_requests (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *line;
    const char *words;
  } cases[] = {
    { "", "JSON" },
    { "{", "JSON" },
    { "[]", "JSON object" },
    { "null", "JSON object" },
    { "{\"cmd\":1}", "\"cmd\" must be a text" },
    { "{\"cmd\":\"nonsense\"}", "unknown command" },
    { "{\"cmd\":\"value\",\"s\":77}", "session 77" },
    { "{\"cmd\":\"value\",\"s\":-1}", "session -1" },
    { "{\"cmd\":\"value\",\"s\":1e300}", "\"s\" must be a whole number" },
    { "{\"cmd\":\"value\",\"s\":99999999999999999999}", "\"s\" must be a whole number" },
    { "{\"cmd\":\"value\",\"s\":\"0\"}", "\"s\" must be a whole number" },
    { "{\"cmd\":\"answer\",\"ref\":1}", "\"ref\" must be a text" },
    { "{\"cmd\":\"answer\"}", "no question" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/q\",\"value\":{}}", "an answer is" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/q\",\"value\":[[]]}", "an answer is" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/none\",\"value\":\"1\"}", "/data/none" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/r[0]/x\",\"value\":\"1\"}", "no question" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/r[99999999999999999999]/x\",\"value\":\"1\"}", "no question" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/r[4294967297]/x\",\"value\":\"1\"}", "no question" },
    { "{\"cmd\":\"answer\",\"ref\":\"/data/r[-1]/x\",\"value\":\"1\"}", "no question" },
    { "{\"cmd\":\"answer\",\"ref\":\"[[[[\",\"value\":\"1\"}", "no question" },
    { "{\"cmd\":\"createRepeat\",\"ref\":\"/data/q\"}", "" },
    { "{\"cmd\":\"removeRepeat\",\"ref\":\"/data/r[7]\"}", "" },
    { "{\"cmd\":\"setLanguage\",\"lang\":[]}", "\"lang\" must be a text" },
    { "{\"cmd\":\"reload\",\"to\":\"x\"}", "\"to\" must be a whole number" },
    { "{\"cmd\":\"eval\",\"expr\":\"1 +\"}", "character 4" },
    { "{\"cmd\":\"eval\",\"expr\":\"1\",\"context\":\"/data/none\"}", "/data/none" },
    { "{\"cmd\":\"load\",\"s\":1,\"form\":\"<a/>\"}", "not a form" },
    { "{\"cmd\":\"load\",\"s\":1}", "form or formPath" },
    { "{\"cmd\":\"load\",\"s\":1,\"form\":\"<a/>\",\"resources\":1}", "\"resources\" must be an object" },
    { "{\"cmd\":\"load\",\"s\":1,\"form\":\"" FORM "\",\"editInstance\":\"<x/>\"}", "" },
    { "{\"cmd\":\"load\",\"s\":1,\"form\":\"" FORM "\",\"tz\":\"No/Where\"}", "time zone" },
  };

  load (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (self, cases[i].line, cases[i].words);
  assert_done (self, "{\"cmd\":\"answer\",\"ref\":\"/data/q\",\"value\":\"still here\"}");
}

static void
test_wrong_bytes (Fixture *self, gconstpointer data)
{
  static const char nul[] = "{\"cmd\":\"rss\"}\0";
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autoptr (JsonNode) reply = NULL;

  load (self);
  assert_refused (self, brackets, "deeper than 100");
  assert_refused (self, "{\"cmd\":\"\xff\"}", "UTF-8");
  reply = ask_bytes (self, nul, sizeof nul);
  g_assert_false (sarap_json_peek_boolean (sarap_json_peek_root (reply), "ok"));
  assert_done (self, "{\"cmd\":\"rss\"}");
}

/* What is answered, how it is kept, how it is written. */
static void
test_answers_that_xml_cannot_hold (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *value;
    const char *kept;
  } cases[] = {
    { "a\\u0001b", "a\xef\xbf\xbd"
                   "b" },
    { "a\\u0000b", "a\xef\xbf\xbd"
                   "b" },
    { "\\u001f\\ufffe\\uffff", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "a\\ud800b", "a\xef\xbf\xbd"
                   "b" },
    { "\\udc00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
    { "\\t\\r\\n]]>&<", "\t\r\n]]>&<" },
    { "\\\\u0001", "\\u0001" },
  };

  load (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"cmd\":\"answer\",\"ref\":\"/data/q\",\"value\":\"%s\"}", cases[i].value);
      g_autofree char *xml = NULL, *kept = NULL, *again = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (xmlDoc) document = NULL;

      assert_done (self, line);
      kept = ask_text (self, "{\"cmd\":\"value\",\"ref\":\"/data/q\"}", "value");
      g_assert_cmpstr (kept, ==, cases[i].kept);
      xml = ask_text (self, "{\"cmd\":\"serialize\"}", "xml");
      bytes = g_bytes_new (xml, strlen (xml));
      document = sarap_xml_parse (bytes, "record", NULL);
      g_assert_nonnull (document);
      assert_done (self, "{\"cmd\":\"reload\",\"to\":5}");
      again = ask_text (self, "{\"cmd\":\"value\",\"ref\":\"/data/q\",\"s\":5}", "value");
      g_assert_cmpstr (again, ==, kept);
    }
}

static void
test_numbers_keep_their_size (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *value;
    const char *kept;
  } cases[] = {
    { "99999999999999999999", "100000000000000000000" },
    { "-99999999999999999999", "-100000000000000000000" },
    { "1e20", "100000000000000000000" },
    { "0.10000000000000000000001", "0.1" },
    { "1e-400", "0" },
    { "123456789012345678", "123456789012345678" },
    { "[1, 2.5, true]", "1 2.5 true" },
  };

  load (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"cmd\":\"answer\",\"ref\":\"/data/q\",\"value\":%s}", cases[i].value);
      g_autofree char *kept = NULL;

      assert_done (self, line);
      kept = ask_text (self, "{\"cmd\":\"value\",\"ref\":\"/data/q\"}", "value");
      g_assert_cmpstr (kept, ==, cases[i].kept);
    }
}

/* Replies of eval as they are written: a number is a JSON number as long as JSON has it. */
static void
test_eval_writes_numbers (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *expression;
    const char *number;
  } cases[] = {
    { "pow(10, 20)", "\"value\":1e+20" },
    { "pow(10, -7)", "\"value\":9.9999999999999995e-08" },
    { "1 div 0", "\"value\":\"Infinity\"" },
    { "-1 div 0", "\"value\":\"-Infinity\"" },
    { "number('x')", "\"value\":\"NaN\"" },
    { "1 + 1", "\"value\":2" },
    { "'1e+20.0'", "\"value\":\"1e+20.0\"" },
    { "date('2026-01-01')", "\"number\":20454" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"i\":%u,\"expr\":\"%s\",\"tz\":\"UTC\"}\n", i, cases[i].expression);
      g_autofree char *reply = NULL;
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_assert_true (g_output_stream_write_all (self->requests, line, strlen (line), NULL, NULL, NULL));
      reply = g_data_input_stream_read_line (self->replies, NULL, NULL, NULL);
      g_test_message ("%s", reply);
      g_assert_nonnull (strstr (reply, cases[i].number));
      bytes = g_bytes_new (reply, strlen (reply));
      root = sarap_json_parse (bytes, "reply", NULL);
      g_assert_nonnull (root);
      g_assert_cmpint (sarap_json_peek_int (sarap_json_peek_root (root), "i", -1), ==, i);
    }
}

static void
test_eval_refuses (Fixture *self, gconstpointer data)
{
  static const char *const lines[] = {
    "", "[]", "7", "{\"expr\":1}", "{}", "{\"expr\":\"1\",\"xml\":\"<a\"}", "{\"expr\":\"1\",\"xml\":\"<a/>\",\"context\":\"/b\"}",
    "{\"expr\":\"a\",\"xml\":7}", "{\"expr\":\"a:b\",\"ns\":{\"a\":1}}", "{\"expr\":\"1\",\"tz\":\"x\"}", "{\"expr\":\"\\u0000\"}",
    "{\"expr\":\"1\",\"xml\":\"<!DOCTYPE a><a/>\"}", "{\"expr\":\"regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')\"}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_refused (self, lines[i], "");
}

#define ADD(name, command, func) g_test_add (name, Fixture, command, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cli/hostile/wrong-requests-are-answered", "engine", test_wrong_requests);
  ADD ("/cli/hostile/wrong-bytes-are-answered", "engine", test_wrong_bytes);
  ADD ("/cli/hostile/answers-that-xml-cannot-hold", "engine", test_answers_that_xml_cannot_hold);
  ADD ("/cli/hostile/numbers-keep-their-size", "engine", test_numbers_keep_their_size);
  ADD ("/cli/hostile/eval-writes-numbers-of-json", "eval", test_eval_writes_numbers);
  ADD ("/cli/hostile/eval-refuses-what-is-no-request", "eval", test_eval_refuses);
  return g_test_run ();
}
