#include "tests/form/form-support.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The limits of what a form may ask for (C14), each one below, at, one above and a thousand times
 * above, the last at most 1 GB of input. A refusal names file and limit and comes within a minute.
 * With SARAP_LONG every limit in full, else those that take long at twenty times. */

static gboolean is_long;

static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static long
peak_megabytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

static void
report (const char *id, double seconds, double target)
{
  g_test_message ("C14 %s %.2fs %.0fs %s", id, seconds, target, seconds <= target ? "PASS" : "FAIL");
  g_test_message ("C14 %s peak %ld MB", id, peak_megabytes ());
}

/* Generators: the form, or another input, of size @n. */
typedef char *(*Generator) (guint n);

static char *
frame (GString *instance, GString *binds, GString *body)
{
  g_autofree char *model = g_strdup_printf ("<instance><data id='a'>%s</data></instance>%s", instance->str, binds->str);
  char *xml = form_xml (model, body->str);

  g_string_free (instance, TRUE);
  g_string_free (binds, TRUE);
  g_string_free (body, TRUE);
  return xml;
}

static char *
questions (guint n)
{
  GString *instance = g_string_new (NULL), *body = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (instance, "<q%u/>", i);
      g_string_append_printf (body, "<input ref='/data/q%u'/>", i);
    }
  return frame (instance, g_string_new (NULL), body);
}

static char *
choices (guint n)
{
  GString *instance = g_string_new ("<q/></data></instance><instance id='l'><root>");

  for (guint i = 0; i < n; i++)
    g_string_append (instance, "<i><v>a</v></i>");
  g_string_append (instance, "</root></instance><instance id='m'><data>");
  return frame (instance, g_string_new (NULL), g_string_new ("<select1 ref='/data/q'><itemset nodeset=\"instance('l')/root/i\"><value ref='v'/></itemset></select1>"));
}

/* Elements nest @n deep: the frame's two, groups, and a question that is the innermost. */
static char *
depth (guint n)
{
  GString *body = g_string_new (NULL);

  for (guint i = 3; i < n; i++)
    g_string_append (body, "<group>");
  g_string_append (body, "<input ref='/data/q'/>");
  for (guint i = 3; i < n; i++)
    g_string_append (body, "</group>");
  return frame (g_string_new ("<q/>"), g_string_new (NULL), body);
}

static char *
calculation (char *expression)
{
  GString *binds = g_string_new (NULL);

  g_string_append_printf (binds, "<bind nodeset='/data/q' calculate='%s'/>", expression);
  g_free (expression);
  return frame (g_string_new ("<q/>"), binds, g_string_new ("<input ref='/data/q'/>"));
}

/* A sum of @n characters: long, not deep. */
static char *
characters (guint n)
{
  char *sum = g_malloc (n + 1);

  for (guint i = 0; i < n; i++)
    sum[i] = i % 2 == n % 2 ? '+' : '1';
  sum[0] = n % 2 == 0 ? ' ' : '1';
  sum[n] = '\0';
  return calculation (sum);
}

static char *
nested (const char *open, const char *close, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, open);
  g_string_append_c (text, '1');
  for (guint i = 0; i < n; i++)
    g_string_append (text, close);
  return calculation (g_string_free (text, FALSE));
}

static char *
parentheses (guint n)
{
  return nested ("(", ")", n);
}

static char *
calls (guint n)
{
  return nested ("abs(", ")", n);
}

static char *
predicates (guint n)
{
  return nested ("a[", "]", n);
}

static SarapForm *
load (const char *xml, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (xml, strlen (xml));

  return sarap_form_load (bytes, "big.xml", NULL, NULL, NULL, NULL, error);
}

static void
accepts (Generator generate, guint n)
{
  g_autofree char *xml = generate (n);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = load (xml, &error);

  g_assert_no_error (error);
  g_assert_nonnull (form);
}

static double
refuses_form (Generator generate, guint n, const char *words)
{
  g_autofree char *xml = generate (n);
  double start = processor_seconds ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = load (xml, &error);

  g_assert_null (form);
  g_assert_nonnull (error);
  g_test_message ("%u: %.160s", n, error->message);
  g_assert_true (g_str_has_prefix (error->message, "big.xml"));
  g_assert_cmpuint (strlen (error->message), <, 500);
  /* a wider limit may be met first */
  if (strstr (error->message, words) == NULL)
    g_assert_true (n / 10 > 64 && (strstr (error->message, "200 MB") != NULL || strstr (error->message, "6000000 elements") != NULL || strstr (error->message, "500000 different names") != NULL || strstr (error->message, "longer than 65536") != NULL));
  return processor_seconds () - start;
}

