#include "tests/form/xlsform-support.h"

static void
every_type_has_its_bind_and_control (void)
{
  static const struct
  {
    const char *type;
    const char *control;
    const char *data_type;
  } types[] = {
    { "text", "input", "string" },
    { "integer", "input", "int" },
    { "decimal", "input", "decimal" },
    { "date", "input", "date" },
    { "time", "input", "time" },
    { "dateTime", "input", "dateTime" },
    { "note", "input", "string" },
    { "geopoint", "input", "geopoint" },
    { "geotrace", "input", "geotrace" },
    { "geoshape", "input", "geoshape" },
    { "barcode", "input", "barcode" },
    { "acknowledge", "trigger", "string" },
    { "image", "upload", "binary" },
    { "audio", "upload", "binary" },
    { "video", "upload", "binary" },
    { "file", "upload", "binary" },
    { "range", "range", "int" },
    { "start", "", "dateTime" },
    { "end", "", "dateTime" },
    { "today", "", "date" },
    { "deviceid", "", "string" },
    { "username", "", "string" },
    { "hidden", "", "string" },
    { "start-geopoint", "", "geopoint" },
    { "background-audio", "", "binary" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *text = g_strdup_printf ("# survey\ntype|name|label\n%s|q|Q\n", types[i].type);
      g_autoptr (xmlDoc) doc = convert (text);

      assert_string (doc, "//x:bind[@nodeset='/data/q']/@type", types[i].data_type);
      assert_string (doc, "name(//*[@ref='/data/q' and not(@event)])", types[i].control);
    }
}

static void
preloads_and_actions_start_by_themselves (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|parameters\nstart|begun||\nstart-geopoint|place||\nbackground-audio|sound||quality=low\naudit|||track-changes=true\n");

  assert_string (doc, "//x:bind[@nodeset='/data/begun']/@jr:preload", "timestamp");
  assert_string (doc, "//x:bind[@nodeset='/data/begun']/@jr:preloadParams", "start");
  assert_string (doc, "//odk:setgeopoint[@ref='/data/place']/@event", "odk-instance-first-load");
  assert_string (doc, "//odk:recordaudio[@ref='/data/sound' and @event='odk-instance-load']/@odk:quality", "low");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/audit']/@odk:track-changes", "true");
  assert_string (doc, "//x:bind[@nodeset='/data/meta/instanceID']/@jr:preload", "uid");
}

static void
repeats_have_template_and_instance (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|default|appearance\n"
                                    "begin_repeat|window|Window||field-list\n"
                                    "text|clerk|Clerk|anna|\n"
                                    "begin_repeat|step|Step||\n"
                                    "time|at|At|now()|\n"
                                    "end_repeat||||\n"
                                    "end_repeat||||\n");

  assert_count (doc, "//x:data/x:window", 2);
  assert_string (doc, "//x:data/x:window[@jr:template='']/x:clerk", "anna");
  assert_count (doc, "//x:data/x:window[@jr:template]/x:step", 1);
  assert_count (doc, "//x:data/x:window[not(@jr:template)]/x:step[@jr:template]", 0);
  assert_string (doc, "//x:repeat[@nodeset='/data/window']/@appearance", "field-list");
  assert_string (doc, "//x:model/x:setvalue[@ref='/data/window/step/at']/@event", "odk-instance-first-load");
  assert_string (doc, "//x:repeat[@nodeset='/data/window/step']/x:setvalue/@event", "odk-new-repeat");
  assert_count (doc, "//x:repeat[@nodeset='/data/window']/x:setvalue", 0);
}

static void
first_instance_has_no_templates_inside (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nbegin_repeat|a|A\nbegin_group|g|G\nbegin_repeat|b|B\ntext|q|Q\nend_repeat||\nend_group||\nend_repeat||\n");

  assert_count (doc, "//x:data/x:a[@jr:template]/x:g/x:b", 2);
  assert_count (doc, "//x:data/x:a[not(@jr:template)]/x:g/x:b", 1);
  assert_count (doc, "//x:data/x:a[not(@jr:template)]/x:g/x:b[@jr:template]", 0);
}

