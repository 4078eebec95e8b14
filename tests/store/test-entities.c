#include <glib.h>
#include <string.h>

#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* Form A makes trees, form B chooses and changes them, no server has heard of anything yet. */

#define FORM(id, title, model, body) "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:orx='http://openrosa.org/xforms' xmlns:jr='http://openrosa.org/javarosa' xmlns:entities='http://www.opendatakit.org/xforms/entities'>" \
                                     "<h:head><h:title>" title "</h:title><model entities:entities-version='2024.1.0'><instance><data id='" id "' version='1'>" model "</model></h:head><h:body>" body "</h:body></h:html>"

static const char makes[] = FORM ("makes", "Makes", "<species/><height/><other/><orx:meta><orx:instanceID/><entity dataset='trees' id='' create='1'><label/></entity></orx:meta></data></instance>"
                                                    "<bind nodeset='/data/species' entities:saveto='species'/><bind nodeset='/data/height' type='int' entities:saveto='height' relevant=\"/data/species != 'shrub'\"/>"
                                                    "<bind nodeset='/data/meta/entity/@id' calculate='once(uuid())'/><bind nodeset='/data/meta/entity/label' calculate=\"concat('A ', /data/species)\"/>",
                                  "<input ref='/data/species'/><input ref='/data/height'/><input ref='/data/other'/>");

#define TREE "instance('trees')/root/item[name = /data/tree]/"
static const char changes[] = FORM ("changes", "Changes", "<tree/><height/><orx:meta><orx:instanceID/><entity dataset='trees' id='' update='1' baseVersion='' trunkVersion='' branchId=''/></orx:meta></data></instance>"
                                                          "<instance id='trees' src='jr://file-csv/trees.csv'/><bind nodeset='/data/height' type='int' entities:saveto='height'/><bind nodeset='/data/meta/entity/@id' calculate='/data/tree'/>"
                                                          "<bind nodeset='/data/meta/entity/@baseVersion' calculate=\"" TREE "__version\"/><bind nodeset='/data/meta/entity/@trunkVersion' calculate=\"" TREE "__trunkVersion\"/>"
                                                          "<bind nodeset='/data/meta/entity/@branchId' calculate=\"" TREE "__branchId\"/>",
                                    "<select1 ref='/data/tree'><itemset nodeset=\"instance('trees')/root/item\"><value ref='name'/><label ref='label'/></itemset></select1><input ref='/data/height'/>");
static const char list[] = "name,label,__version,species,height\nt1,\"Old, oak\",4,oak,20\nt2,Pine,1,pine,\n";

#define PLANT "instance('trees')/root/item[name = /data/tree]/"
static const char upserts[] = FORM ("upserts", "Upserts", "<tree/><height/><orx:meta><orx:instanceID/><entity dataset='trees' id='' create='' update='' baseVersion='' trunkVersion='' branchId=''><label/></entity></orx:meta></data></instance>"
                                                          "<instance id='trees' src='jr://file-csv/trees.csv'/><bind nodeset='/data/height' type='int' entities:saveto='height'/><bind nodeset='/data/meta/entity/@id' calculate='/data/tree'/>"
                                                          "<bind nodeset='/data/meta/entity/@create' calculate=\"if(count(instance('trees')/root/item[name = /data/tree]) = 0, 'true', '')\" readonly='true()'/>"
                                                          "<bind nodeset='/data/meta/entity/@update' calculate='true()'/><bind nodeset='/data/meta/entity/@baseVersion' calculate=\"" PLANT "__version\"/>"
                                                          "<bind nodeset='/data/meta/entity/@trunkVersion' calculate=\"" PLANT "__trunkVersion\"/><bind nodeset='/data/meta/entity/@branchId' calculate=\"" PLANT "__branchId\"/>"
                                                          "<bind nodeset='/data/meta/entity/label' calculate=\"concat('Tree ', /data/tree)\"/>",
                                    "<input ref='/data/tree'/><input ref='/data/height'/>");

static const char plants[] = FORM ("plants", "Plants", "<place/><row jr:template=''><species/><tall/><meta><entity dataset='trees' id='' create=''><label/></entity></meta></row><orx:meta><orx:instanceID/></orx:meta></data></instance>"
                                                       "<bind nodeset='/data/row/species' entities:saveto='species'/><bind nodeset='/data/row/tall' type='int' entities:saveto='height'/>"
                                                       "<bind nodeset='/data/row/meta/entity/@id' calculate='once(uuid())'/><bind nodeset='/data/row/meta/entity/@create' calculate=\"../../../species != 'none'\"/>"
                                                       "<bind nodeset='/data/row/meta/entity/label' calculate='../../../species'/>",
                                   "<input ref='/data/place'/><repeat nodeset='/data/row'><input ref='/data/row/species'/><input ref='/data/row/tall'/></repeat>");

typedef struct
{
  char *folder;
  SarapStore *store;
} Fixture;

