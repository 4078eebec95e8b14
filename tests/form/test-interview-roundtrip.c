#include <glib.h>
#include <string.h>

#include "app/form/sarap-interview-private.h"
#include "tests/form/form-support.h"

/* Whatever people do, a draft that is read again is the draft that was left.
 *
 *  1. After each random operation: serialize → parse → restore shows the same state and gives
 *     the same bytes; so does replaying the recorded state, and replaying all changes since the
 *     beginning.
 *  2. The interview goes on as one of the restored ones, so that what they lost would show.
 *  3. A restored one goes beside it for a while and must stay the same: what shows only later (an
 *     answer that a filter took away) is not lost either. Not where the form asks chance.
 *  4. SARAP_ROUNDS multiplies the operations, SARAP_SEED makes other ones (the long run).
 */

#define SEED 20261122

typedef struct
{
  GRand *rand;
  SarapForm *form;
  SarapClock *clock;
  SarapInterview *interview;
  SarapInterview *beside; /* restored earlier, answered alike; NULL: none */
  gboolean asks_chance;
  GPtrArray *changes; /* since the beginning, or the last restore */
  GString *story;
} Walk;

static void
append_choices (GString *text, SarapInterview *interview, const char *ref)
{
  g_autofree char *choices = choices_text (interview, ref);

  g_string_append_printf (text, " choices{%s}", choices);
}

static void
append_cell (SarapInterview *interview, SarapCell *cell, GString *text)
{
  g_autofree char *ref = sarap_cell_dup_ref (cell);
  g_autofree char *message = NULL;
  g_autofree char *label = NULL;

  g_string_append_printf (text, "%s rel=%d", ref, cell->node->is_relevant);
  if (cell->node->is_relevant)
    {
      label = cell->bind->element ? sarap_interview_dup_label (interview, ref) : NULL;
      g_string_append_printf (text, " v=\"%s\" typed=\"%s\" ro=%d req=%d", sarap_node_peek_text (cell->node), cell->typed ? cell->typed : "",
                              sarap_interview_cell_is_readonly (interview, cell), sarap_interview_cell_is_required (interview, cell));
      g_string_append_printf (text, " result=%d", sarap_interview_validate_cell (interview, cell, &message, NULL));
      g_string_append_printf (text, " msg=%s label=%s", message ? message : "", label ? label : "");
      if (cell->bind->element != NULL && cell->bind->element->is_select)
        append_choices (text, interview, ref);
    }
  g_string_append_c (text, '\n');
}

typedef struct
{
  SarapInterview *interview;
  GString *text;
} Dump;

static void
dump_cb (SarapCell *cell, gpointer data)
{
  const Dump *dump = data;

  append_cell (dump->interview, cell, dump->text);
}

static char *
dup_dump (SarapInterview *interview)
{
  Dump dump = { interview, g_string_new (NULL) };

  sarap_frame_foreach (interview->root, dump_cb, &dump);
  return g_string_free (dump.text, FALSE);
}

static void
record_cb (SarapInterview *interview, GPtrArray *changes, gpointer data)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_ptr_array_add (data, sarap_change_new (change->kind, change->ref, change->value));
    }
}

static void
report_difference (const Walk *walk, const char *what, const char *before, const char *after)
{
  g_auto (GStrv) left = g_strsplit (before, "\n", -1);
  g_auto (GStrv) right = g_strsplit (after, "\n", -1);
  guint i = 0;

  while (left[i] != NULL && right[i] != NULL && strcmp (left[i], right[i]) == 0)
    i++;
  g_error ("%s of %s differs after:%s\n  before: %s\n  after:  %s", what, sarap_form_get_id (walk->form), walk->story->str, left[i] ? left[i] : "(end)", right[i] ? right[i] : "(end)");
}

