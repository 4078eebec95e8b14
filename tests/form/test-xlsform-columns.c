#include "tests/form/xlsform-support.h"

static void
older_names_of_columns_work (void)
{
  g_autoptr (xmlDoc) doc = convert ("# Survey\n"
                                    "Command|TAG|Caption|Constraint  Message|READ ONLY|relevance|constraint|repeat_count\n"
                                    "integer|age|Age|0 to 120|no|true()|. < 120|\n"
                                    "begin repeat|child|Child||||| 2\n"
                                    "text|child_name|Name|||||\n"
                                    "end repeat||||||\n");

  assert_string (doc, "//x:bind[@nodeset='/data/age']/@jr:constraintMsg", "0 to 120");
  assert_string (doc, "//x:bind[@nodeset='/data/age']/@readonly", "false()");
  assert_string (doc, "//x:bind[@nodeset='/data/age']/@relevant", "true()");
  assert_string (doc, "//x:bind[@nodeset='/data/child_count']/@calculate", "2");
  assert_string (doc, "//x:repeat/@jr:count", " /data/child_count ");
}

static void
single_colons_divide_when_no_double_do (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label:English (en)|bind:jr:constraintMsg\ntext|q|Question|Mind\n");

  assert_string (doc, "//x:translation/@lang", "English (en)");
  assert_string (doc, "//x:bind[@nodeset='/data/q']/@jr:constraintMsg", "Mind");
}

static void
plain_column_belongs_to_the_default_language (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label::Kazakh (kk)|label\ntext|q|Аты|Имя\n"
                                    "# settings\ndefault_language\nRussian (ru)\n");

  assert_string (doc, "//x:translation[@lang='Russian (ru)']/x:text[@id='/data/q:label']/x:value", "Имя");
  assert_string (doc, "//x:translation[@lang='Kazakh (kk)']/x:text[@id='/data/q:label']/x:value", "Аты");
  assert_string (doc, "//x:translation[@default='true()']/@lang", "Russian (ru)");
  assert_count (doc, "//x:translation", 2);
}

static void
missing_texts_are_hyphens (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\n"
                                    "type|name|label::English (en)|label::Kazakh (kk)|hint::English (en)|guidance_hint::English (en)|image::English (en)\n"
                                    "text|q|Name||A hint|Read aloud|name.png\n"
                                    "text|p|Place|Орны\n");

  assert_string (doc, "//x:translation[@lang='Kazakh (kk)']/x:text[@id='/data/q:label']/x:value[not(@form)]", "-");
  assert_string (doc, "//x:translation[@lang='Kazakh (kk)']/x:text[@id='/data/q:hint']/x:value[@form='guidance']", "-");
  assert_count (doc, "//x:translation[@lang='Kazakh (kk)']//x:value[@form='image']", 0);
  assert_string (doc, "//x:translation[@lang='English (en)']//x:value[@form='image']", "jr://images/name.png");
  assert_string (doc, "//x:translation[@lang='English (en)']/x:text[@id='/data/q:hint']/x:value[@form='guidance']", "Read aloud");
  assert_string (doc, "//x:input/x:hint/@ref", "jr:itext('/data/q:hint')");
}

static void
sensitive_questions_are_marked (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|sensitive\nselect_one yn|paid|Paid|yes\ntext|q|Question|no\ntext|r|Rest|\n"
                                    "# choices\nlist_name|name|label\nyn|1|Yes\nyn|0|No\n");
  g_autoptr (xmlDoc) plain = convert ("# survey\ntype|name|label\ntext|q|Question\n");

  assert_string (doc, "//x:bind[@nodeset='/data/paid']/@*[local-name()='sensitive' and namespace-uri()='https://sarap.org/xforms']", "true()");
  assert_string (doc, "//x:bind[@nodeset='/data/q']/@*[local-name()='sensitive']", "false()");
  assert_count (doc, "//x:bind[@nodeset='/data/r']/@*[local-name()='sensitive']", 0);
  assert_count (plain, "//namespace::*[.='https://sarap.org/xforms']", 0);
}