static void
defaults_are_values_or_expressions (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|default\n"
                                    "date|day|D|2026-11-22\n"
                                    "text|word|W|well-known\n"
                                    "integer|minus|M|-5\n"
                                    "text|sum|S|1 + 1\n"
                                    "image|photo|P|front.jpg\n"
                                    "date|later|L|today()\n");

  assert_string (doc, "concat(//x:data/x:day, ' ', //x:data/x:word, ' ', //x:data/x:minus, ' ', //x:data/x:photo)", "2026-11-22 well-known -5 jr://images/front.jpg");
  assert_string (doc, "//x:setvalue[@ref='/data/sum']/@value", "1 + 1");
  assert_string (doc, "//x:setvalue[@ref='/data/later']/@value", "today()");
  assert_count (doc, "//x:setvalue", 2);
}

static void
triggers_stand_in_the_question_that_changes (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|calculation|trigger\n"
                                    "text|a|A||\n"
                                    "text|b|B||\n"
                                    "dateTime|stamp||now()|${a}, ${b}\n"
                                    "text|cleared|C||${a}\n"
                                    "background-geopoint|place|||${b}\n");

  assert_string (doc, "//x:input[@ref='/data/a']/x:setvalue[@ref='/data/stamp' and @event='xforms-value-changed']/@value", "now()");
  assert_string (doc, "//x:input[@ref='/data/b']/x:setvalue[@ref='/data/stamp']/@value", "now()");
  assert_count (doc, "//x:input[@ref='/data/a']/x:setvalue[@ref='/data/cleared' and not(@value)]", 1);
  assert_count (doc, "//x:input[@ref='/data/b']/odk:setgeopoint[@ref='/data/place']", 1);
  assert_count (doc, "//x:bind[@nodeset='/data/stamp' and @calculate]", 0);
}

static void
or_other_asks_which (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nselect_one fruit or_other|f|F\n# choices\nlist_name|name|label::English (en)|label::Kazakh (kk)\nfruit|pear|Pear|Алмұрт\n");

  assert_string (doc, "//x:instance[@id='fruit']//x:item[2]/x:name", "other");
  assert_string (doc, "//x:translation[@lang='Kazakh (kk)']/x:text[@id='fruit-1']/x:value", "Other");
  assert_string (doc, "//x:bind[@nodeset='/data/f_other']/@relevant", "selected(../f, 'other')");
  assert_count (doc, "//x:input[@ref='/data/f_other']", 1);
}

static void
table_list_shares_its_labels (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|appearance|hint\n"
                                    "begin_group|g|How was it?|table-list|Tick all\n"
                                    "select_one scale|a|A||\n"
                                    "select_one scale|b|B||\n"
                                    "end_group||||\n"
                                    "# choices\nlist_name|name|label\nscale|1|Bad\nscale|2|Good\n");

  assert_string (doc, "//x:group/@appearance", "field-list");
  assert_string (doc, "//x:input[@ref='/data/g/generated_table_list_label_2']/x:hint", "Tick all");
  assert_string (doc, "//x:select1[1]/@appearance", "label");
  assert_count (doc, "//x:select1[@appearance='list-nolabel']", 2);
  refuses ("# survey\ntype|name|label|appearance\nbegin_group|g|G|table-list\nselect_one a|x|X|\nselect_one b|y|Y|\nend_group|||\n"
           "# choices\nlist_name|name|label\na|1|A\nb|1|B\n",
           "survey", 4, "type", "one list: 'a', not 'b'");
}

