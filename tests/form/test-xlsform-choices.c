#include "tests/form/xlsform-support.h"

static void
lists_become_instances (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|choice_filter\n"
                                    "select_one region|r|R|\n"
                                    "select_multiple town|t|T|region = ${r}\n"
                                    "rank town|k|K|\n"
                                    "# choices\nlist name|name|label|region|not a name\n"
                                    "region|n|North||x\n"
                                    "town|a|Aksu|n|\n"
                                    "town|b|Balkhash|s|\n");

  assert_string (doc, "//x:instance[@id='town']/x:root/x:item[2]/x:region", "s");
  assert_string (doc, "//x:instance[@id='region']/x:root/x:item/x:label", "North");
  assert_count (doc, "//x:item/*[. = 'x']", 0);
  assert_string (doc, "//x:select/x:itemset/@nodeset", "instance('town')/root/item[region =  /data/r ]");
  assert_string (doc, "concat(//x:select/x:itemset/x:value/@ref, ' ', //x:select/x:itemset/x:label/@ref)", "name label");
  assert_string (doc, "//odk:rank/@ref", "/data/k");
  assert_string (doc, "//x:bind[@nodeset='/data/k']/@type", "odk:rank");
}

static void
texts_with_media_or_languages_stand_in_itext (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\ntext|name|Name\nselect_one smile|s|S\nselect_one who|w|W\nselect_one plain|p|P\n"
                                    "# choices\nlist_name|name|label|image\nsmile|1|Good|good.svg\nsmile|2|Bad|\nwho|1|${name}|\nwho|2|Nobody|\nplain|1|One|\n");

  assert_string (doc, "//x:instance[@id='smile']//x:item[2]/x:itextId", "smile-1");
  assert_count (doc, "//x:instance[@id='smile']//x:label", 0);
  assert_string (doc, "//x:text[@id='smile-0']/x:value[@form='image']", "jr://images/good.svg");
  assert_string (doc, "//x:text[@id='smile-0']/x:value[not(@form)]", "Good");
  assert_string (doc, "//x:text[@id='who-0']/x:value/x:output/@value", " /data/name ");
  assert_string (doc, "//x:select1[@ref='/data/w']/x:itemset/x:label/@ref", "jr:itext(itextId)");
  assert_string (doc, "//x:select1[@ref='/data/p']/x:itemset/x:label/@ref", "label");
}

static void
lists_may_be_files (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|choice_filter|parameters\n"
                                    "select_one_from_file towns.csv|a|A||value=Code label=Title\n"
                                    "select_multiple_from_file hills.xml|b|B|high = 1|\n"
                                    "select_one_from_file map.geojson|c|C||\n"
                                    "csv-external|prices|||\n"
                                    "xml-external|norms|||\n");

  assert_string (doc, "//x:instance[@id='towns']/@src", "jr://file-csv/towns.csv");
  assert_string (doc, "//x:instance[@id='hills']/@src", "jr://file/hills.xml");
  assert_string (doc, "//x:instance[@id='map']/@src", "jr://file/map.geojson");
  assert_string (doc, "//x:instance[@id='prices']/@src", "jr://file-csv/prices.csv");
  assert_string (doc, "//x:instance[@id='norms']/@src", "jr://file/norms.xml");
  assert_string (doc, "concat(//x:select1[@ref='/data/a']/x:itemset/x:value/@ref, ' ', //x:select1[@ref='/data/a']/x:itemset/x:label/@ref)", "Code Title");
  assert_string (doc, "//x:select/x:itemset/@nodeset", "instance('hills')/root/item[high = 1]");
  assert_string (doc, "concat(//x:select1[@ref='/data/c']/x:itemset/x:value/@ref, ' ', //x:select1[@ref='/data/c']/x:itemset/x:label/@ref)", "id title");
  assert_count (doc, "//x:data/x:prices", 0);
}

static void
search_keeps_choices_in_the_select (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|appearance\nselect_one found|s|S|search('towns')\n# choices\nlist_name|name|label\nfound|code|title\n");

  assert_string (doc, "//x:select1/x:item/x:value", "code");
  assert_string (doc, "//x:select1/x:item/x:label", "title");
  assert_count (doc, "//x:instance[@id='found']", 0);
  refuses ("# survey\ntype|name|label|appearance\nselect_one l|s|S|search('f')\nselect_one l|t|T|\n# choices\nlist_name|name|label\nl|a|A\n", "survey", 3, "type", "used with search() elsewhere");
}

static void
order_can_be_random (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|parameters|choice_filter\ninteger|seed|S||\nselect_one l|a|A|randomize=true|\nselect_one l|b|B|randomize=true, seed=42|\nselect_one l|c|C|randomize=TRUE;seed=${seed}|name != 'x'\n"
                                    "# choices\nlist_name|name|label\nl|x|X\n");

  assert_string (doc, "//x:select1[@ref='/data/a']/x:itemset/@nodeset", "randomize(instance('l')/root/item)");
  assert_string (doc, "//x:select1[@ref='/data/b']/x:itemset/@nodeset", "randomize(instance('l')/root/item, 42)");
  assert_string (doc, "//x:select1[@ref='/data/c']/x:itemset/@nodeset", "randomize(instance('l')/root/item[name != 'x'], /data/seed)");
}

