#include "app/report/sarap-figures.h"

#include <glib/gstdio.h>
#include <pango/pangocairo.h>

#include "app/report/sarap-report.h"
#include "app/report/sarap-tables.h"
#include "tests/form/form-support.h"

/* Records that the form engine made, in a source that keeps them in memory. */

#define MADE_TYPE_SOURCE (made_source_get_type ())
G_DECLARE_FINAL_TYPE (MadeSource, made_source, MADE, SOURCE, GObject)

struct _MadeSource
{
  GObject parent_instance;

  SarapForm *form;
  GHashTable *media;  /* name → text */
  GPtrArray *records; /* GBytes */
  GPtrArray *states;
};

static gboolean
foreach_made (SarapRecordSource *source, const char *form_id, SarapSourceFunc func, gpointer data, GError **error)
{
  MadeSource *self = MADE_SOURCE (source);

  for (guint i = 0; i < self->records->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:%u", i);
      const SarapSourceRecord record = { id, "", "anna", g_ptr_array_index (self->states, i), 0, g_ptr_array_index (self->records, i) };

      if (!func (&record, data))
        break;
    }
  return TRUE;
}

static SarapForm *
load_made (SarapRecordSource *source, const char *form_id, const char *version, GError **error)
{
  return g_object_ref (MADE_SOURCE (source)->form);
}

static GBytes *
dup_made (SarapRecordSource *source, const char *form_id, const char *version, const char *name, GError **error)
{
  const char *text = g_hash_table_lookup (MADE_SOURCE (source)->media, name);

  return text ? g_bytes_new_static (text, strlen (text)) : NULL;
}

static void
made_source_iface_init (SarapRecordSourceInterface *iface)
{
  iface->foreach = foreach_made;
  iface->load_form = load_made;
  iface->dup_media = dup_made;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MadeSource, made_source, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_RECORD_SOURCE, made_source_iface_init))

static void
made_source_finalize (GObject *object)
{
  MadeSource *self = MADE_SOURCE (object);

  g_object_unref (self->form);
  g_hash_table_unref (self->media);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->states);
  G_OBJECT_CLASS (made_source_parent_class)->finalize (object);
}

static void
made_source_class_init (MadeSourceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = made_source_finalize;
}

static void
made_source_init (MadeSource *self)
{
  self->media = g_hash_table_new (g_str_hash, g_str_equal);
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->states = g_ptr_array_new ();
}

static MadeSource *
new_source (const char *model, const char *body)
{
  MadeSource *source = g_object_new (MADE_TYPE_SOURCE, NULL);

  source->form = load_form (model, body);
  return source;
}

/* @answers: NULL-terminated pairs of ref and value; a ref that ends in "/violation" adds one. */
static void
add_record (MadeSource *source, const char *state, const char *const *answers)
{
  g_autoptr (SarapInterview) interview = begin_form (source->form);
  g_autoptr (GError) error = NULL;
  GBytes *xml;

  for (gsize i = 0; answers[i] != NULL; i += 2)
    if (g_str_has_suffix (answers[i], "/violation"))
      {
        g_autofree char *instance = sarap_interview_add_instance (interview, answers[i], &error);
        g_autofree char *ref = g_strconcat (instance, "/v_type", NULL);

        answer_ok (interview, ref, answers[i + 1]);
      }
    else
      answer_ok (interview, answers[i], answers[i + 1]);
  xml = sarap_interview_finalize (interview, &error);
  g_assert_no_error (error);
  g_ptr_array_add (source->records, xml);
  g_ptr_array_add (source->states, (gpointer) state);
}

static const SarapFigure *
find_figure (GPtrArray *figures, const char *id)
{
  for (guint i = 0; i < figures->len; i++)
    if (g_str_equal (((SarapFigure *) g_ptr_array_index (figures, i))->id, id))
      return g_ptr_array_index (figures, i);
  g_error ("no figure %s", id);
}

/* @key NULL: the total. */
static void
assert_cell (GPtrArray *figures, const char *id, const char *key, guint column, const char *expected)
{
  const SarapFigure *figure = find_figure (figures, id);
  g_autofree char *text = NULL;

  for (guint i = 0; text == NULL && i < figure->rows->len; i++)
    {
      const SarapFigureRow *row = g_ptr_array_index (figure->rows, i);

      if (g_strcmp0 (row->key, key) == 0)
        text = sarap_cell_to_string (&row->cells[column]);
    }
  g_assert_cmpstr (text, ==, expected);
}

#define ITEM(value) "<item><label>Label " value "</label><value>" value "</value></item>"

static const char audit_model[] = "<instance><data id='audit' version='1'><today/><region/><centre/><open/><polite/><violation jr:template=''><v_type/></violation>"
                                  "<meta><instanceID/></meta></data></instance><bind nodeset='/data/today' type='date'/>"
                                  "<bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/>";