static void
loops_become_groups (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nbegin_loop over office|l|Offices\ninteger|people|People at %(label)s\nend_loop||\n"
                                    "# choices\nlist_name|name|label\noffice|tax|Tax office\noffice|land|Land office\n");

  assert_string (doc, "//x:input[@ref='/data/l/land/people']/x:label", "People at Land office");
  assert_string (doc, "//x:group[@ref='/data/l/tax']/x:label", "Tax office");
  assert_count (doc, "//x:bind[@type='int']", 2);
}

static void
flat_groups_have_no_node (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|flat|relevant|calculation\nbegin repeat|r|R|||\nbegin group|g|Flat|yes|1 = 1|\ninteger|q|Q|||\nend group|||||\ncalculate|c||||${q} + 1\nend repeat|||||\n");

  assert_string (doc, "count(//*[name() = 'g'])", "0");
  assert_string (doc, "//x:bind[@nodeset='/data/r/q']/@type", "int");
  assert_string (doc, "//x:bind[@nodeset='/data/r/c']/@calculate", " ../q  + 1");
  assert_string (doc, "count(//x:bind[@nodeset='/data/r' or @nodeset='/data/r/g'])", "0");
  assert_string (doc, "//x:group[x:label='Flat']/x:input/@ref", "/data/r/q");
  assert_string (doc, "count(//x:group[x:label='Flat']/@ref)", "0");
}

static void
computed_questions_are_not_seen (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|calculation|default\ncalculate|a|Label|1|\ninteger|b||2|\ninteger|c|C|3|\ncalculate|d|||once(uuid())\n");

  assert_string (doc, "//h:body/*/@ref", "/data/c");
  assert_count (doc, "//h:body/*", 1);
  assert_count (doc, "//x:model/x:setvalue[@ref='/data/d']", 1);
}

static void
faults_of_rows_are_told (void)
{
  refuses ("# survey\ntype|name|label\n\ntext||Q\n", "survey", 3, "name", "no name");
  refuses ("# survey\ntype|name|label\n|q|Q\n", "survey", 2, "type", "no type");
  refuses ("# survey\ntype|name|label\ntxt|q|Q\n", "survey", 2, "type", "unknown type 'txt'");
  refuses ("# survey\ntype|name|label\ntext|1q|Q\n", "survey", 2, "name", "'1q' is no name");
  refuses ("# survey\ntype|name|label\ntext|meta|Q\n", "survey", 2, "name", "reserved");
  refuses ("# survey\ntype|name|label\ntext|q|Q\ninteger|q|R\n", "survey", 3, "name", "stands twice");
  refuses ("# survey\ntype|name|label\ntext|q|\n", "survey", 2, "label", "no label");
  refuses ("# survey\ntype|name|label\nbegin_group|g|G\ntext|q|Q\n", "survey", 2, "type", "never closed");
  refuses ("# survey\ntype|name|label\nbegin_group|g|G\ntext|q|Q\nend_repeat||\n", "survey", 4, "type", "no begin_repeat");
  refuses ("# survey\ntype|name|label\nend_group||\n", "survey", 2, "type", "no begin_group");
  refuses ("# survey\ntype|name|label\nselect_one l.csv|q|Q\n# choices\nlist_name|name|label\nl|a|A\n", "survey", 2, "type", "select_one_from_file");
  refuses ("# survey\ntype|name|label\nosm m|q|Q\n# osm\nlist_name|name|label\nl|a|A\n", "survey", 2, "type", "no list 'm'");
  warns ("# survey\ntype|name|label\nbegin_repeat|r|R\ntext|q|Q\ncsv-external|places|\nend_repeat||\n", "survey", 4, "type", "out of the repeat");
  warns ("# survey\ntype|name|label|calculation|trigger\ntext|a|A||\ntext|b|B|1|${a}, c\n", "survey", 3, "trigger", "'c' is no reference and is left out");
  refuses ("# survey\ntype|name|label\nbegin_repeat|data|G\ntext|q|Q\nend_repeat||\n", "survey", 2, "name", "as the form itself");
  refuses ("# survey\ntype|name|label\ncalculate|c|C\n", "survey", 2, "calculation", "needs a calculation");
  refuses ("# survey\ntype|name|label\naudit|log|\n", "survey", 2, "name", "always called 'audit'");
  refuses ("# survey\ntype|name|label|trigger\ntext|q|Q|q\n", "survey", 2, "trigger", "no reference");
  refuses ("# survey\ntype|name|label|trigger\ntext|q|Q|${p}${p}\ntext|p|P|\n", "survey", 2, "trigger", "comma");
  refuses ("# survey\ntype|name|label|trigger\ntext|q|Q|${z}\n", "survey", 2, "trigger", "names no question");
  refuses ("# survey\ntype|name|label|trigger\nstart|s||\ntext|q|Q|${s}\n", "survey", 2, "name", "is not seen");
  refuses ("# survey\ntype|name|label|calculation\nbackground-geopoint|g||\n", "survey", 2, "trigger", "needs a trigger");
  refuses ("# survey\ntype|name|label|media::big-image\ntext|q|Q|a.png\n", "survey", 2, "big-image", "no image");
  refuses ("# survey\ntype|name|label|repeat_count\nbegin_repeat|r|R|2\ntext|q|Q|\nend_repeat|||\ntext|r_count|C|\n", "survey", 5, "name", "stands twice");
  warns ("# survey\ntype|name|label\ntext|ab|Q\ntext|AB|R\n", "survey", 3, "name", "differs only by case");
  warns ("# survey\ntype|name|label\nbegin_group|g|G\nend_group||\ntext|q|Q\n", "survey", 2, NULL, "empty");
  warns ("# survey\ntype|name|label\nsimserial|s|\n", "survey", 2, "type", "stays empty");
}

