#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-problem.h"
#include "app/form/sarap-form-private.h"
#include "app/form/sarap-interview.h"
#include "app/form/sarap-rows.h"
#include "app/store/sarap-list-cache.h"
#include "app/store/sarap-store.h"
#include "tests/support/sarap-temporary.h"

/* Large lists: the same answers as in memory, and files that outlive crashes and damage. */

static GBytes *
random_list (guint n_rows)
{
  static const char *const headers[] = { "name,label,state,county", "name;code;state;state", "name,state,label_kk,n,when" };
  static const char *const texts[] = { "a", "b", "c", "1", "01", "1.0", "2", "-3", "0", "", "1.5", "2020-01-01", "x y", "ә", "0.0000000000001" };
  const char *header = headers[g_test_rand_int_range (0, G_N_ELEMENTS (headers))];
  char delimiter[2] = { strpbrk (header, ",;")[0], '\0' };
  GString *text = g_string_new (header);

  for (guint i = 0; i < n_rows; i++)
    {
      g_string_append_printf (text, "\n%s%u", g_test_rand_int_range (0, 40) == 0 ? "dup" : "r", g_test_rand_int_range (0, 9) == 0 ? 7 : i);
      for (int cells = g_test_rand_int_range (1, 6); cells > 0; cells--)
        g_string_append_printf (text, "%s%s", delimiter, texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))]);
    }
  return g_string_free_to_bytes (text);
}

static char *random_predicate (guint depth);

static char *
random_operand (void)
{
  static const char *const operands[] = { "name", "state", "county", "label", "n", "when", "'a'", "'1'", "1", "2", "0", "''", "'01'", "18262", "'2020-01-01'", "'r5'", "'r7'", "'dup7'", "/data/s",
                                          "/data/n", "/data/none", "/data/several", "1.5", "position()", "last()", "number(state)", "current()/s", "true()", "count(*)", "'ә'" };

  return g_strdup (operands[g_test_rand_int_range (0, G_N_ELEMENTS (operands))]);
}

static char *
random_equality (void)
{
  static const char *const columns[] = { "name", "state", "state", "county", "label", "n", "code", "when", "none" };
  static const char *const values[] = { "'a'", "'b'", "'1'", "1", "2", "0", "-3", "'01'", "''", "'r7'", "/data/s", "/data/n", "/data/none", "/data/several", "18262", "'2020-01-01'", "concat('r', 7)" };
  const char *column = columns[g_test_rand_int_range (0, G_N_ELEMENTS (columns))];
  const char *value = values[g_test_rand_int_range (0, G_N_ELEMENTS (values))];

  return g_test_rand_bit () ? g_strdup_printf ("%s = %s", column, value) : g_strdup_printf ("%s = %s", value, column);
}

static char *
random_predicate (guint depth)
{
  static const char *const operators[] = { "=", "=", "=", "!=", "<", ">=" };
  static const char *const alone[] = { "3", "position() = 5", "last()", "name", "contains(name, '1')", "preceding-sibling::item[1]/state = state", "../item[2]/name != name", "not(state = 'a')",
                                       "following-sibling::*", "position() mod 7 = 2", "instance('l')/root/item[name = current()/s]/state = state", "string-length(.) > 8" };
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  int kind = g_test_rand_int_range (0, 10);

  if (kind == 0)
    return g_strdup (alone[g_test_rand_int_range (0, G_N_ELEMENTS (alone))]);
  if (kind > 4)
    return random_equality ();
  if (kind < 4 && depth < 2)
    {
      left = random_predicate (depth + 1);
      right = random_predicate (depth + 1);
      return g_strdup_printf ("%s %s %s", left, kind == 1 ? "or" : "and", right);
    }
  left = random_operand ();
  right = random_operand ();
  return g_strdup_printf ("%s %s %s", left, operators[g_test_rand_int_range (0, G_N_ELEMENTS (operators))], right);
}