static void
add_form (SarapStore *store, const char *xml, const char *csv)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (xml, strlen (xml));
  g_autoptr (GHashTable) media = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;

  if (csv != NULL)
    g_hash_table_insert (media, (gpointer) "trees.csv", g_bytes_new_static (csv, strlen (csv)));
  sarap_store_add_form (store, bytes, "form.xml", media, "file", NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
  add_form (self->store, makes, NULL);
  add_form (self->store, changes, list);
  add_form (self->store, upserts, list);
  add_form (self->store, plants, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
}

static SarapRecorder *
begin (Fixture *self, const char *form_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (self->store, form_id, NULL, &error);
  g_autoptr (SarapInterview) interview = NULL;
  SarapRecorder *recorder;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, sarap_store_get_clock (self->store), NULL, &error);
  g_assert_no_error (error);
  recorder = sarap_recorder_new (self->store, interview, "volunteer", &error);
  g_assert_no_error (error);
  return recorder;
}

static void
finish (SarapRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_recorder_finalize (recorder, &error));
  g_assert_no_error (error);
}

/* Returns: (transfer full) the tree's id */
static char *
make_tree (Fixture *self, const char *species, const char *height)
{
  g_autoptr (SarapRecorder) recorder = begin (self, "makes");

  sarap_visit_answer (recorder, "/data/species", species);
  sarap_visit_answer (recorder, "/data/height", height);
  finish (recorder);
  return g_strdup (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/meta/entity/@id"));
}

/* Returns: (transfer full) "base/trunk/branch" of the change */
static char *
change_tree (Fixture *self, const char *id, const char *height)
{
  g_autoptr (SarapRecorder) recorder = begin (self, "changes");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);

  sarap_visit_answer (recorder, "/data/tree", id);
  sarap_visit_answer (recorder, "/data/height", height);
  finish (recorder);
  return g_strjoin ("/", sarap_interview_peek_value (interview, "/data/meta/entity/@baseVersion"), sarap_interview_peek_value (interview, "/data/meta/entity/@trunkVersion"),
                    sarap_interview_peek_value (interview, "/data/meta/entity/@branchId"), NULL);
}

/* What the next interview with the list finds. */
static char *
look_up (Fixture *self, const char *id, const char *column)
{
  g_autoptr (SarapRecorder) recorder = begin (self, "changes");
  g_autoptr (GError) error = NULL;
  g_autofree char *expression = g_strdup_printf ("instance('trees')/root/item[name = '%s']/%s", id, column);
  char *value = sarap_interview_evaluate (sarap_recorder_get_interview (recorder), expression, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static void
assert_tree (Fixture *self, const char *id, const char *column, const char *expected)
{
  g_autofree char *value = look_up (self, id, column);

  g_assert_cmpstr (value, ==, expected);
}

static void
bring_list (Fixture *self, const char *csv)
{
  g_autoptr (GBytes) bytes = g_bytes_new (csv, strlen (csv));
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_store_set_form_media (self->store, "changes", NULL, "trees.csv", bytes, &error));
  g_assert_no_error (error);
}

static void
test_a_made_entity_is_a_choice_at_once (Fixture *self, gconstpointer data)
{
  g_autofree char *id = make_tree (self, "birch", "3");
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (GPtrArray) choices = NULL;
  const SarapChoice *choice;

  g_clear_object (&self->store);
  self->store = sarap_temporary_open (self->folder);
  recorder = begin (self, "changes");
  choices = sarap_interview_dup_choices (sarap_recorder_get_interview (recorder), "/data/tree");
  g_assert_cmpuint (choices->len, ==, 3);
  choice = g_ptr_array_index (choices, 0);
  g_assert_cmpstr (choice->label, ==, "Old, oak");
  choice = g_ptr_array_index (choices, 2);
  g_assert_cmpstr (choice->value, ==, id);
  g_assert_cmpstr (choice->label, ==, "A birch");
  assert_tree (self, id, "species", "birch");
  assert_tree (self, id, "height", "3");
  assert_tree (self, id, "__version", "1");
  assert_tree (self, id, "__trunkVersion", "");
}

static void
test_irrelevant_properties_are_not_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *id = make_tree (self, "shrub", "3");

  assert_tree (self, id, "species", "shrub");
  assert_tree (self, id, "height", "");
}

static void
test_changes_grow_on_one_branch (Fixture *self, gconstpointer data)
{
  g_autofree char *made = make_tree (self, "birch", "3");
  g_autofree char *branch = look_up (self, made, "__branchId"), *known = look_up (self, "t1", "__branchId"), *other = look_up (self, "t2", "__branchId");
  g_autofree char *first = change_tree (self, "t1", "21"), *second = change_tree (self, "t1", "22"), *of_made = change_tree (self, made, "4");
  g_autofree char *expected_first = g_strconcat ("4/4/", known, NULL), *expected_second = g_strconcat ("5/4/", known, NULL), *expected_made = g_strconcat ("1//", branch, NULL);

  g_assert_true (g_uuid_string_is_valid (branch) && g_uuid_string_is_valid (known));
  g_assert_cmpstr (known, !=, other);
  g_assert_cmpstr (first, ==, expected_first);
  g_assert_cmpstr (second, ==, expected_second);
  g_assert_cmpstr (of_made, ==, expected_made);
  assert_tree (self, "t1", "height", "22");
  assert_tree (self, "t1", "species", "oak");
  assert_tree (self, "t1", "label", "Old, oak");
  assert_tree (self, "t1", "__version", "6");
  assert_tree (self, "t2", "__version", "1");
  assert_tree (self, made, "species", "birch");
  assert_tree (self, made, "__version", "2");
}