static void
blanks_and_quotes_are_cleaned (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|relevant\nselect_one   yes_no|q|Is  it|${p} = \xe2\x80\x98yes\xe2\x80\x99\ntext|p|P|\n"
                                    "# choices\nlist_name|name|label\nyes_no|yes|Two  blanks\n");
  g_autoptr (xmlDoc) kept = convert ("# survey\ntype|name|label\ntext|q|Is  it\n# settings\nclean_text_values\nno\n");

  assert_string (doc, "//x:select1/x:label", "Is it");
  assert_string (doc, "//x:bind[@nodeset='/data/q']/@relevant", " /data/p  = 'yes'");
  assert_string (doc, "//x:item/x:label", "Two  blanks");
  assert_string (kept, "//x:input/x:label", "Is  it");
}

static void
settings_shape_the_form (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\ntext|q|Q\n"
                                    "# settings\n"
                                    "form_title|form_id|name|version|style|public_key|submission_url|auto_send|instance_name|namespaces|attribute::own:kind|client_editable\n"
                                    "Visit & <count>|visit|visit|7|pages|KEY==|https://example.org/s|true|${q}|own=\"https://example.org/ns\"|pilot|yes\n");
  g_autoptr (xmlDoc) bare = convert ("# survey\ntype|name|label\ntext|q|Q\n");

  assert_string (doc, "//h:title", "Visit & <count>");
  assert_string (doc, "name(//x:instance[1]/*)", "visit");
  assert_string (doc, "//x:instance[1]/*/@id", "visit");
  assert_string (doc, "//x:instance[1]/*/@version", "7");
  assert_string (doc, "//x:instance[1]/*/@*[name()='own:kind']", "pilot");
  assert_string (doc, "//x:instance[1]/*/@*[local-name()='kind' and namespace-uri()='https://example.org/ns']", "pilot");
  assert_string (doc, "//h:body/@class", "pages");
  assert_string (doc, "//x:submission/@base64RsaPublicKey", "KEY==");
  assert_string (doc, "concat(//x:submission/@action, ' ', //x:submission/@method, ' ', //x:submission/@orx:auto-send, ' ', //x:submission/@odk:client-editable)", "https://example.org/s post true true");
  assert_string (doc, "//x:bind[@nodeset='/visit/meta/instanceName']/@calculate", " /visit/q ");
  assert_string (bare, "concat(name(//x:instance[1]/*), ' ', //x:instance[1]/*/@id, ' ', //h:title)", "data form form");
  assert_count (bare, "//x:submission", 0);
}

/* As the standard converter of today has it: nothing comes of them. */
static void
settings_of_old_converters_do_nothing (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|sms_field\ntext|q|Q|one\n# settings\nsms_keyword|sms_separator|sms_allow_media|flat\nvisit|+|yes|yes\n");

  assert_string (doc, "count(//*[contains(name(), 'sms')] | //@*[contains(name(), 'sms') or . = 'visit' or . = '+'])", "0");
  assert_string (doc, "//x:bind[@nodeset='/data/q']/@type", "string");
  warns ("# survey\ntype|name|label\nselect_multiple l|q|Q\n# choices\nlist_name|name|label\nl|a|A\n# settings\nadd_none_option\nyes\n", "settings", 2, "add_none_option", "write it into the list");
}

static void
faults_of_headers_are_told (void)
{
  refuses ("# survey\ntype|name|label|label\ntext|q|Q|R\n", "survey", 1, "label", "two columns");
  refuses ("# survey\ntype|name|relevant|relevance\ntext|q|Q|R\n", "survey", 1, "relevance", "means the same as the column relevant");
  refuses ("# survey\nname|label\nq|Q\n", "survey", 1, "type", "missing");
  refuses ("# survey\ntype|name|a::b::c::d::e\ntext|q|Q\n", "survey", 1, "a::b::c::d::e", "too many colons");
  refuses ("# survey\ntype|name|label\nselect_one l|q|Q\n# choices\nlist_name|label\nl|L\n", "choices", 1, "name", "missing");
  refuses ("# surveys\ntype|name|label\ntext|q|Q\n# settings\nversion\n1\n", "survey", 0, NULL, "'surveys'");
  warns ("# survey\ntype|name|label::English (en)|hint\ntext|q|Q|H\n", "survey", 1, "label", "no column for the language 'default'");
  warns ("# survey\ntype|name|label::english\ntext|q|Q\n", "survey", 1, NULL, "'english' has no code");
  warns ("# survey\ntype|name|label\ntext|q|Q\n# setting\nversion\n1\n", NULL, 0, NULL, "'setting'");
  warns ("# survey\ntype|name|label|\ntext|q|Q|note\n", "survey", 2, NULL, "under no column name");
}