static char *
random_expression (void)
{
  static const char *const tails[] = { "", "", "/label", "/state", "/..", "/name[1]", "/*", "/following-sibling::item[1]/name", "/self::item", "/state/following-sibling::*", "[2]", "/text()", "/name[position(..) > 3]" };
  g_autofree char *first = random_predicate (0);
  g_autofree char *second = random_predicate (1);
  const char *tail = tails[g_test_rand_int_range (0, G_N_ELEMENTS (tails))];

  switch (g_test_rand_int_range (0, 9))
    {
    case 0:
      return g_strdup_printf ("count(instance('l')/root/item[%s])", first);
    case 1:
      return g_strdup_printf ("instance('l')//item[%s]%s", first, tail);
    case 2:
      return g_strdup_printf ("instance('l')/root/item[%s] | instance('l')/root/item[%s]%s", first, second, tail);
    case 3:
      return g_strdup_printf ("pulldata('l', 'state', 'name', 'r%d')", g_test_rand_int_range (0, 60));
    case 4:
      return g_strdup_printf ("pulldata('l', 'name', 'state', %s)", g_test_rand_bit () ? "'1'" : "/data/none");
    case 5:
      return g_strdup_printf ("instance('l')/root/item[%s][%s]%s", first, second, tail);
    default:
      return g_strdup_printf ("instance('l')/root/item[%s]%s", first, tail);
    }
}

static SarapNode *
find_list (const char *id, gpointer tree)
{
  return sarap_tree_get_document (tree);
}

static void
append_node (GString *text, SarapNode *node, gboolean with_paths)
{
  g_autofree char *value = sarap_node_dup_string_value (node);
  g_autofree char *path = with_paths ? sarap_node_dup_path (node, TRUE) : g_strdup (node->name);

  g_string_append_printf (text, "%s=%s;", path, value);
}

static char *
evaluate (const char *expression, SarapTree *list, SarapTree *data, gboolean with_paths)
{
  g_autoptr (GHashTable) namespaces = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) xpath = NULL;
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  const SarapXPathHost host = { .instance = find_list, .clock = clock };
  const SarapXPathContext context = { .node = sarap_tree_get_root (data), .host = &host, .host_data = list };
  g_auto (SarapXPathValue) value = { 0 };
  GString *text = g_string_new (NULL);

  g_hash_table_insert (namespaces, (gpointer) "", (gpointer) "");
  xpath = sarap_xpath_compile (expression, namespaces, &error);
  g_assert_no_error (error);
  if (!sarap_xpath_evaluate (xpath, &context, &value, &error))
    g_string_append (text, error->message);
  else if (value.type != SARAP_XPATH_NODESET)
    {
      g_autofree char *string = sarap_xpath_value_to_string (&value);

      g_string_append (text, string);
    }
  for (guint i = 0; value.nodes != NULL && i < value.nodes->len; i++)
    append_node (text, g_ptr_array_index (value.nodes, i), with_paths);
  return g_string_free (text, FALSE);
}

static SarapTree *
open_bytes (SarapListLibrary *library, GBytes *bytes)
{
  const SarapListFile file = { .name = "l.csv", .bytes = bytes };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapList) list = sarap_list_library_open (library, &file, &error);

  g_assert_no_error (error);
  return sarap_tree_new_from_list (list);
}

static SarapTree *
parse (const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  SarapTree *tree = sarap_tree_new_from_xml (bytes, "data.xml", NULL);
  static const char *const numbers[] = { "n" };

  for (SarapNode *node = sarap_tree_get_root (tree)->first_child; node != NULL; node = node->next)
    node->is_number = strcmp (node->name, numbers[0]) == 0;
  return tree;
}

static void
any_predicate_finds_the_same_rows (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapListLibrary) library = sarap_list_cache_new (folder);
  g_autoptr (SarapTree) data = parse ("<data><s>a</s><n>1</n><none/><several>b</several><several>2</several></data>");

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (GBytes) bytes = random_list (round % 4 == 0 ? (guint) g_test_rand_int_range (0, 4) : (guint) g_test_rand_int_range (4, 400));
      g_autoptr (SarapTree) memory = sarap_tree_new_from_csv (bytes, "l.csv", NULL);
      g_autoptr (SarapTree) large = open_bytes (library, bytes);

      for (guint i = 0; i < 60; i++)
        {
          g_autofree char *expression = random_expression ();
          gboolean with_paths = g_test_rand_int_range (0, 20) == 0;
          g_autofree char *expected = evaluate (expression, memory, data, with_paths);
          g_autofree char *seen = evaluate (expression, large, data, with_paths);

          if (g_strcmp0 (expected, seen) != 0)
            g_test_message ("%s\n%.*s", expression, (int) g_bytes_get_size (bytes), (const char *) g_bytes_get_data (bytes, NULL));
          g_assert_cmpstr (seen, ==, expected);
          sarap_tree_trim (large);
        }
    }
  sarap_temporary_remove (folder);
}