static void
test_the_local_copy_goes_when_the_list_has_caught_up (Fixture *self, gconstpointer data)
{
  g_autofree char *made = make_tree (self, "birch", "3");
  g_autofree char *change = change_tree (self, "t1", "21");
  g_autofree char *behind = g_strdup_printf ("name,label,__version,species,height\nt1,Oak,4,oak,20\n");
  g_autofree char *level = g_strdup_printf ("name,label,__version,species,height\nt1,Oak,5,elm,99\n%s,A birch of theirs,1,birch,7\n", made);

  bring_list (self, behind);
  assert_tree (self, "t1", "height", "21");
  assert_tree (self, made, "height", "3");
  bring_list (self, level);
  assert_tree (self, "t1", "species", "elm");
  assert_tree (self, "t1", "height", "99");
  assert_tree (self, made, "height", "7");
  bring_list (self, list);
  assert_tree (self, "t1", "height", "20");
  assert_tree (self, made, "height", "");
}

static void
test_a_draft_does_nothing_yet (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = begin (self, "makes");
  g_autofree char *id = g_strdup (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/meta/entity/@id"));

  sarap_visit_answer (recorder, "/data/species", "birch");
  assert_tree (self, id, "species", "");
  finish (recorder);
  assert_tree (self, id, "species", "birch");
}

static char *
upsert_tree (Fixture *self, const char *id, const char *height)
{
  g_autoptr (SarapRecorder) recorder = begin (self, "upserts");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);

  sarap_visit_answer (recorder, "/data/tree", id);
  sarap_visit_answer (recorder, "/data/height", height);
  finish (recorder);
  return g_strjoin ("/", sarap_interview_peek_value (interview, "/data/meta/entity/@create"), sarap_interview_peek_value (interview, "/data/meta/entity/@baseVersion"), NULL);
}

static void
test_an_upsert_makes_or_changes (Fixture *self, gconstpointer data)
{
  g_autofree char *made = upsert_tree (self, "t9", "1");
  g_autofree char *changed = upsert_tree (self, "t9", "2");
  g_autofree char *known = upsert_tree (self, "t1", "30");

  g_assert_cmpstr (made, ==, "true/");
  g_assert_cmpstr (changed, ==, "/1");
  g_assert_cmpstr (known, ==, "/4");
  assert_tree (self, "t9", "height", "2");
  assert_tree (self, "t9", "label", "Tree t9");
  assert_tree (self, "t9", "__version", "2");
  assert_tree (self, "t9", "__trunkVersion", "");
  assert_tree (self, "t1", "height", "30");
  assert_tree (self, "t1", "species", "oak");
  assert_tree (self, "t1", "__version", "5");
  assert_tree (self, "t1", "__trunkVersion", "4");
}

static void
test_each_instance_of_a_repeat_makes_one (Fixture *self, gconstpointer data)
{
  static const char *const species[] = { "birch", "none", "elm" };
  g_autoptr (SarapRecorder) recorder = begin (self, "plants");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autofree char *birch = NULL, *none = NULL, *elm = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (species); i++)
    {
      g_autofree char *row = sarap_interview_add_instance (interview, "/data/row", NULL);
      g_autofree char *ref = g_strconcat (row, "/species", NULL), *tall = g_strconcat (row, "/tall", NULL);

      sarap_visit_answer (recorder, ref, species[i]);
      sarap_visit_answer (recorder, tall, i == 0 ? "3" : "5");
    }
  birch = g_strdup (sarap_interview_peek_value (interview, "/data/row[1]/meta/entity/@id"));
  none = g_strdup (sarap_interview_peek_value (interview, "/data/row[2]/meta/entity/@id"));
  elm = g_strdup (sarap_interview_peek_value (interview, "/data/row[3]/meta/entity/@id"));
  finish (recorder);
  assert_tree (self, birch, "height", "3");
  assert_tree (self, elm, "height", "5");
  assert_tree (self, elm, "label", "elm");
  assert_tree (self, none, "label", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/entities/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("a-made-entity-is-a-choice-at-once", test_a_made_entity_is_a_choice_at_once);
  ADD ("irrelevant-properties-are-not-kept", test_irrelevant_properties_are_not_kept);
  ADD ("changes-grow-on-one-branch", test_changes_grow_on_one_branch);
  ADD ("the-local-copy-goes-when-the-list-has-caught-up", test_the_local_copy_goes_when_the_list_has_caught_up);
  ADD ("an-upsert-makes-or-changes", test_an_upsert_makes_or_changes);
  ADD ("each-instance-of-a-repeat-makes-one", test_each_instance_of_a_repeat_makes_one);
  ADD ("a-draft-does-nothing-yet", test_a_draft_does_nothing_yet);
  return g_test_run ();
}