static const char audit_body[] = "<input ref='/data/today'><label>Day</label></input>"
                                 "<select1 ref='/data/region'><label>Region</label>" ITEM ("north") ITEM ("south") "</select1>"
                                                                                                                   "<input ref='/data/centre'><label>Centre</label></input>"
                                                                                                                   "<select1 ref='/data/open'><label>Open?</label>" ITEM ("yes") ITEM ("no") ITEM ("na") "</select1>"
                                                                                                                                                                                                         "<select1 ref='/data/polite'><label>Polite?</label>" ITEM ("yes") ITEM ("no") ITEM ("na") "</select1>"
                                                                                                                                                                                                                                                                                                   "<group ref='/data/violation'><label>Violation</label><repeat nodeset='/data/violation'>"
                                                                                                                                                                                                                                                                                                   "<select1 ref='/data/violation/v_type'><label>Kind</label>" ITEM ("V01") ITEM ("V02") "</select1></repeat></group>";

static MadeSource *
new_audit (void)
{
  MadeSource *source = new_source (audit_model, audit_body);

  g_hash_table_insert (source->media, (gpointer) "scoring.csv", (gpointer) "item,section,weight,good,critical\nopen,doors,1,yes,1\npolite,people,1,yes,0\n");
  g_hash_table_insert (source->media, (gpointer) "sections.csv", (gpointer) "section,section_weight,title_en\ndoors,25,Doors\npeople,75,People\n");
  add_record (source, "approved", (const char *const[]){ "/data/today", "2017-02-01", "/data/region", "north", "/data/centre", "c1", "/data/open", "yes", "/data/polite", "no", "/data/violation", "V01", "/data/violation", "V02", NULL });
  add_record (source, "", (const char *const[]){ "/data/today", "2017-02-02", "/data/region", "north", "/data/centre", "c1", "/data/open", "yes", "/data/polite", "na", NULL });
  add_record (source, "", (const char *const[]){ "/data/today", "2017-02-03", "/data/region", "south", "/data/centre", "c2", "/data/open", "no", "/data/polite", "yes", "/data/violation", "V02", NULL });
  add_record (source, "rejected", (const char *const[]){ "/data/today", "2017-02-03", "/data/region", "south", "/data/centre", "c3", "/data/open", "no", "/data/violation", "V01", NULL });
  return source;
}

static GPtrArray *
count_figures (MadeSource *source)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *figures = sarap_figures_new (SARAP_RECORD_SOURCE (source), "any", "en", &error);

  g_assert_no_error (error);
  return figures;
}

static void
test_visits_and_violations (void)
{
  g_autoptr (MadeSource) source = new_audit ();
  g_autoptr (GPtrArray) figures = count_figures (source);

  assert_cell (figures, "summary", "visits", 0, "3");
  assert_cell (figures, "summary", "violations", 0, "3");
  assert_cell (figures, "summary", "per-100-visits", 0, "100,0");
  assert_cell (figures, "summary", "with-violation", 0, "66,7%");
  assert_cell (figures, "summary", "with-critical", 0, "33,3%");
  assert_cell (figures, "summary", "score", 0, "58,0"); /* (25 + 100 + 49) ÷ 3 */
  assert_cell (figures, "violations-by-kind", "V01", 0, "1");
  assert_cell (figures, "violations-by-kind", "V02", 1, "66,7%");
  g_assert_cmpstr (find_figure (figures, "summary")->base, ==, "n = 3 visits; 1 rejected left out");
}

static void
test_regions (void)
{
  g_autoptr (MadeSource) source = new_audit ();
  g_autoptr (GPtrArray) figures = count_figures (source);

  assert_cell (figures, "progress", "north", 0, "2");
  assert_cell (figures, "progress", "north", 1, "1"); /* one centre, twice */
  assert_cell (figures, "progress", "south", 0, "1");
  assert_cell (figures, "progress", NULL, 0, "3");
  assert_cell (figures, "progress", NULL, 1, "2");
  assert_cell (figures, "scores-by-region", "north", 0, "62,5");
  assert_cell (figures, "scores-by-region", "south", 0, "49,0");
  assert_cell (figures, "scores-by-section", "people", 1, "2");
}

static void
test_bad_scoring_is_told (void)
{
  g_autoptr (MadeSource) source = new_audit ();
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (source->media, (gpointer) "scoring.csv", (gpointer) "item,section,weight,good,critical\nopen,doors,-1,yes,1\n");
  g_assert_null (sarap_figures_new (SARAP_RECORD_SOURCE (source), "any", "en", &error));
  g_assert_nonnull (strstr (error->message, "scoring.csv, line 2, column weight"));
}

static const char survey_model[] = "<instance><data id='survey' version='1'><today/><consent/><region/><q_group/><d_faced/><meta><instanceID/></meta></data></instance>"
                                   "<bind nodeset='/data/today' type='date'/><bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/>";
