#include "tests/form/xlsform-support.h"

static void
takes (const char *type, const char *parameters, const char *expression, const char *expected)
{
  g_autofree char *text = g_strdup_printf ("# survey\ntype|name|label|parameters\n%s|q|Q|%s\n# choices\nlist_name|name|label\nticks|1|None\nticks|5|All\n", type, parameters);
  g_autoptr (xmlDoc) doc = convert (text);

  assert_string (doc, expression, expected);
}

static void
rejects (const char *type, const char *parameters, const char *words)
{
  g_autofree char *text = g_strdup_printf ("# survey\ntype|name|label|parameters\n%s|q|Q|%s\n# choices\nlist_name|name|label\nticks|1|None\nticks|5|All\nl|a|A\nwords|some|Some\n", type, parameters);

  refuses (text, "survey", 2, "parameters", words);
}

static void
values_reach_bind_or_control (void)
{
  takes ("text", "rows=5", "//x:input/@rows", "5");
  takes ("image", "max-pixels=1024", "//x:bind[1]/@orx:max-pixels", "1024");
  takes ("image", "app=org.example.Cam max-pixels=9", "//x:upload/@intent", "org.example.Cam");
  takes ("audio", "quality=voice-only", "//x:bind[1]/@odk:quality", "voice-only");
  takes ("geopoint", "capture-accuracy=2.5, warning-accuracy=10", "concat(//x:input/@accuracyThreshold, ' ', //x:input/@unacceptableAccuracyThreshold)", "2.5 10");
  takes ("geopoint", "Allow-Mock-Accuracy=TRUE", "//x:bind[1]/@odk:allow-mock-accuracy", "true");
  takes ("geotrace", "incremental=yes", "//x:input/@incremental", "true");
  takes ("geoshape", "reference-geometry=ticks", "//x:input/x:itemset/@nodeset", "instance('ticks')/root/item");
}

static void
blanks_and_delimiters_are_free (void)
{
  takes ("text", " ,rows = 3;", "//x:input/@rows", "3");
  takes ("range", "start=0 , end = 4;step=2", "concat(//x:range/@start, ' ', //x:range/@end, ' ', //x:range/@step)", "0 4 2");
  takes ("select_one_from_file l.csv", "value = Code , label= Title", "concat(//x:itemset/x:value/@ref, ' ', //x:itemset/x:label/@ref)", "Code Title");
  takes ("select_one_from_file l.csv", "value=код label=o:label", "concat(//x:itemset/x:value/@ref, ' ', //x:itemset/x:label/@ref)", "код o:label");
}

static void
range_is_whole_or_decimal (void)
{
  takes ("range", "", "concat(//x:range/@start, ' ', //x:range/@end, ' ', //x:range/@step, ' ', //x:bind[1]/@type)", "1 10 1 int");
  takes ("range", "start=0;end=1;step=0.25", "concat(//x:range/@start, ' ', //x:range/@end, ' ', //x:range/@step, ' ', //x:bind[1]/@type)", "0 1 0.25 decimal");
  takes ("range", "start=1 end=5 tick_interval=2 placeholder=3 tick_labelset=ticks", "concat(//x:range/@odk:tick-interval, ' ', //x:range/@odk:placeholder, ' ', //x:range/x:itemset/@nodeset)", "2 3 instance('ticks')/root/item");
  rejects ("range", "start=a", "start must be a number");
  rejects ("range", "step=0", "step must not be 0");
  rejects ("range", "start=1 end=5 step=6", "larger than the whole range");
  rejects ("range", "tick_interval=3 step=2", "multiple of step");
  rejects ("range", "placeholder=11", "between start and end");
  rejects ("range", "placeholder=1.5", "plus a multiple of step");
  rejects ("range", "tick_labelset=nowhere", "not in the sheet choices");
  rejects ("range", "end=4 tick_labelset=ticks", "'5' of tick_labelset lies outside");
  rejects ("range", "tick_labelset=words", "must be numbers");
}

static void
audit_parameters_go_together (void)
{
  g_autoptr (xmlDoc) doc = convert ("# survey\ntype|name|label|parameters\naudit|||location-priority=balanced location-min-interval=60 location-max-age=120 identify-user=true\ntext|q|Q|\n");

  assert_string (doc, "concat(//x:bind[@nodeset='/data/meta/audit']/@odk:location-priority, ' ', //x:bind/@odk:location-max-age, ' ', //x:bind/@odk:identify-user)", "balanced 120 true");
}

static void
audit_faults (void)
{
  static const struct
  {
    const char *parameters;
    const char *words;
  } cases[] = {
    { "location-priority=balanced", "go together" },
    { "location-priority=high location-min-interval=1 location-max-age=2", "must be one of" },
    { "location-priority=balanced location-min-interval=9 location-max-age=2", "not be less" },
    { "location-priority=balanced location-min-interval=-1 location-max-age=2", "0 or more" },
    { "track-changes=maybe", "must be one of" },
    { "track-changes-reasons=always", "must be one of" },
    { "speed=1", "no parameter 'speed'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("# survey\ntype|name|label|parameters\naudit|||%s\ntext|q|Q|\n", cases[i].parameters);

      refuses (text, "survey", 2, "parameters", cases[i].words);
    }
}

static void
foreign_parameters_are_errors (void)
{
  rejects ("text", "quality=low", "no parameter 'quality'; it has: rows");
  rejects ("text", "rows=many", "rows must be a whole number");
  rejects ("text", "rows", "near 'rows'");
  rejects ("text", "rows=", "near 'rows'");
  rejects ("text", "rows=1=2", "near '='");
  rejects ("text", "=2", "near '='");
  rejects ("range", "start=0x1", "start must be a number");
  rejects ("image", "max-pixels=big", "max-pixels must be a whole number");
  rejects ("image", "app=camera", "name of a package");
  rejects ("audio", "quality=best", "must be one of");
  rejects ("background-audio", "quality=external", "must be one of");
  rejects ("geopoint", "incremental=true", "no parameter 'incremental'");
  rejects ("geopoint", "capture-accuracy=near", "must be a number");
  rejects ("geotrace", "incremental=no", "can only be true");
  rejects ("geoshape", "reference-geometry=nothing", "must name a list");
  rejects ("select_one l", "randomize=maybe", "must be one of");
  rejects ("select_one l", "seed=1", "needs randomize");
  rejects ("select_one l", "randomize=true seed=int(5)", "one ${question}");
  rejects ("select_one l", "value=a", "no parameter 'value'");
  rejects ("select_one_from_file l.csv", "value=a*", "name of a column");
  warns ("# survey\ntype|name|label|parameters\ninteger|q|Q|rows=2\n", "survey", 2, "parameters", "has no parameters");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/parameters/values-reach-bind-or-control", values_reach_bind_or_control);
  g_test_add_func ("/form/xlsform/parameters/blanks-and-delimiters-are-free", blanks_and_delimiters_are_free);
  g_test_add_func ("/form/xlsform/parameters/range-is-whole-or-decimal", range_is_whole_or_decimal);
  g_test_add_func ("/form/xlsform/parameters/audit-parameters-go-together", audit_parameters_go_together);
  g_test_add_func ("/form/xlsform/parameters/audit-faults", audit_faults);
  g_test_add_func ("/form/xlsform/parameters/foreign-parameters-are-errors", foreign_parameters_are_errors);
  return g_test_run ();
}
