#include "app/form/sarap-form.h"
#include "tests/form/xlsform-support.h"

static SarapProblems *
check (const char *text)
{
  SarapProblems *problems = sarap_problems_new ("form.xlsx");
  g_autoptr (xmlDoc) doc = convert_with (text, problems);

  tell_problems (problems);
  return problems;
}

#define SCALE "# survey\ntype|name|label::English (en)|label::Kazakh (kk)|label::Russian (ru)\nselect_one s|q|Q|С|В\n# choices\nlist_name|name|label::English (en)|label::Kazakh (kk)|label::Russian (ru)\n"

static void
opposite_scales_are_told (void)
{
  static const char *const bad[] = {
    SCALE "s|1|Very bad|Өте жақсы|Очень плохо\ns|2|Bad|Жақсы|Плохо\ns|3|Good|Жаман|Хорошо\ns|4|Very good|Өте жаман|Очень хорошо\n",
    SCALE "s|1|Strongly agree|Толық келісемін|Полностью не согласен\ns|2|Agree|Келісемін|Не согласен\ns|3|Disagree|Келіспеймін|Согласен\n",
    SCALE "s|1|I trust|Сенемін емес|Доверяю\ns|2|I do not trust|Сенемін|Не доверяю\n",
    SCALE "s|1|1 – low|5 – төмен|1 – x\ns|2|5 – high|1 – жоғары|5 – y\n",
    SCALE "s|1|Never|Әрқашан|Никогда\ns|2|Sometimes|Кейде|Иногда\ns|3|Always|Ешқашан|Всегда\n",
  };
  static const char *const good[] = {
    SCALE "s|1|Very bad|Өте жаман|Очень плохо\ns|2|Bad|Жаман|Плохо\ns|9|Infant school|Балабақша|Детский сад\ns|3|Good|Жақсы|Хорошо\n",
    SCALE "s|1|1 – very good|1 – аса тамаша|1 – отлично\ns|2|5 – very bad|5 – аса қораш|5 – ужасно\n",
    SCALE "s|1|Good roads|Жолдар|Дороги\ns|2|Bad roads|Жақсы көшелер|Хорошие улицы\n",
    SCALE "s|1|Good|Жаман|Хорошо\ns|2|Bad|Жақсы|Хорошо\ns|3|Good|Жаман|Плохо\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (SarapProblems) problems = check (bad[i]);

      g_assert_cmpuint (sarap_problems_get_length (problems), ==, 1);
      assert_place (find_problem (problems, SARAP_PROBLEM_WARNING, "the scale 's' rises"), "choices", 2, "label");
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (SarapProblems) problems = check (good[i]);

      g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
    }
}

static void
missing_texts_are_told_once_a_column (void)
{
  g_autoptr (SarapProblems) problems = check ("# survey\ntype|name|label::English (en)|label::Kazakh (kk)|constraint_message::English (en)|constraint_message::Kazakh (kk)|constraint\n"
                                              "text|a|A|||x|.\ntext|b|B|||y|.\ntext|d|D|Д|||\nselect_one l|e|E|Е|||\n"
                                              "# choices\nlist_name|name|label::English (en)|label::Kazakh (kk)|image::English (en)|image::Kazakh (kk)\nl|x|X|Х|x.png|\n");

  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 3);
  assert_place (find_problem (problems, SARAP_PROBLEM_WARNING, "1 more below"), "survey", 2, "label::Kazakh (kk)");
  assert_place (sarap_problems_peek (problems, 1), "survey", 2, "constraint_message::English (en)");
  assert_place (sarap_problems_peek (problems, 2), "choices", 2, "image::Kazakh (kk)");
}