static const char survey_body[] = "<input ref='/data/today'><label>Day</label></input>"
                                  "<select1 ref='/data/consent'><label>Consent</label>" ITEM ("yes") ITEM ("no") "</select1>"
                                                                                                                 "<select1 ref='/data/region'><label>Region</label>" ITEM ("north") "</select1>"
                                                                                                                                                                                    "<select1 ref='/data/q_group'><label>Group</label>" ITEM ("ind") ITEM ("le") "</select1>"
                                                                                                                                                                                                                                                                 "<select1 ref='/data/d_faced'><label>Faced?</label>" ITEM ("yes") ITEM ("no") ITEM ("dk") "</select1>";

static void
add_interviews (MadeSource *source, guint n, const char *day, const char *group, const char *faced, const char *state)
{
  for (guint i = 0; i < n; i++)
    add_record (source, state, (const char *const[]){ "/data/today", day, "/data/consent", "yes", "/data/region", "north", "/data/q_group", group, "/data/d_faced", faced, NULL });
}

/* 2016: individuals 4 of 10; 2017: individuals 1 of 8 and two who do not know, entities 3 of 4. */
static MadeSource *
new_survey (void)
{
  MadeSource *source = new_source (survey_model, survey_body);

  add_interviews (source, 4, "2016-03-01", "ind", "yes", "approved");
  add_interviews (source, 6, "2016-03-01", "ind", "no", "");
  add_interviews (source, 1, "2017-03-01", "ind", "yes", "");
  add_interviews (source, 7, "2017-03-01", "ind", "no", "");
  add_interviews (source, 2, "2017-03-01", "ind", "dk", "");
  add_interviews (source, 3, "2017-04-01", "le", "yes", "");
  add_interviews (source, 1, "2017-04-01", "le", "no", "");
  add_interviews (source, 5, "2017-04-01", "le", "yes", "rejected");
  return source;
}

static void
test_share_who_faced_corruption (void)
{
  g_autoptr (MadeSource) source = new_survey ();
  g_autoptr (GPtrArray) figures = count_figures (source);
  const SarapFigure *figure = find_figure (figures, "T1");

  assert_cell (figures, "T1", "ind", 0, "40,0%");
  assert_cell (figures, "T1", "ind", 1, "12,5%");
  assert_cell (figures, "T1", "ind", 2, "−27,5 pp");
  assert_cell (figures, "T1", "ind", 3, "8");
  assert_cell (figures, "T1", NULL, 1, "33,3%"); /* 4 of 12 */
  g_assert_cmpstr (figure->weighting, ==, "Unweighted.");
  g_assert_cmpstr (figure->question, ==, "Faced?");
  g_assert_cmpstr (g_ptr_array_index (figure->notes, 0), ==, "Hard to say or refused: n = 2, left out.");
}

static void
test_few_are_not_shown (void)
{
  g_autoptr (MadeSource) source = new_survey ();
  g_autoptr (GPtrArray) figures = count_figures (source);

  assert_cell (figures, "T1", "le", 0, "");
  assert_cell (figures, "T1", "le", 1, "‹4›");
  assert_cell (figures, "T1", "le", 2, "");
  add_interviews (source, 1, "2017-04-01", "le", "no", "");
  g_ptr_array_unref (g_steal_pointer (&figures));
  figures = count_figures (source);
  assert_cell (figures, "T1", "le", 1, "60,0%");
}

static void
test_waves_come_from_their_table (void)
{
  g_autoptr (MadeSource) source = new_survey ();
  g_autoptr (GPtrArray) figures = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (source->media, (gpointer) "waves.csv", (gpointer) "name,from,to,label_en\nsecond,2017-01-01,2017-03-31,Spring 2017\nfirst,2016-01-01,2016-12-31,2016\n");
  figures = count_figures (source);
  g_assert_cmpstr (find_figure (figures, "T1")->columns[0], ==, "2016");
  g_assert_cmpstr (find_figure (figures, "T1")->columns[1], ==, "Spring 2017");
  assert_cell (figures, "T1", NULL, 1, "12,5%"); /* April lies in no wave */
  assert_cell (figures, "progress", "north", 0, "24");
  g_hash_table_insert (source->media, (gpointer) "waves.csv", (gpointer) "name,from,to\nfirst,2016-01-01,2016-02-31\n");
  g_assert_null (sarap_figures_new (SARAP_RECORD_SOURCE (source), "any", "en", &error));
  g_assert_nonnull (strstr (error->message, "waves.csv, line 2, column to"));
}