static char *
make_survey (guint n)
{
  GString *text = g_string_new ("# survey\ntype|name|label\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "text|q%u|Q\n", i);
  return g_string_free (text, FALSE);
}

static void
twenty_thousand_questions_at_most (void)
{
  g_autofree char *most = make_survey (20000);
  g_autofree char *more = make_survey (20001);
  g_autoptr (xmlDoc) doc = convert (most);

  assert_count (doc, "//x:input", 20000);
  refuses (more, "survey", 20002, NULL, "more than 20000 questions");
}

static char *
make_nested (guint depth)
{
  GString *text = g_string_new ("# survey\ntype|name|label\n");

  for (guint i = 0; i < depth; i++)
    g_string_append_printf (text, "begin_group|g%u|G\n", i);
  g_string_append (text, "text|q|Q\n");
  for (guint i = 0; i < depth; i++)
    g_string_append (text, "end_group||\n");
  return g_string_free (text, FALSE);
}

static void
groups_nest_to_eighty (void)
{
  g_autofree char *deepest = make_nested (80);
  g_autofree char *deeper = make_nested (81);
  g_autofree char *absurd = make_nested (10000);
  g_autoptr (xmlDoc) doc = convert (deepest);

  assert_count (doc, "//x:group", 80);
  refuses (deeper, "survey", 82, NULL, "deeper than 80");
  refuses (absurd, "survey", 82, NULL, "deeper than 80");
}

/* People require groups by mistake, and forms with it are in use: it stays in the bind. */
static void
required_group_is_kept_and_told (void)
{
  static const char text[] = "# survey\ntype|name|label|required\nbegin_group|g|G|yes\ntext|q|Q|\nend_group|||\nbegin_group|h|H|no\ntext|r|R|\nend_group|||\n";
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (xmlDoc) doc = convert_with (text, problems);

  assert_string (doc, "//x:bind[@nodeset='/data/g']/@required", "true()");
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 1);
  assert_place (find_problem (problems, SARAP_PROBLEM_WARNING, "cannot be required"), "survey", 2, "required");
}

