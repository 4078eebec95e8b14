#include "tests/form/xlsform-support.h"

#define NESTED "# survey\ntype|name|label|calculation\n" \
               "text|top|T|\n"                           \
               "begin_repeat|r|R|\n"                     \
               "text|a|A|\n"                             \
               "begin_group|g|G|\n"                      \
               "text|b|B|\n"                             \
               "begin_repeat|s|S|\n"                     \
               "text|c|C|\n"                             \
               "calculate|x||%s\n"                       \
               "end_repeat|||\n"                         \
               "end_group|||\n"                          \
               "end_repeat|||\n"                         \
               "begin_repeat|other|O|\n"                 \
               "text|far|F|\n"                           \
               "end_repeat|||\n"

static void
paths_are_relative_inside_a_repeat (void)
{
  static const struct
  {
    const char *written;
    const char *path;
  } cases[] = {
    { "${c}", " ../c " },
    { "${b}", " ../../b " },
    { "${a}", " ../../../a " },
    { "${g}", " ../../../g " },
    { "${top}", " /data/top " },
    { "sum(${far})", "sum( /data/other/far )" },
    { "count(${s})", "count( ../../s )" },
    { "position(${r})", "position( /data/r )" },
    { "${last-saved#b}", " instance('__last-saved')/data/r/g/b " },
    { "instance('l')/root/item[name = ${b}]/label", "instance('l')/root/item[name =  current()/../../b ]/label" },
    { "concat(${c}, instance('l')/root/item[1]/label)", "concat( ../c , instance('l')/root/item[1]/label)" },
    { "indexed-repeat(${a}, ${r}, ${c}) + ${a}", "indexed-repeat( /data/r/a ,  /data/r ,  ../c ) +  ../../../a " },
    { "'$' and ${} and {b}", "'$' and ${} and {b}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (NESTED, cases[i].written);
      g_autoptr (xmlDoc) doc = convert (text);

      assert_string (doc, "//x:bind[@nodeset='/data/r/g/s/x']/@calculate", cases[i].path);
    }
}

static void
last_saved_has_its_instance (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|default\ntext|q|Q|${last-saved#q}\n");
  g_autoptr (xmlDoc) without = convert ("# survey\ntype|name|label|default\ntext|q|Q|x\n");

  assert_string (doc, "//x:instance[@id='__last-saved']/@src", "jr://instance/last-saved");
  assert_string (doc, "//x:setvalue[@ref='/data/q']/@value", " instance('__last-saved')/data/q ");
  assert_count (without, "//x:instance[@id='__last-saved']", 0);
}

static void
labels_show_answers (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|hint\n"
                                    "text|name|Name|\n"
                                    "note|n|Hello <b> ${name}!|Price: instance('p')/root/item[id = ${name}]/price tenge\n");

  assert_string (doc, "//x:input[@ref='/data/n']/x:label", " Hello <b> ! ");
  assert_string (doc, "//x:input[@ref='/data/n']/x:label/x:output/@value", " /data/name ");
  assert_string (doc, "//x:input[@ref='/data/n']/x:hint/x:output/@value", "instance('p')/root/item[id =  /data/name ]/price");
  assert_string (doc, "//x:input[@ref='/data/n']/x:hint", " Price:  tenge ");
}

static void
messages_with_answers_are_texts (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|constraint|constraint_message|required|required_message\n"
                                    "integer|age|Age|. > 0|Not ${age}|yes|Say it\n");

  assert_string (doc, "//x:bind[@nodeset='/data/age']/@jr:constraintMsg", "jr:itext('/data/age:jr:constraintMsg')");
  assert_string (doc, "//x:text[@id='/data/age:jr:constraintMsg']/x:value/x:output/@value", " /data/age ");
  assert_string (doc, "//x:bind[@nodeset='/data/age']/@jr:requiredMsg", "Say it");
  assert_string (doc, "//x:bind[@nodeset='/data/age']/@required", "true()");
}