static void
assert_same (const Walk *walk, const char *what, SarapInterview *copy)
{
  g_autofree char *before = dup_dump (walk->interview);
  g_autofree char *after = NULL;
  g_autoptr (GBytes) xml = sarap_interview_serialize (walk->interview);
  g_autoptr (GBytes) again = NULL;

  if (sarap_interview_get_language (walk->interview) != NULL)
    sarap_interview_set_language (copy, sarap_interview_get_language (walk->interview));
  after = dup_dump (copy);
  again = sarap_interview_serialize (copy);
  if (strcmp (before, after) != 0)
    report_difference (walk, what, before, after);
  if (!g_bytes_equal (xml, again))
    report_difference (walk, what, g_bytes_get_data (xml, NULL), g_bytes_get_data (again, NULL));
}

static void
go_on_with (Walk *walk, SarapInterview *copy)
{
  g_signal_handlers_disconnect_by_data (walk->interview, walk->changes);
  g_set_object (&walk->interview, copy);
  g_ptr_array_unref (walk->changes);
  walk->changes = sarap_interview_dup_state (copy);
  g_signal_connect (copy, "changed", G_CALLBACK (record_cb), walk->changes);
}

static void
check_round_trips (Walk *walk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_interview_serialize (walk->interview);
  g_autoptr (GPtrArray) state = sarap_interview_dup_state (walk->interview);
  g_autoptr (GPtrArray) unfit = NULL;
  g_autoptr (SarapInterview) from_xml = sarap_interview_new_from_xml (walk->form, walk->clock, NULL, xml, &error);
  g_autoptr (SarapInterview) from_state = sarap_interview_restore (walk->form, walk->clock, NULL, state, &unfit, NULL);
  g_autoptr (SarapInterview) from_changes = sarap_interview_restore (walk->form, walk->clock, NULL, walk->changes, NULL, NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (unfit->len, ==, 0);
  assert_same (walk, "the draft's XML", from_xml);
  assert_same (walk, "the recorded state", from_state);
  assert_same (walk, "the journal", from_changes);
  if (walk->beside != NULL)
    assert_same (walk, "the draft that was restored before", walk->beside);
  if (!walk->asks_chance && (walk->beside == NULL || g_rand_int_range (walk->rand, 0, 6) == 0))
    g_set_object (&walk->beside, from_changes);
  if (g_rand_int_range (walk->rand, 0, 8) == 0)
    go_on_with (walk, from_state);
}

static void
collect_cb (SarapCell *cell, gpointer data)
{
  if (cell->bind->element != NULL && cell->node->is_relevant)
    g_ptr_array_add (data, sarap_cell_dup_ref (cell));
}

static char *
dup_random_choice (Walk *walk, const char *ref)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (walk->interview, ref);
  const SarapElement *element = sarap_interview_get_element (walk->interview, ref);
  GString *value = g_string_new (NULL);
  guint n = element->question_kind == SARAP_QUESTION_SELECT_ONE ? 1 : 3;

  for (guint i = 0; choices->len > 0 && i < n; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, (guint) g_rand_int_range (walk->rand, 0, (int) choices->len));

      g_string_append_printf (value, "%s%s", i ? " " : "", choice->value);
    }
  return g_string_free (value, FALSE);
}