static char *
write_rows (const char *folder, const char *name, guint n)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new ("name,label,state\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "v%u,Village %u,s%u\n", i, i, i % 20);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  return path;
}

static SarapTree *
open_path (SarapListLibrary *library, const char *path)
{
  const SarapListFile file = { .name = "l.csv", .path = path };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapList) list = sarap_list_library_open (library, &file, &error);

  g_assert_no_error (error);
  return sarap_tree_new_from_list (list);
}

static void
assert_label (SarapTree *list, const char *name, const char *label)
{
  g_autoptr (SarapTree) data = parse ("<data/>");
  g_autofree char *expression = g_strdup_printf ("string(instance('l')/root/item[name = '%s']/label)", name);
  g_autofree char *seen = evaluate (expression, list, data, FALSE);

  g_assert_cmpstr (seen, ==, label);
}

/* The only list of the folder. */
static char *
find_file (const char *folder, const char *suffix, guint *n)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  char *found = NULL;

  *n = 0;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix))
      {
        g_free (found);
        found = g_build_filename (folder, name, NULL);
        (*n)++;
      }
  return found;
}

typedef struct
{
  char *folder;
  char *cache;
  char *csv;
  SarapListLibrary *library;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->cache = g_build_filename (self->folder, "cache", "lists", NULL);
  self->csv = write_rows (self->folder, "l.csv", 20000);
  self->library = sarap_list_cache_new (self->cache);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->library);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->cache);
  g_free (self->csv);
}

