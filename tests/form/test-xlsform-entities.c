#include "tests/form/xlsform-support.h"

#define ENTITIES "# entities\nlist_name|label|entity_id|create_if|update_if\n"

static void
creating_makes_an_id (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|save_to\ntext|place|P|address\nbegin_group|g|G|\ninteger|size|S|size\nend_group|||\n" ENTITIES "offices|${place}|||\n");

  assert_string (doc, "//x:model/@entities:entities-version", "2024.1.0");
  assert_string (doc, "//x:data/x:meta/x:entity/@dataset", "offices");
  assert_string (doc, "concat(//x:entity/@create, //x:entity/@update, //x:entity/@id)", "1");
  assert_string (doc, "//x:setvalue[@ref='/data/meta/entity/@id' and @event='odk-instance-first-load']/@value", "uuid()");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/label']/@calculate", " /data/place ");
  assert_string (doc, "//x:bind[@nodeset='/data/g/size']/@entities:saveto", "size");
  assert_count (doc, "//x:bind[starts-with(@nodeset, '/data/meta/entity/@baseVersion')]", 0);
}

static void
updating_names_versions (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nselect_one_from_file offices.csv|office|O\ntext|state|S\n" ENTITIES "offices|${state}|${office}||${state} != ''\n");

  assert_string (doc, "concat(//x:entity/@update, //x:entity/@create)", "1");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/@id']/@calculate", " /data/office ");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/@update']/@calculate", " /data/state  != ''");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/@baseVersion']/@calculate", "instance('offices')/root/item[name= /data/office ]/__version");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/@branchId']/@calculate", "instance('offices')/root/item[name= /data/office ]/__branchId");
  assert_count (doc, "//x:setvalue[@ref='/data/meta/entity/@id']", 0);
}

static void
upserting_has_both_conditions (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\ntext|a|A\n" ENTITIES "l|${a}|${a}|${a} = '1'|${a} = '2'\n");

  assert_string (doc, "concat(//x:entity/@create, //x:entity/@update)", "11");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/entity/@create']/@calculate", " /data/a  = '1'");
}

static void
entity_of_a_repeat_stands_in_it (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|save_to\ntext|street|S|\nbegin_repeat|house|H|\ntext|number|N|number\nend_repeat|||\n" ENTITIES "houses|concat(${street}, ${number})|||\n");

  assert_string (doc, "//x:model/@entities:entities-version", "2025.1.0");
  assert_count (doc, "//x:data/x:house/x:meta/x:entity", 2);
  assert_count (doc, "//x:data/x:meta/x:entity", 0);
  assert_string (doc, "//x:bind[@nodeset='/data/house/meta/entity/label']/@calculate", "concat( /data/street ,  ../../../number )");
  assert_string (doc, "//x:repeat/x:setvalue[@ref='/data/house/meta/entity/@id']/@event", "odk-new-repeat");
}

static void
several_lists_share_the_groups (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|save_to\n"
                                    "begin_group|a|A|\ntext|p|P|first#p\nend_group|||\n"
                                    "begin_group|b|B|\ntext|q|Q|second#q\nend_group|||\n" ENTITIES "first|${p}|||\nsecond|${q}|||\nthird|'x'|||\n");

  assert_string (doc, "//x:data/x:a/x:meta/x:entity/@dataset", "first");
  assert_string (doc, "//x:data/x:b/x:meta/x:entity/@dataset", "second");
  assert_string (doc, "//x:data/x:meta/x:entity/@dataset", "third");
  assert_string (doc, "//x:bind[@nodeset='/data/b/q']/@entities:saveto", "q");
  refuses ("# survey\ntype|name|label|save_to\ntext|p|P|first#p\ntext|q|Q|second#q\n" ENTITIES "first|${p}|||\nsecond|${q}|||\n", "entities", 3, NULL, "no group");
}