static const char *
pick_text (Walk *walk, SarapQuestionKind kind)
{
  static const char *const texts[] = { "a < b & c > \"d\"", "Қазақстан", "e\xcc\x81", " around ", "\n", "one\r\ntwo\tthree", "]]>", "yes", "no", "x" };
  static const char *const numbers[] = { "0", "1", "2", "3", "4", "-7", "2.5", "2147483648", "x", "007" };
  static const char *const dates[] = { "2026-11-22", "2024-02-29", "2023-02-29", "2026-11-22T10:00:00.000+05:00", "soon" };
  static const char *const times[] = { "10:20", "23:59:59.999+05:00", "25:00", "noon" };
  static const char *const points[] = { "43.2 76.9", "43.25 76.95 700 5", "91 0 0 0", "here" };

  switch (kind)
    {
    case SARAP_QUESTION_INTEGER:
    case SARAP_QUESTION_DECIMAL:
    case SARAP_QUESTION_RANGE:
      return numbers[g_rand_int_range (walk->rand, 0, G_N_ELEMENTS (numbers))];
    case SARAP_QUESTION_DATE:
    case SARAP_QUESTION_DATE_TIME:
      return dates[g_rand_int_range (walk->rand, 0, G_N_ELEMENTS (dates))];
    case SARAP_QUESTION_TIME:
      return times[g_rand_int_range (walk->rand, 0, G_N_ELEMENTS (times))];
    case SARAP_QUESTION_GEOPOINT:
      return points[g_rand_int_range (walk->rand, 0, G_N_ELEMENTS (points))];
    case SARAP_QUESTION_TEXT:
    case SARAP_QUESTION_NOTE:
    case SARAP_QUESTION_SELECT_ONE:
    case SARAP_QUESTION_SELECT_MULTIPLE:
    case SARAP_QUESTION_RANK:
    case SARAP_QUESTION_TRIGGER:
    case SARAP_QUESTION_IMAGE:
    case SARAP_QUESTION_AUDIO:
    case SARAP_QUESTION_VIDEO:
    case SARAP_QUESTION_FILE:
    case SARAP_QUESTION_BARCODE:
    case SARAP_QUESTION_GEOTRACE:
    case SARAP_QUESTION_GEOSHAPE:
    default:
      return texts[g_rand_int_range (walk->rand, 0, G_N_ELEMENTS (texts))];
    }
}

static void
answer_one (Walk *walk, const char *ref)
{
  const SarapElement *element = sarap_interview_get_element (walk->interview, ref);
  g_autofree char *value = NULL;

  if (element->kind != SARAP_ELEMENT_QUESTION || sarap_interview_is_readonly (walk->interview, ref))
    return;
  if (g_rand_int_range (walk->rand, 0, 6) == 0)
    value = g_strdup ("");
  else if (element->is_select)
    value = dup_random_choice (walk, ref);
  else
    value = g_strdup (pick_text (walk, element->question_kind));
  g_string_append_printf (walk->story, "\n  %s = \"%s\"", ref, value);
  sarap_interview_answer (walk->interview, ref, value, NULL);
  if (walk->beside != NULL)
    sarap_interview_answer (walk->beside, ref, value, NULL);
}

static void
change_instances (Walk *walk)
{
  guint n = walk->form->scopes->len;
  const SarapScope *scope = n > 1 ? g_ptr_array_index (walk->form->scopes, (guint) g_rand_int_range (walk->rand, 1, (int) n)) : NULL;
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *ref = NULL;
  g_autofree char *beside = NULL;
  guint instances;

  if (scope == NULL)
    return;
  if (scope->depth == 2)
    {
      instances = sarap_interview_get_n_instances (walk->interview, scope->parent->bind->path);
      if (instances == 0)
        return;
      g_string_append_printf (path, "%s[%d]%s", scope->parent->bind->path, g_rand_int_range (walk->rand, 1, (int) instances + 1), scope->bind->path + strlen (scope->parent->bind->path));
    }
  else
    g_string_append (path, scope->bind->path);
  if (!sarap_interview_can_add_instance (walk->interview, path->str))
    return;
  instances = sarap_interview_get_n_instances (walk->interview, path->str);
  if (instances > 0 && g_rand_int_range (walk->rand, 0, 5) < 2)
    {
      ref = g_strdup_printf ("%s[%d]", path->str, g_rand_int_range (walk->rand, 1, (int) instances + 1));
      g_string_append_printf (walk->story, "\n  remove %s", ref);
      g_assert_true (sarap_interview_remove_instance (walk->interview, ref, NULL));
      g_assert_true (walk->beside == NULL || sarap_interview_remove_instance (walk->beside, ref, NULL));
    }
  else if (instances < 6)
    {
      g_string_append_printf (walk->story, "\n  add %s", path->str);
      ref = sarap_interview_add_instance (walk->interview, path->str, NULL);
      g_assert_nonnull (ref);
      if (walk->beside != NULL)
        beside = sarap_interview_add_instance (walk->beside, path->str, NULL);
    }
}