static void
own_name_replaces_an_alias (void)
{
  static const char text[] = "# survey\ntype|name|caption|label\ntext|p|C|L\ntext|q|C|\n";
  g_autoptr (xmlDoc) doc = convert (text);

  assert_string (doc, "//x:input[1]/x:label", "L");
  assert_string (doc, "//x:input[2]/x:label", "C");
  warns (text, "survey", 1, "label", "replaces its values");
  refuses ("# survey\ntype|name|label|caption\ntext|p|L|C\n", "survey", 1, "caption", "means the same");
}

static void
form_id_beats_id_string (void)
{
  static const char first[] = "# survey\ntype|name|label\ntext|q|Q\n# settings\nform_id|id_string\none|two\n";
  g_autoptr (xmlDoc) before = convert (first);
  g_autoptr (xmlDoc) after = convert ("# survey\ntype|name|label\ntext|q|Q\n# settings\nid_string|form_id\ntwo|one\n");

  assert_string (before, "//x:data/@id", "one");
  assert_string (after, "//x:data/@id", "one");
  warns (first, "settings", 1, "id_string", "form_id counts");
}

static void
settings_beat_attributes (void)
{
  g_autoptr (xmlDoc) own = convert ("# survey\ntype|name|label\ntext|q|Q\n# settings\nform_id|attribute::version|attribute::id|attribute::region\nf|7|g|east\n");
  g_autoptr (xmlDoc) both = convert ("# survey\ntype|name|label\ntext|q|Q\n# settings\nattribute::version|version\n7|8\n");

  assert_string (own, "concat(//x:data/@id, ' ', //x:data/@version, ' ', //x:data/@region)", "f 7 east");
  assert_string (both, "//x:data/@version", "8");
}

static void
cells_lose_outer_blanks (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label\nselect_multiple l|q|Q\n# choices\nlist_name|name|label\nl\xc2\xa0|\xc2\xa0one\xc2\xa0|\xc2\xa0"
                                    "A  b\xc2\xa0\n");

  assert_string (doc, "//x:item/x:name", "one");
  assert_string (doc, "//x:item/x:label", "A  b");
}

static void
lone_sheet_is_the_survey (void)
{
  g_autoptr (xmlDoc) doc = convert ("# Tabelle1\ntype|name|label\ntext|q|Q\n");

  assert_count (doc, "//x:input", 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/columns/older-names-of-columns-work", older_names_of_columns_work);
  g_test_add_func ("/form/xlsform/columns/single-colons-divide-when-no-double-do", single_colons_divide_when_no_double_do);
  g_test_add_func ("/form/xlsform/columns/plain-column-belongs-to-the-default-language", plain_column_belongs_to_the_default_language);
  g_test_add_func ("/form/xlsform/columns/missing-texts-are-hyphens", missing_texts_are_hyphens);
  g_test_add_func ("/form/xlsform/columns/sensitive-questions-are-marked", sensitive_questions_are_marked);
  g_test_add_func ("/form/xlsform/columns/blanks-and-quotes-are-cleaned", blanks_and_quotes_are_cleaned);
  g_test_add_func ("/form/xlsform/columns/settings-shape-the-form", settings_shape_the_form);
  g_test_add_func ("/form/xlsform/columns/settings-of-old-converters-do-nothing", settings_of_old_converters_do_nothing);
  g_test_add_func ("/form/xlsform/columns/faults-of-headers-are-told", faults_of_headers_are_told);
  g_test_add_func ("/form/xlsform/columns/own-name-replaces-an-alias", own_name_replaces_an_alias);
  g_test_add_func ("/form/xlsform/columns/form-id-beats-id-string", form_id_beats_id_string);
  g_test_add_func ("/form/xlsform/columns/settings-beat-attributes", settings_beat_attributes);
  g_test_add_func ("/form/xlsform/columns/cells-lose-outer-blanks", cells_lose_outer_blanks);
  g_test_add_func ("/form/xlsform/columns/lone-sheet-is-the-survey", lone_sheet_is_the_survey);
  return g_test_run ();
}