static void
answers_of_a_repeat_can_be_chosen (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|choice_filter\n"
                                    "begin_repeat|person|P|\ntext|who|Who|\ninteger|age|Age|\nend_repeat|||\n"
                                    "select_one ${who}|head|Head|\n"
                                    "select_one ${who}|adult|Adult|${age} > 17\n");

  assert_string (doc, "//x:select1[@ref='/data/head']/x:itemset/@nodeset", "/data/person[./who != '']");
  assert_string (doc, "//x:select1[@ref='/data/head']/x:itemset/x:value/@ref", "who");
  assert_string (doc, "//x:select1[@ref='/data/adult']/x:itemset/@nodeset", "/data/person[ ./age  > 17]");
}

static void
faults_of_references_are_told (void)
{
  refuses ("# survey\ntype|name|label|relevant\ntext|q|Q|${nobody} = 1\n", "survey", 2, "relevant", "${nobody} names no question");
  refuses ("# survey\ntype|name|label|Relevance\ntext|q|Q|${q = 1\n", "survey", 2, "Relevance", "malformed");
  refuses ("# survey\ntype|name|label\ntext|q|Hi ${ q }\n", "survey", 2, "label", "malformed");
  refuses ("# survey\ntype|name|label\nbegin_group|g|G\ntext|q|Q\nend_group||\ntext|q|Q\nnote|n|${q}\n", "survey", 6, "label", "2 different");
  refuses ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|name|label::English (en)\nl|a|${zz}\n", "choices", 2, "label::English (en)", "${zz}");
  refuses ("# survey\ntype|name|label\ntext|q|Q\n# settings\ninstance_name\n${zz}\n", "settings", 2, "instance_name", "${zz}");
  refuses ("# survey\ntype|name|label\nselect_one ${zz}|q|Q\n", "survey", 2, "type", "names no question");
}

static void
broken_expressions_are_told_with_their_cell (void)
{
  warns ("# survey\ntype|name|label|relevance\ntext|q|Q|\ntext|p|P|${q} = (1\n", "survey", 3, "relevance", "broken");
  warns ("# survey\ntype|name|label|calculation\ncalculate|q||sine(1)\ntext|p|P|\n", "survey", 2, "calculation", "sine");
  warns ("# survey\ntype|name|label|choice_filter\nselect_one l|q|Q|a ==\n# choices\nlist_name|name|label\nl|a|A\n", "survey", 2, "choice_filter", "broken");
}

static void
long_expressions_are_refused (void)
{
  g_autofree char *filling = g_strnfill (65536 - strlen ("${q}"), '1');
  g_autofree char *most = g_strdup_printf ("# survey\ntype|name|label|relevant\ntext|q|Q|${q}%s\n", filling);
  g_autofree char *more = g_strdup_printf ("# survey\ntype|name|label|relevant\ntext|q|Q|${q}1%s\n", filling);
  g_autoptr (xmlDoc) doc = convert (most);

  assert_count (doc, "//x:bind[@relevant]", 1);
  refuses (more, "survey", 2, "relevant", "longer than 65536");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/references/paths-are-relative-inside-a-repeat", paths_are_relative_inside_a_repeat);
  g_test_add_func ("/form/xlsform/references/last-saved-has-its-instance", last_saved_has_its_instance);
  g_test_add_func ("/form/xlsform/references/labels-show-answers", labels_show_answers);
  g_test_add_func ("/form/xlsform/references/messages-with-answers-are-texts", messages_with_answers_are_texts);
  g_test_add_func ("/form/xlsform/references/answers-of-a-repeat-can-be-chosen", answers_of_a_repeat_can_be_chosen);
  g_test_add_func ("/form/xlsform/references/faults-of-references-are-told", faults_of_references_are_told);
  g_test_add_func ("/form/xlsform/references/broken-expressions-are-told-with-their-cell", broken_expressions_are_told_with_their_cell);
  g_test_add_func ("/form/xlsform/references/long-expressions-are-refused", long_expressions_are_refused);
  return g_test_run ();
}