static void
step (Walk *walk)
{
  const char *const *languages = sarap_form_get_languages (walk->form);
  g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func (g_free);
  int dice = g_rand_int_range (walk->rand, 0, 10);

  if (dice < 2)
    change_instances (walk);
  else if (dice == 2 && *languages != NULL)
    sarap_interview_set_language (walk->interview, languages[g_rand_int_range (walk->rand, 0, (int) g_strv_length ((char **) languages))]);
  else
    {
      sarap_frame_foreach (walk->interview->root, collect_cb, refs);
      if (refs->len > 0)
        answer_one (walk, g_ptr_array_index (refs, (guint) g_rand_int_range (walk->rand, 0, (int) refs->len)));
    }
}

static guint32
read_number (const char *name, guint32 otherwise)
{
  const char *text = g_getenv (name);

  return text ? (guint32) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
walk_form (SarapForm *form, guint steps, gboolean asks_chance)
{
  Walk walk = { .rand = g_rand_new_with_seed (read_number ("SARAP_SEED", SEED)), .form = form, .asks_chance = asks_chance };

  walk.clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  walk.interview = begin_form (form);
  walk.story = g_string_new (NULL);
  walk.changes = sarap_interview_dup_state (walk.interview);
  g_signal_connect (walk.interview, "changed", G_CALLBACK (record_cb), walk.changes);
  steps *= read_number ("SARAP_ROUNDS", 1);
  for (guint i = 0; i < steps; i++)
    {
      step (&walk);
      check_round_trips (&walk);
    }
  g_rand_free (walk.rand);
  g_string_free (walk.story, TRUE);
  g_object_unref (walk.clock);
  g_object_unref (walk.interview);
  g_clear_object (&walk.beside);
  g_ptr_array_unref (walk.changes);
}

static void
test_types_and_defaults (void)
{
  g_autoptr (SarapForm) form = load_form ("<itext><translation lang='en'><text id='q'><value>Q <output value='/data/t'/></value></text></translation>"
                                          "<translation lang='kk'><text id='q'><value>С <output value='/data/i'/></value></text></translation></itext>"
                                          "<instance><data id='types'><t>begin</t><i>3</i><d/><day/><time/><dt/><where/><hidden/><once/><chance/><left/><note/><g><in>given</in></g></data></instance>"
                                          "<bind nodeset='/data/i' type='int' required='true()' constraint='. != 4' jr:constraintMsg='not four'/><bind nodeset='/data/d' type='decimal'/>"
                                          "<bind nodeset='/data/day' type='date'/><bind nodeset='/data/time' type='time'/><bind nodeset='/data/dt' type='dateTime'/>"
                                          "<bind nodeset='/data/where' type='geopoint'/><bind nodeset='/data/hidden' calculate='/data/i * 2' type='int'/>"
                                          "<bind nodeset='/data/once' calculate='once(random())'/><bind nodeset='/data/chance' calculate='concat(uuid(), /data/t)'/>"
                                          "<bind nodeset='/data/left' relevant='/data/i &gt; 2'/><bind nodeset='/data/g' relevant=\"/data/t != 'no'\" readonly=\"/data/t = 'yes'\"/>",
                                          "<input ref='/data/t'/><input ref='/data/i'><label ref=\"jr:itext('q')\"/></input><input ref='/data/d'/><input ref='/data/day'/><input ref='/data/time'/>"
                                          "<input ref='/data/dt'/><input ref='/data/where'/><input ref='/data/left'/><group ref='/data/g'><input ref='/data/g/in'/></group>");

  walk_form (form, 300, TRUE);
}

static void
test_nested_repeats (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='nested'><n>2</n><o jr:template=''><name>some</name><sum/><i jr:template=''><v/><w>5</w><at/></i></o><total/>"
                                          "<c jr:template=''><a/><b/></c><fixed><x/></fixed><fixed><x>two</x></fixed></data></instance>"
                                          "<bind nodeset='/data/n' type='int'/><bind nodeset='/data/o/sum' calculate='sum(../i/v)'/><bind nodeset='/data/o/i/v' type='int'/>"
                                          "<bind nodeset='/data/o/i/w' relevant='../v &gt; 1'/><bind nodeset='/data/o/i/at' calculate=\"concat(position(../..), '.', position(..))\"/>"
                                          "<bind nodeset='/data/total' calculate='sum(/data/o/sum) + count(/data/o/i)'/><bind nodeset='/data/c/b' calculate=\"concat(../a, position(..))\"/>",
                                          "<input ref='/data/n'/><repeat nodeset='/data/o'><input ref='/data/o/name'/><repeat nodeset='/data/o/i'><input ref='/data/o/i/v'/><input ref='/data/o/i/w'/></repeat></repeat>"
                                          "<repeat nodeset='/data/c' jr:count='/data/n'><input ref='/data/c/a'/></repeat><repeat nodeset='/data/fixed' jr:noAddRemove='true()'><input ref='/data/fixed/x'/></repeat>");

  walk_form (form, 300, FALSE);
}