static void
appearances_are_judged (void)
{
#define HEAD "# survey\ntype|name|label|appearance\n"
  warns (HEAD "decimal|q|Q|bearing\n", "survey", 2, "appearance", "no compass");
  warns (HEAD "date|q|Q|no-calendar persian\n", "survey", 2, "appearance", "'persian' is not served");
  warns (HEAD "text|q|Q|ex:org.example.app(a='1 2', b=${r})\ntext|r|R|\n", "survey", 2, "appearance", "Android");
  warns (HEAD "begin_group|g|G|fieldlist\ntext|q|Q|\nend_group|||\n", "survey", 2, "appearance", "'fieldlist' is not known");
  warns (HEAD "select_one l|q|Q|minimal search('a', 'contains', 'b')\n# choices\nlist_name|name|label\nl|a|A\n", "survey", 2, "appearance", "select_one_from_file");
  warns ("# survey\ntype|name|label|parameters\nimage|q|Q|app=org.example.cam max-pixels=9\n", "survey", 2, "parameters", "Android camera");
}

static void
served_appearances_pass (void)
{
  g_autoptr (SarapProblems) problems = check (HEAD "select_one l|q|Q|columns-3 no-buttons w12\ntext|r|R|multiline\nbegin_group|g|G|field-list table-list\nselect_one l|s|S|\nend_group|||\n# choices\nlist_name|name|label\nl|a|A\n");

  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
}

static void
a_workbook_is_judged_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) workbook = workbook_new (HEAD "text|q|Q|hologram\ndate|r|R|persian\n");
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (SarapForm) form = sarap_form_load (workbook, "form.xlsx", NULL, NULL, NULL, problems, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 2);
}

static void
near_names_of_columns_are_told (void)
{
  g_autoptr (SarapProblems) notes = check ("# survey\ntype|name|label|note|comment|tag2\ntext|q|Q|a|b|c\n# settings\nform_id|responsible\nf|A\n");

  g_assert_cmpuint (sarap_problems_get_length (notes), ==, 0);
  warns ("# survey\ntype|name|label|relevent\ntext|q|Q|1\n", "survey", 1, "relevent", "is 'relevant' meant?");
  warns ("# survey\ntype|name|label|Constrain Message\ntext|q|Q|1\n", "survey", 1, "Constrain Message", "is 'constraint_message' meant?");
  warns ("# survey\ntype|name|label\ntext|q|Q\n# settings\nform_titel\nT\n", "settings", 1, "form_titel", "is 'form_title' meant?");
}

static void
undeclared_prefixes_are_told (void)
{
  static const char declared[] = "# survey\ntype|name|label|bind::esri:fieldType|body::jr:x|save_to\ntext|q|Q|s|y|p\n# settings\nnamespaces|attribute::b:c\nesri=\"http://e\" b='http://b'|1\n# entities\nlist_name|label\nl|x\n";
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (xmlDoc) doc = convert_with (declared, problems);

  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 0);
  assert_string (doc, "//x:bind[1]/@*[namespace-uri() = 'http://e']", "s");
  warns ("# survey\ntype|name|label|bind::esri:fieldType\ntext|q|Q|s\n", "survey", 1, "bind::esri:fieldType", "prefix 'esri' is declared nowhere");
  warns ("# survey\ntype|name|label\ntext|q|Q\n# settings\nattribute::b:c\n1\n", "settings", 1, "attribute::b:c", "prefix 'b'");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/warnings/opposite-scales-are-told", opposite_scales_are_told);
  g_test_add_func ("/form/xlsform/warnings/missing-texts-are-told-once-a-column", missing_texts_are_told_once_a_column);
  g_test_add_func ("/form/xlsform/warnings/appearances-are-judged", appearances_are_judged);
  g_test_add_func ("/form/xlsform/warnings/served-appearances-pass", served_appearances_pass);
  g_test_add_func ("/form/xlsform/warnings/a-workbook-is-judged-once", a_workbook_is_judged_once);
  g_test_add_func ("/form/xlsform/warnings/near-names-of-columns-are-told", near_names_of_columns_are_told);
  g_test_add_func ("/form/xlsform/warnings/undeclared-prefixes-are-told", undeclared_prefixes_are_told);
  return g_test_run ();
}