static void
table_list_ends_with_any_group (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|appearance\nbegin_group|g|G|table-list\nselect_one l|a|A|\nbegin_group|h|H|\nselect_one l|b|B|\nend_group|||\nselect_one l|c|C|\nend_group|||\n# choices\nlist_name|name|label\nl|x|X\n");

  assert_string (doc, "//x:select1[@ref='/data/g/a']/@appearance", "list-nolabel");
  assert_string (doc, "//x:select1[@ref='/data/g/h/b']/@appearance", "list-nolabel");
  assert_count (doc, "//x:select1[@ref='/data/g/c']/@appearance", 0);
  assert_count (doc, "//x:select1[@appearance='label']", 1);
}

static void
settings_may_be_rows (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nset_form_title|Survey of halls|\nset_form_id|halls|\nprefix|x|\ntext|q|Q\n");

  assert_string (doc, "//h:title", "Survey of halls");
  assert_string (doc, "//x:data/@id", "halls");
  assert_string (doc, "//x:data/@odk:prefix", "x");
}

static void
rows_far_below_are_left_out (void)
{
  g_autoptr (GString) text = g_string_new ("# survey\ntype|name|label\n");
  g_autoptr (xmlDoc) doc = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append_c (text, '\n');
  g_string_append (text, "text|near|N\n");
  for (guint i = 0; i < 61; i++)
    g_string_append_c (text, '\n');
  g_string_append (text, "text|far|${nowhere}\n");
  doc = convert (text->str);
  assert_string (doc, "//x:input/@ref", "/data/near");
  assert_count (doc, "//x:input", 1);
  warns (text->str, "survey", 124, NULL, "60 empty rows");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/survey/every-type-has-its-bind-and-control", every_type_has_its_bind_and_control);
  g_test_add_func ("/form/xlsform/survey/preloads-and-actions-start-by-themselves", preloads_and_actions_start_by_themselves);
  g_test_add_func ("/form/xlsform/survey/repeats-have-template-and-instance", repeats_have_template_and_instance);
  g_test_add_func ("/form/xlsform/survey/first-instance-has-no-templates-inside", first_instance_has_no_templates_inside);
  g_test_add_func ("/form/xlsform/survey/defaults-are-values-or-expressions", defaults_are_values_or_expressions);
  g_test_add_func ("/form/xlsform/survey/triggers-stand-in-the-question-that-changes", triggers_stand_in_the_question_that_changes);
  g_test_add_func ("/form/xlsform/survey/or-other-asks-which", or_other_asks_which);
  g_test_add_func ("/form/xlsform/survey/table-list-shares-its-labels", table_list_shares_its_labels);
  g_test_add_func ("/form/xlsform/survey/table-list-ends-with-any-group", table_list_ends_with_any_group);
  g_test_add_func ("/form/xlsform/survey/required-group-is-kept-and-told", required_group_is_kept_and_told);
  g_test_add_func ("/form/xlsform/survey/settings-may-be-rows", settings_may_be_rows);
  g_test_add_func ("/form/xlsform/survey/rows-far-below-are-left-out", rows_far_below_are_left_out);
  g_test_add_func ("/form/xlsform/survey/loops-become-groups", loops_become_groups);
  g_test_add_func ("/form/xlsform/survey/flat-groups-have-no-node", flat_groups_have_no_node);
  g_test_add_func ("/form/xlsform/survey/computed-questions-are-not-seen", computed_questions_are_not_seen);
  g_test_add_func ("/form/xlsform/survey/faults-of-rows-are-told", faults_of_rows_are_told);
  /* Millions of allocations: too slow under the sanitizers, which see the same code in small forms. */
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    g_test_add_func ("/form/xlsform/survey/twenty-thousand-questions-at-most", twenty_thousand_questions_at_most);
  g_test_add_func ("/form/xlsform/survey/groups-nest-to-eighty", groups_nest_to_eighty);
  return g_test_run ();
}