static void
test_cascades (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='cascade'><a/><b/><several/><seen/></data></instance><instance id='l'><root><item><name>x1</name><label>X one</label><k>x</k></item>"
                                          "<item><name>x2</name><label>X two</label><k>x</k></item><item><name>y1</name><label>Y one</label><k>y</k></item><item><name>y2</name><label>Y two</label><k>y</k></item></root></instance>"
                                          "<bind nodeset='/data/seen' calculate=\"jr:choice-name(/data/b, '/data/b')\"/>",
                                          "<select1 ref='/data/a'><item><label>X</label><value>x</value></item><item><label>Y</label><value>y</value></item></select1>"
                                          "<select1 ref='/data/b'><itemset nodeset=\"instance('l')/root/item[k = /data/a]\"><value ref='name'/><label ref='label'/></itemset></select1>"
                                          "<select ref='/data/several'><itemset nodeset=\"randomize(instance('l')/root/item[k != /data/a], 7)\"><value ref='name'/><label ref='label'/></itemset></select>");

  walk_form (form, 300, FALSE);
}

static void
test_events (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='events'><a/><copy/><first/><r jr:template=''><x/><mark/><n/></r></data></instance><bind nodeset='/data/copy' type='int'/>"
                                          "<setvalue event='odk-instance-first-load' ref='/data/first' value='uuid()'/>",
                                          "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/copy' value='/data/a'/></input>"
                                          "<repeat nodeset='/data/r'><setvalue event='odk-new-repeat odk-instance-first-load' ref='/data/r/mark' value='uuid()'/><input ref='/data/r/x'>"
                                          "<setvalue event='xforms-value-changed' ref='/data/r/n' value='now()'/></input></repeat>");

  walk_form (form, 300, TRUE);
}

static void
walk_questionnaire (const char *name, guint steps, gboolean asks_chance)
{
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", name, "form.pyxform.xml", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_form_load_file (path, NULL, NULL, &error);

  g_assert_no_error (error);
  walk_form (form, steps, asks_chance);
}

static void
test_audit_questionnaire (void)
{
  walk_questionnaire ("audit", 60, FALSE);
}

static void
test_kiosk_questionnaire (void)
{
  walk_questionnaire ("kiosk", 60, FALSE);
}

static void
test_perception_questionnaire (void)
{
  walk_questionnaire ("perception", 60, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/roundtrip/types-and-defaults", test_types_and_defaults);
  g_test_add_func ("/form/roundtrip/nested-repeats", test_nested_repeats);
  g_test_add_func ("/form/roundtrip/cascades", test_cascades);
  g_test_add_func ("/form/roundtrip/events", test_events);
  g_test_add_func ("/form/roundtrip/audit-questionnaire", test_audit_questionnaire);
  g_test_add_func ("/form/roundtrip/kiosk-questionnaire", test_kiosk_questionnaire);
  g_test_add_func ("/form/roundtrip/perception-questionnaire", test_perception_questionnaire);
  return g_test_run ();
}