static void
faults_of_entities_are_told (void)
{
  refuses ("# survey\ntype|name|label\ntext|q|Q\n# entities\nlist_name|label|colour\nl|x|red\n", "entities", 1, "colour", "unknown column");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "__l|x|||\n", "entities", 2, "list_name", "reserved");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "a.b|x|||\n", "entities", 2, "list_name", "no point");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "l|x|||\nl|y|||\n", "entities", 3, "list_name", "twice");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "l||||\n", "entities", 2, "label", "needs a label");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "l|x|||${q}\n", "entities", 2, "entity_id", "entity_id of what");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "l|x|${q}|${q}|\n", "entities", 2, "update_if", "when to update");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|p\n", "survey", 2, "save_to", "needs a sheet 'entities'");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|Label\n" ENTITIES "l|x|||\n", "survey", 2, "save_to", "reserved");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|p\ntext|r|R|p\n" ENTITIES "l|x|||\n", "survey", 3, "save_to", "row 2 too");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|m#p\n" ENTITIES "l|x|||\n", "survey", 2, "save_to", "no list 'm'");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|p\n" ENTITIES "l|x|||\nm|x|||\n", "survey", 2, "save_to", "list#property");
  refuses ("# survey\ntype|name|label|save_to\nbegin_group|g|G|p\ntext|q|Q|\nend_group|||\n" ENTITIES "l|x|||\n", "survey", 2, "save_to", "cannot be saved");
  refuses ("# survey\ntype|name|label|save_to\nbegin_group|g|G|\ntext|q|Q|\nend_group|||p\n" ENTITIES "l|x|||\n", "survey", 4, "save_to", "cannot be saved");
  refuses ("# survey\ntype|name|label|save_to\ntext|q|Q|p\nbegin_repeat|r|R|\ntext|s|S|t\nend_repeat|||\n" ENTITIES "l|x|||\n", "survey", 2, "save_to", "belongs to 'r'");
  refuses ("# survey\ntype|name|label|save_to\nbegin_repeat|a|A|\ntext|q|Q|p\nend_repeat|||\nbegin_repeat|b|B|\ntext|s|S|\nend_repeat|||\n" ENTITIES "l|${s}|||\n", "entities", 2, NULL, "another repeat");
}

static void
older_and_empty_columns_pass (void)
{
  warns ("# survey\ntype|name|label\nbegin_repeat|r|R\ntext|q|Q\nend_repeat||\n# entities\nlist_name|label|repeat\nl|${q}|${r}\n", "entities", 1, "repeat", "not needed any more");
  warns ("# survey\ntype|name|label\ntext|q|Q\n" ENTITIES "l||${q}||\n", "entities", 2, "list_name", "csv-external");
}

static void
attached_list_needs_no_warning (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (xmlDoc) doc = convert_with ("# survey\ntype|name|label\ncsv-external|l|\ntext|q|Q\n# entities\nlist_name|entity_id|colour\nl|${q}|\n", problems);

  assert_string (doc, "//x:entity/@update", "1");
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/entities/creating-makes-an-id", creating_makes_an_id);
  g_test_add_func ("/form/xlsform/entities/updating-names-versions", updating_names_versions);
  g_test_add_func ("/form/xlsform/entities/upserting-has-both-conditions", upserting_has_both_conditions);
  g_test_add_func ("/form/xlsform/entities/entity-of-a-repeat-stands-in-it", entity_of_a_repeat_stands_in_it);
  g_test_add_func ("/form/xlsform/entities/several-lists-share-the-groups", several_lists_share_the_groups);
  g_test_add_func ("/form/xlsform/entities/older-and-empty-columns-pass", older_and_empty_columns_pass);
  g_test_add_func ("/form/xlsform/entities/attached-list-needs-no-warning", attached_list_needs_no_warning);
  g_test_add_func ("/form/xlsform/entities/faults-of-entities-are-told", faults_of_entities_are_told);
  return g_test_run ();
}