static void
assert_table (MadeSource *source, const char *name, const char *text, const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  gboolean fits = sarap_tables_check (SARAP_RECORD_SOURCE (source), "any", name, bytes, &error);

  if (expected == NULL)
    g_assert_no_error (error);
  else if (fits || strstr (error->message, expected) == NULL)
    g_error ("%s: “%s”, not “%s”", name, error ? error->message : "", expected);
}

static void
test_tables_are_checked_with_their_place (void)
{
  g_autoptr (MadeSource) source = new_audit ();

  assert_table (source, "scoring.csv", "item,section,weight,good,critical\nopen,doors,3,no,0\n", NULL);
  assert_table (source, "scoring.csv", "item,section,weight,good\nopen,doors,3,no\nopen,doors,1,no\n", "scoring.csv, line 3, column item");
  assert_table (source, "scoring.csv", "item,section,weight,good\nclosed,doors,3,no\n", "scoring.csv, line 2, column item");
  assert_table (source, "sections.csv", "section,section_weight\ndoors,50\npeople,50\n", NULL);
  assert_table (source, "sections.csv", "section,section_weight\ndoors,50\npeople,-1\n", "sections.csv, line 3, column section_weight");
  assert_table (source, "sections.csv", "section,section_weight\ndoors,50\n", "scoring.csv, line 3, column section");
  assert_table (source, "violations.csv", "code,label_en\nV01,Queue\n", NULL);
  assert_table (source, "violations.csv", "code,label_en\nV01,Queue\n,Ramp\n", "violations.csv, line 3, column code");
  assert_table (source, "waves.csv", "name,from,to\na,2016-01-01,2016-06-30\nb,2016-07-01,2016-12-31\n", NULL);
  assert_table (source, "waves.csv", "name,from,to\na,2016-01-01,2016-06-30\nb,2016-06-30,2016-12-31\n", "waves.csv, line 3, column to");
  assert_table (source, "waves.csv", "name,from,to\na,2016-02-01,2016-01-30\n", "waves.csv, line 2, column to");
}

static void
test_font_has_all_letters (void)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Noto Sans, Sans 13");

  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, "ә ғ қ ң ө ұ ү һ і ₸ Ә Ғ Қ Ң Ө Ұ Ү Һ І ‹4› −27,5", -1);
  g_assert_cmpint (pango_layout_get_unknown_glyphs_count (layout), ==, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
has_file (const char *folder, const char *name, const char *start)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;

  return g_file_get_contents (path, &contents, NULL, NULL) && g_str_has_prefix (contents, start);
}

static void
test_report_in_three_languages (void)
{
  static const char *const languages[] = { "en", "ru", "kk" };
  g_autoptr (MadeSource) source = new_survey ();
  const char *const forms[] = { "survey", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *folder = g_dir_make_tmp ("sarap-report-XXXXXX", NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *path = sarap_report_write (SARAP_RECORD_SOURCE (source), forms, "Есеп: әғқңөұүһі", languages[i], folder, &error);

      g_assert_no_error (error);
      g_assert_true (g_str_has_suffix (path, "report.pdf"));
      g_assert_true (has_file (folder, "report.pdf", "%PDF-"));
      g_assert_true (has_file (folder, "survey-T1.csv", "key,"));
      g_assert_true (has_file (folder, "survey-T1.png", "\211PNG"));
      g_assert_false (has_file (folder, "report.pdf.part", ""));
      remove_folder (folder);
    }
}

static void
test_failed_report_leaves_nothing (void)
{
  g_autoptr (MadeSource) source = new_survey ();
  const char *const forms[] = { "survey", NULL };
  g_autofree char *folder = g_dir_make_tmp ("sarap-report-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (source->media, (gpointer) "waves.csv", (gpointer) "name,from,to\nfirst,never,2016-02-01\n");
  g_assert_null (sarap_report_write (SARAP_RECORD_SOURCE (source), forms, "Report", "en", folder, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/figures/visits-and-violations-without-rejected-ones", test_visits_and_violations);
  g_test_add_func ("/report/figures/regions-count-centres-once", test_regions);
  g_test_add_func ("/report/figures/bad-scoring-is-told-with-its-place", test_bad_scoring_is_told);
  g_test_add_func ("/report/figures/share-who-faced-leaves-undetermined-out", test_share_who_faced_corruption);
  g_test_add_func ("/report/figures/groups-under-five-are-not-shown", test_few_are_not_shown);
  g_test_add_func ("/report/figures/waves-come-from-their-table", test_waves_come_from_their_table);
  g_test_add_func ("/report/figures/tables-are-checked-with-their-place", test_tables_are_checked_with_their_place);
  g_test_add_func ("/report/figures/the-font-has-all-letters", test_font_has_all_letters);
  g_test_add_func ("/report/figures/report-is-written-in-three-languages", test_report_in_three_languages);
  g_test_add_func ("/report/figures/a-failed-report-leaves-nothing", test_failed_report_leaves_nothing);
  return g_test_run ();
}