static void
one_name_is_one_source (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|calculation\nselect_one_from_file fees.csv|f|F|\ncalculate|p||pulldata('fees', 'price', 'id', ${f}) + pulldata(\"norms\", 'n', 'id', 1)\n");

  assert_count (doc, "//x:instance[@id='fees']", 1);
  assert_string (doc, "//x:instance[@id='norms']/@src", "jr://file-csv/norms.csv");
  refuses ("# survey\ntype|name|label\nselect_one_from_file fees.csv|f|F\nselect_one_from_file fees.xml|g|G\n", "survey", 3, NULL, "two sources");
  refuses ("# survey\ntype|name|label\nselect_one_from_file fees.csv|f|F\nselect_one fees|g|G\n# choices\nlist_name|name|label\nfees|1|One\n", "choices", 0, NULL, "two sources");
  refuses ("# survey\ntype|name|label\nbegin_group|g|G\ncsv-external|fees|\nend_group||\ncsv-external|fees|\ntext|q|Q\n", "survey", 5, "name", "named twice");
}

static void
older_external_selects_are_inputs (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|choice_filter\ntext|r|R|\nselect_one_external town|t|T|region=${r}\n"
                                    "# external_choices\nlist_name|name|label|region\ntown|a|Aksu|n\n");

  assert_string (doc, "//x:input[@ref='/data/t']/@query", "instance('town')/root/item[region= /data/r ]");
  refuses ("# survey\ntype|name|label|choice_filter\nselect_one_external town|t|T|a=1\n# external_choises\nlist_name|name\ntown|a\n", "survey", 2, "type", "'external_choises'");
}

static void
faults_of_lists_are_told (void)
{
  refuses ("# survey\ntype|name|label\nselect_one fruit|q|Q\n# choices\nlist_name|name|label\nfruits|a|A\n", "survey", 2, "type", "no list 'fruit'");
  refuses ("# survey\ntype|name|label\nselect_one fruit|q|Q\n# choises\nlist_name|name|label\nfruit|a|A\n", "survey", 2, "type", "'choises'");
  refuses ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\nl|a|A\nl|a|B\n", "choices", 3, "name", "'a' twice");
  refuses ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\nl||A\n", "choices", 2, "name", "needs a name");
  refuses ("# survey\ntype|name|label\nselect_multiple l|q|Q\n# choices\nlist_name|name|label\nl|two words|A\n", "choices", 2, "name", "has a space");
  refuses ("# survey\ntype|name|label\nselect_one_from_file l.txt|q|Q\n", "survey", 2, "type", "must be a file");
  refuses ("# survey\ntype|name|label|choice_filter\nselect_one l or_other|q|Q|a=1\n# choices\nlist_name|name|label|a\nl|a|A|1\n", "survey", 2, "choice_filter", "do not go together");
  refuses ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label|media::film\nl|a|A|x\n", "choices", 2, "media", "no such kind of media");
  warns ("# survey\ntype|name|label\ntext|q|Q\n# choices\nlist_name|name|label\nl|a|A\n", "choices", 2, "list_name", "no question uses");
  warns ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\nl|a|\n", "choices", 2, "label", "has no label");
  warns ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\nl|a|A\nl|A|B\n", "choices", 3, "name", "differs by case only");
}

static void
duplicates_may_be_allowed (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\nl|a|A\nl|a|B\n# settings\nallow_choice_duplicates\nyes\n");

  assert_count (doc, "//x:instance[@id='l']//x:item", 2);
}

static char *
make_choices (guint n)
{
  GString *text = g_string_new ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "l|c%u|C\n", i);
  return g_string_free (text, FALSE);
}

static void
two_hundred_thousand_choices_at_most (void)
{
  g_autofree char *most = make_choices (200000);
  g_autofree char *more = make_choices (200001);
  g_autoptr (xmlDoc) doc = convert (most);

  assert_count (doc, "//x:item", 200000);
  refuses (more, "choices", 0, NULL, "more than 200000 choices");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/choices/lists-become-instances", lists_become_instances);
  g_test_add_func ("/form/xlsform/choices/texts-with-media-or-languages-stand-in-itext", texts_with_media_or_languages_stand_in_itext);
  g_test_add_func ("/form/xlsform/choices/lists-may-be-files", lists_may_be_files);
  g_test_add_func ("/form/xlsform/choices/search-keeps-choices-in-the-select", search_keeps_choices_in_the_select);
  g_test_add_func ("/form/xlsform/choices/order-can-be-random", order_can_be_random);
  g_test_add_func ("/form/xlsform/choices/one-name-is-one-source", one_name_is_one_source);
  g_test_add_func ("/form/xlsform/choices/older-external-selects-are-inputs", older_external_selects_are_inputs);
  g_test_add_func ("/form/xlsform/choices/faults-of-lists-are-told", faults_of_lists_are_told);
  g_test_add_func ("/form/xlsform/choices/duplicates-may-be-allowed", duplicates_may_be_allowed);
  /* Millions of allocations: too slow under the sanitizers, which see the same code in small forms. */
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    g_test_add_func ("/form/xlsform/choices/two-hundred-thousand-choices-at-most", two_hundred_thousand_choices_at_most);
  return g_test_run ();
}