typedef struct
{
  const char *id;
  Generator generate;
  guint limit;
  const char *words;
  guint factor; /* of the last step; more only in the long run */
} Limit;

static const Limit limits[] = {
  { "questions", questions, 20000, "at most 20000", 5 },
  { "inline-choices", choices, 200000, "at most 200000", 10 },
  { "element-depth", depth, 100, "deeper than 100", 1000 },
  { "expression-length", characters, 65536, "longer than 65536", 1000 },
  { "parentheses", parentheses, 64, "deeper than 64", 1000 },
  { "calls", calls, 64, "deeper than 64", 1000 },
  { "predicates", predicates, 64, "deeper than 64", 1000 },
};

static void
test_limit (gconstpointer data)
{
  const Limit *limit = data;
  guint factor = is_long ? 1000 : limit->factor;
  double seconds;

  accepts (limit->generate, limit->limit - 1);
  accepts (limit->generate, limit->limit);
  refuses_form (limit->generate, limit->limit + 1, limit->words);
  /* 1 GB: 30 bytes for each question, 15 for each choice */
  seconds = refuses_form (limit->generate, (guint) MIN ((guint64) limit->limit * factor, 30000000), limit->words);
  report (limit->id, seconds, 60);
  g_assert_cmpfloat (seconds, <=, 60);
}

/* A ring of calculations is found and named. */
static void
test_cycle (void)
{
  GString *instance = g_string_new (NULL), *binds = g_string_new (NULL), *body = g_string_new (NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;
  double start;

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (instance, "<q%u/>", i);
      g_string_append_printf (binds, "<bind nodeset='/data/q%u' calculate='/data/q%u + 1'/>", i, (i + 1) % 20000);
      g_string_append_printf (body, "<input ref='/data/q%u'/>", i);
    }
  xml = frame (instance, binds, body);
  start = processor_seconds ();
  g_assert_null (load (xml, &error));
  report ("cyclic-calculates", processor_seconds () - start, 1);
  g_assert_nonnull (strstr (error->message, "/data/q19999"));
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    g_assert_cmpfloat (processor_seconds () - start, <, 1);
}

static void
test_regex (void)
{
  static const char *const patterns[] = { "(a+)+$", "(a|aa)+$", "(.*a){20}", "((a*)*)*b", "(a?){64}a{64}b" };
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='a'><q/></data></instance>", "<input ref='/data/q'/>");
  g_autofree char *text = g_strnfill (5000, 'a');
  double start = processor_seconds ();

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *expression = g_strdup_printf ("regex('%s!', '%s')", text, patterns[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *value = sarap_interview_evaluate (interview, expression, NULL, &error);

      if (error != NULL)
        g_assert_nonnull (strstr (error->message, "too many steps"));
      else
        g_assert_cmpstr (value, ==, "false");
    }
  report ("regex-steps", processor_seconds () - start, 5);
  g_assert_cmpfloat (processor_seconds () - start, <, 5);
}

static GBytes *
doctype_cb (const char *name, gpointer data)
{
  static const char list[] = "<!DOCTYPE root [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n<root><item><name>&b;</name></item></root>";

  return g_bytes_new_static (list, strlen (list));
}

/* Of the form itself and of a list that it names; parts of workbooks and submissions: see
 * test-xlsform-workbook.c and test-server-intake.c. */
static void
test_doctype (void)
{
  g_autofree char *form = questions (1);
  g_autofree char *declared = g_strconcat ("<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", form, NULL);
  g_autofree char *listed = form_xml ("<instance><data id='a'><q/></data></instance><instance id='l' src='jr://file/l.xml'/>", "<input ref='/data/q'/>");
  g_autoptr (GBytes) bytes = g_bytes_new_static (listed, strlen (listed));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) list_error = NULL;

  g_assert_null (load (declared, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==, "big.xml, line 1: DOCTYPE is not accepted; remove it");
  g_assert_null (sarap_form_load (bytes, "big.xml", doctype_cb, NULL, NULL, NULL, &list_error));
  g_assert_error (list_error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED);
  g_assert_cmpstr (list_error->message, ==, "l.xml, line 1: DOCTYPE is not accepted; remove it");
  report ("doctype", 0, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  is_long = g_getenv ("SARAP_LONG") != NULL;
  g_test_add_func ("/form/limits/doctype", test_doctype);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *name = g_strconcat ("/form/limits/", limits[i].id, NULL);

      g_test_add_data_func (name, &limits[i], test_limit);
    }
  g_test_add_func ("/form/limits/cyclic-calculates", test_cycle);
  g_test_add_func ("/form/limits/regex-steps", test_regex);
  return g_test_run ();
}
