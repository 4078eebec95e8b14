#include <glib.h>
#include <string.h>

#include "app/form/sarap-move.h"
#include "tests/form/form-support.h"

/* A draft goes over to another version of its form: answers by path, the rest aside. */

typedef struct
{
  SarapInterview *old;
  SarapInterview *new;
  GPtrArray *aside;
} Move;

static void
move_clear (Move *self)
{
  g_object_unref (self->old);
  g_object_unref (self->new);
  g_ptr_array_unref (self->aside);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Move, move_clear)

static SarapInterview *
begin_old (const char *model, const char *body, const char *const (*answers)[2], gsize n)
{
  SarapInterview *interview = begin (model, body);

  for (gsize i = 0; i < n; i++)
    {
      if (answers[i][1] == NULL)
        g_free (sarap_interview_add_instance (interview, answers[i][0], NULL));
      else
        answer_ok (interview, answers[i][0], answers[i][1]);
    }
  return interview;
}

#define BEGIN_OLD(model, body, ...) begin_old (model, body, (const char *const[][2]) __VA_ARGS__, sizeof ((const char *const[][2]) __VA_ARGS__) / (2 * sizeof (char *)))

/* Takes @old. */
static Move
move (SarapInterview *old, const char *model, const char *body)
{
  g_autoptr (SarapForm) form = load_form (model, body);
  g_autoptr (GError) error = NULL;
  Move self = { old, NULL, NULL };

  self.new = sarap_interview_move (old, form, NULL, &self.aside, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sarap_interview_get_instance_id (self.new), ==, sarap_interview_get_instance_id (old));
  return self;
}

static void
assert_aside (const Move *self, const char *expected)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->aside->len; i++)
    {
      const SarapAside *aside = g_ptr_array_index (self->aside, i);

      g_string_append_printf (text, "%s%s|%s|%s|%s", i ? "; " : "", aside->ref, aside->label, aside->value, aside->text);
    }
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

static void
test_what_fits_goes_over (void)
{
  g_auto (Move) self = move (BEGIN_OLD ("<instance><old id='s' version='1'><a/><g><b/></g><sum/></old></instance><bind nodeset='/old/sum' calculate='/old/a * 2'/>",
                                        "<input ref='/old/a'/><group ref='/old/g'><input ref='/old/g/b'/></group>", { { "/old/a", "7" }, { "/old/g/b", "a < b" } }),
                             "<instance><data id='s' version='2'><new>d</new><a/><g><b/></g><sum/></data></instance><bind nodeset='/data/sum' calculate='/data/a * 3'/>",
                             "<input ref='/data/new'/><input ref='/data/a'/><group ref='/data/g'><input ref='/data/g/b'/></group>");

  assert_aside (&self, "");
  assert_value (self.new, "/data/a", "7");
  assert_value (self.new, "/data/g/b", "a < b");
  assert_value (self.new, "/data/sum", "21");
  assert_value (self.new, "/data/new", "d");
}

static void
test_a_renamed_question_is_set_aside (void)
{
  g_auto (Move) self = move (BEGIN_OLD ("<instance><data id='s'><a/><b/></data></instance>", "<input ref='/data/a'><label>Name</label></input><input ref='/data/b'/>", { { "/data/a", "Айжан" }, { "/data/b", "x" } }),
                             "<instance><data id='s'><name/></data></instance>", "<input ref='/data/name'/>");

  assert_aside (&self, "/data/a|Name|Айжан|Айжан; /data/b|b|x|x");
  assert_value (self.new, "/data/name", "");
}

static void
test_what_is_no_value_of_the_new_type_is_set_aside (void)
{
  g_auto (Move) self = move (BEGIN_OLD ("<instance><data id='s'><a/><b/><c/></data></instance><bind nodeset='/data/c' type='int'/>", "<input ref='/data/a'/><input ref='/data/b'/><input ref='/data/c'/>", { { "/data/a", "about ten" }, { "/data/b", "10" } }),
                             "<instance><data id='s'><a/><b/><c/></data></instance><bind nodeset='/data/a' type='int'/><bind nodeset='/data/b' type='int'/><bind nodeset='/data/c' type='int'/>",
                             "<input ref='/data/a'/><input ref='/data/b'/><input ref='/data/c'/>");

  assert_aside (&self, "/data/a|a|about ten|about ten");
  assert_value (self.new, "/data/a", "");
  assert_value (self.new, "/data/b", "10");
}

static void
test_a_removed_choice_is_set_aside (void)
{
#define ITEM(value, label) "<item><label>" label "</label><value>" value "</value></item>"
  g_auto (Move) self = move (BEGIN_OLD ("<instance><data id='s'><one/><some/></data></instance>",
                                        "<select1 ref='/data/one'><label>One</label>" ITEM ("a", "Ay") ITEM ("b", "Bee") "</select1><select ref='/data/some'>" ITEM ("a", "Ay") ITEM ("b", "Bee") "</select>",
                                        { { "/data/one", "b" }, { "/data/some", "a b" } }),
                             "<instance><data id='s'><one/><some/></data></instance>", "<select1 ref='/data/one'>" ITEM ("a", "Ay") "</select1><select ref='/data/some'>" ITEM ("a", "Ay") "</select>");

  assert_aside (&self, "/data/one|One|b|Bee; /data/some|some|a b|Ay, Bee");
  assert_value (self.new, "/data/one", "");
  assert_value (self.new, "/data/some", "a");
}

static void
test_a_repeat_becomes_a_group_and_a_group_a_repeat (void)
{
  g_auto (Move) self = move (BEGIN_OLD ("<instance><data id='s'><r jr:template=''><x/></r><g><y/></g></data></instance>", "<repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat><group ref='/data/g'><input ref='/data/g/y'/></group>",
                                        { { "/data/r", NULL }, { "/data/r[1]/x", "first" }, { "/data/r", NULL }, { "/data/r[2]/x", "second" }, { "/data/g/y", "only" } }),
                             "<instance><data id='s'><r><x/></r><g><y/></g></data></instance>", "<group ref='/data/r'><input ref='/data/r/x'/></group><repeat nodeset='/data/g'><input ref='/data/g/y'/></repeat>");

  assert_aside (&self, "/data/r[2]/x|x|second|second");
  assert_value (self.new, "/data/r/x", "first");
  assert_value (self.new, "/data/g[1]/y", "only");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/move/what-fits-goes-over", test_what_fits_goes_over);
  g_test_add_func ("/form/move/a-renamed-question-is-set-aside", test_a_renamed_question_is_set_aside);
  g_test_add_func ("/form/move/what-is-no-value-of-the-new-type-is-set-aside", test_what_is_no_value_of_the_new_type_is_set_aside);
  g_test_add_func ("/form/move/a-removed-choice-is-set-aside", test_a_removed_choice_is_set_aside);
  g_test_add_func ("/form/move/a-repeat-becomes-a-group-and-a-group-a-repeat", test_a_repeat_becomes_a_group_and_a_group_a_repeat);
  return g_test_run ();
}