static void
a_list_is_built_once (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapTree) first = open_path (self->library, self->csv);
  guint n;
  g_autofree char *path = find_file (self->cache, ".list", &n);
  GStatBuf before, after;
  g_autoptr (SarapTree) second = NULL;

  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  second = open_path (self->library, self->csv);
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  assert_label (second, "v19999", "Village 19999");
  g_free (g_steal_pointer (&path));
  path = find_file (self->cache, "XXXXXX", &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
a_changed_file_is_another_list (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapTree) first = open_path (self->library, self->csv);
  g_autoptr (SarapTree) second = NULL;
  g_autofree char *text = NULL;
  gsize length;
  int descriptor;

  g_usleep (150000); /* a file that was just written gets no stamp */
  sarap_tree_free (open_path (self->library, self->csv));
  g_assert_true (g_file_get_contents (self->csv, &text, &length, NULL));
  descriptor = open (self->csv, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (pwrite (descriptor, "Vallage", 7, strstr (text, "Village 77") - text), ==, 7);
  close (descriptor);
  g_usleep (150000);
  second = open_path (self->library, self->csv);
  assert_label (second, "v77", "Vallage 77");
  assert_label (first, "v77", "Village 77");
}

static void
overwrite (const char *path, goffset from, goffset step, goffset size)
{
  int descriptor = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (descriptor, >=, 0);
  for (goffset at = from; at < size; at += step)
    g_assert_cmpint (pwrite (descriptor, "\x5a\x5a\x5a\x5a", 4, at), ==, 4);
  close (descriptor);
}

/* Damage wherever it may be is either seen when the list is opened or mended while it is read. */
static void
a_damaged_file_is_made_anew (Fixture *self, gconstpointer data)
{
  guint n;
  g_autofree char *path = NULL;
  GStatBuf status;

  sarap_tree_free (open_path (self->library, self->csv));
  path = find_file (self->cache, ".list", &n);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  for (guint round = 0; round < 24; round++)
    {
      g_autoptr (SarapTree) list = NULL;

      if (round % 3 == 0)
        overwrite (path, g_test_rand_int_range (0, 4096), 4096, status.st_size);
      else if (round % 3 == 1)
        g_assert_cmpint (truncate (path, g_test_rand_int_range (0, (gint32) status.st_size)), ==, 0);
      else
        overwrite (path, g_test_rand_int_range (0, (gint32) status.st_size), 1 << 30, status.st_size);
      list = open_path (self->library, self->csv);
      for (guint i = 0; i < 20000; i += 397)
        {
          g_autofree char *name = g_strdup_printf ("v%u", i);
          g_autofree char *label = g_strdup_printf ("Village %u", i);

          assert_label (list, name, label);
        }
    }
}

static gpointer
open_again (gpointer data)
{
  Fixture *self = data;
  g_autoptr (SarapTree) list = open_path (self->library, self->csv);

  assert_label (list, "v123", "Village 123");
  return NULL;
}

static void
two_may_build_at_once (Fixture *self, gconstpointer data)
{
  GThread *threads[4];
  guint n;
  g_autofree char *path = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("build", open_again, self);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  path = find_file (self->cache, ".list", &n);
  g_assert_cmpuint (n, ==, 1);
}

static void
a_wrong_file_is_told (Fixture *self, gconstpointer data)
{
  const SarapListFile file = { .name = "l.csv", .path = self->csv };
  g_autoptr (GError) error = NULL;
  guint n;
  g_autofree char *path = NULL;

  g_assert_true (g_file_set_contents (self->csv, "name,label\na,\"open\n", -1, NULL));
  g_assert_null (sarap_list_library_open (self->library, &file, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "l.csv, line 2"));
  path = find_file (self->cache, "", &n);
  g_assert_cmpuint (n, ==, 0);
}

/* A form whose list cannot be cached still opens. */
static GBytes *
read_csv (const char *name, gpointer path)
{
  char *text;
  gsize length;

  return g_file_get_contents (path, &text, &length, NULL) ? g_bytes_new_take (text, length) : NULL;
}

static char *
find_csv (const char *name, char **sha256, gpointer path)
{
  return g_strdup (path);
}

#define FORM                                                                                                                                                                                                \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title>L</h:title><model><instance><data id='l'><state/><village/><label/></data></instance>"             \
  "<instance id='l' src='jr://file-csv/l.csv'/><bind nodeset='/data/state'/><bind nodeset='/data/village'/><bind nodeset='/data/label' calculate=\"instance('l')/root/item[name = /data/village]/label\"/>" \
  "</model></h:head><h:body><input ref='/data/state'/><select1 ref='/data/village'><itemset nodeset=\"instance('l')/root/item[state = /data/state]\"><value ref='name'/><label ref='label'/></itemset>"     \
  "</select1></h:body></h:html>"

static void
fill_form (Fixture *self, SarapListLibrary *lists, SarapProblems *problems)
{
  g_autoptr (GBytes) xml = g_bytes_new_static (FORM, strlen (FORM));
  const SarapFormMedia media = { read_csv, find_csv, self->csv, NULL, lists };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_form_load_with (xml, "l.xml", &media, problems, &error);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (GPtrArray) choices = NULL;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, clock, NULL, &error);
  g_assert_no_error (error);
  sarap_interview_answer (interview, "/data/state", "s7", &error);
  choices = sarap_interview_dup_choices (interview, "/data/village");
  g_assert_cmpuint (choices->len, ==, 1000);
  g_assert_cmpstr (((SarapChoice *) g_ptr_array_index (choices, 999))->label, ==, "Village 19987");
  sarap_interview_answer (interview, "/data/village", "v19987", &error);
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/label"), ==, "Village 19987");
  sarap_interview_answer (interview, "/data/state", "s8", &error);
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/village"), ==, "");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/label"), ==, "");
  g_assert_no_error (error);
}

static void
a_form_uses_the_library (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("l.xml");
  guint n;
  g_autofree char *path = NULL;

  fill_form (self, self->library, problems);
  path = find_file (self->cache, ".list", &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
}

static void
without_a_folder_lists_stay_in_memory (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->folder, "l.csv", "lists", NULL);
  g_autoptr (SarapListLibrary) library = sarap_list_cache_new (file);
  g_autoptr (SarapProblems) problems = sarap_problems_new ("l.xml");

  fill_form (self, library, problems);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 1);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 0)->message, "kept in memory"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  g_test_add_func ("/store/lists/any-predicate-finds-the-same-rows", any_predicate_finds_the_same_rows);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/store/lists/a-list-is-built-once", a_list_is_built_once);
  ADD ("/store/lists/a-changed-file-is-another-list", a_changed_file_is_another_list);
  ADD ("/store/lists/a-damaged-file-is-made-anew", a_damaged_file_is_made_anew);
  ADD ("/store/lists/two-may-build-at-once", two_may_build_at_once);
  ADD ("/store/lists/a-wrong-file-is-told", a_wrong_file_is_told);
  ADD ("/store/lists/a-form-uses-the-library", a_form_uses_the_library);
  ADD ("/store/lists/without-a-folder-lists-stay-in-memory", without_a_folder_lists_stay_in_memory);
  return g_test_run ();
}
