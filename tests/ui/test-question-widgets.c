#include "tests/support/sarap-ui-fixture.h"
#include "ui/form/sarap-choice-button.h"
#include "ui/form/sarap-question.h"

/* Every kind of question as people use it: what they do becomes the answer that ODK stores. */

#define FORM "tests/data/forms/question-kinds.xml"

static const char *
peek (SarapUiFixture *fixture, const char *ref)
{
  return sarap_interview_peek_value (fixture->interview, ref);
}

static GtkWidget *
show (SarapUiFixture *fixture, const char *ref)
{
  return GTK_WIDGET (sarap_ui_fixture_show_page (fixture, ref));
}

static void
assert_checked (GtkWidget *page, const char *label, gboolean expected)
{
  GtkWidget *choice = sarap_ui_find_choice (page, label);

  g_assert_nonnull (choice);
  g_assert_true (sarap_choice_button_get_checked (SARAP_CHOICE_BUTTON (choice)) == expected);
  gtk_test_accessible_assert_state (choice, GTK_ACCESSIBLE_STATE_CHECKED, expected ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE);
}

static void
test_one_choice (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "kk");
  GtkWidget *page = show (fixture, "/data/s_one");

  sarap_ui_choose (page, "Иә");
  sarap_ui_choose (page, "Жоқ");
  g_assert_cmpstr (peek (fixture, "/data/s_one"), ==, "no");
  assert_checked (page, "Иә", FALSE);
  assert_checked (page, "Жоқ", TRUE);
  gtk_test_accessible_assert_role (sarap_ui_find_choice (page, "Жоқ"), GTK_ACCESSIBLE_ROLE_RADIO);
}

static void
test_several_choices (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/s_multi");

  sarap_ui_choose (page, "A hint only");
  sarap_ui_choose (page, "Gift");
  sarap_ui_choose (page, "Money");
  sarap_ui_choose (page, "Gift");
  g_assert_cmpstr (peek (fixture, "/data/s_multi"), ==, "money unclear");
  gtk_test_accessible_assert_role (sarap_ui_find_choice (page, "Gift"), GTK_ACCESSIBLE_ROLE_CHECKBOX);
}

static void
test_clear (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapQuestionPage *page = sarap_ui_fixture_show_page (fixture, "/data/s_one");
  g_autoptr (GPtrArray) pages = sarap_pages_new (fixture->interview);
  const SarapPage *shown = g_ptr_array_index (pages, (guint) sarap_pages_find_ref (pages, "/data/s_one"));

  g_assert_null (sarap_ui_find_button (GTK_WIDGET (page), "Clear the answer"));
  sarap_ui_choose (GTK_WIDGET (page), "Yes");
  sarap_question_page_update (page, shown);
  g_signal_emit_by_name (sarap_ui_find_button (GTK_WIDGET (page), "Clear the answer"), "clicked");
  g_assert_cmpstr (peek (fixture, "/data/s_one"), ==, "");
  assert_checked (GTK_WIDGET (page), "Yes", FALSE);
}

static void
test_typing (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "kk");
  GtkWidget *page = show (fixture, "/data/who/t_text");
  GtkWidget *entry = sarap_ui_find (page, GTK_TYPE_ENTRY, 0);

  sarap_ui_type (entry, "Әйгер");
  sarap_ui_type (entry, "ім");
  g_assert_cmpstr (peek (fixture, "/data/who/t_text"), ==, "");
  sarap_ui_spin (250);
  g_assert_cmpstr (peek (fixture, "/data/who/t_text"), ==, "Әйгерім");
  sarap_ui_type (entry, " Ө.");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/who/t_text"), ==, "Әйгерім Ө.");
}

static void
test_focus_leaves (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/who/t_text");

  gtk_widget_grab_focus (sarap_ui_find (page, GTK_TYPE_ENTRY, 0));
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "A");
  gtk_widget_grab_focus (sarap_ui_find (page, GTK_TYPE_TEXT_VIEW, 0));
  g_assert_cmpstr (peek (fixture, "/data/who/t_text"), ==, "A");
}

static void
test_numbers (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "ru");
  GtkWidget *page = show (fixture, "/data/t_dec");

  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "1 250 000,5");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/t_dec"), ==, "1250000.5");
  page = show (fixture, "/data/t_dec");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (sarap_ui_find (page, GTK_TYPE_ENTRY, 0))), ==, "1\u00a0250\u00a0000.5");
}

static void
test_wrong_number (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "kk");
  GtkWidget *page = show (fixture, "/data/t_int");
  GtkWidget *entry = sarap_ui_find (page, GTK_TYPE_ENTRY, 0);

  sarap_ui_type (entry, "900");
  g_assert_false (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
  g_assert_cmpstr (peek (fixture, "/data/t_int"), ==, "900");
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "0-ден 500-ге дейін");
  gtk_editable_set_text (GTK_EDITABLE (entry), "40");
  g_assert_true (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
}

static void
test_counter (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/t_counter");
  GtkWidget *more = sarap_ui_find (page, GTK_TYPE_BUTTON, 1);

  g_signal_emit_by_name (more, "clicked");
  g_signal_emit_by_name (more, "clicked");
  g_assert_cmpstr (peek (fixture, "/data/t_counter"), ==, "2");
  gtk_test_accessible_assert_property (more, GTK_ACCESSIBLE_PROPERTY_LABEL, "Open windows, one more");
}

static void
test_dates (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/t_date");

  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "22.3");
  g_assert_false (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
  g_assert_cmpstr (peek (fixture, "/data/t_date"), ==, "22.3");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), ".2026");
  g_assert_true (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
  g_assert_cmpstr (peek (fixture, "/data/t_date"), ==, "2026-03-22");
  page = show (fixture, "/data/t_month");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "11.2025");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/t_month"), ==, "2025-11-01");
  page = show (fixture, "/data/t_year");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "1987");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/t_year"), ==, "1987-01-01");
}

static void
test_times (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page;

  sarap_clock_set_zone (sarap_context_get_clock (fixture->context), "Asia/Almaty");
  page = show (fixture, "/data/t_time");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "905");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_true (g_str_has_prefix (peek (fixture, "/data/t_time"), "09:05:00.000+0"));
  page = show (fixture, "/data/t_dt");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "01.02.2026");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 1), "14:30");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_true (g_str_has_prefix (peek (fixture, "/data/t_dt"), "2026-02-01T14:30:00.000+0"));
}

static void
test_range (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/r_range");
  GtkWidget *scale = sarap_ui_find (page, GTK_TYPE_SCALE, 0);

  sarap_ui_spin (300);
  g_assert_cmpstr (peek (fixture, "/data/r_range"), ==, "");
  g_assert_true (gtk_widget_has_css_class (scale, "untouched"));
  gtk_range_set_value (GTK_RANGE (scale), 7.2);
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/r_range"), ==, "7");
  g_assert_false (gtk_widget_has_css_class (scale, "untouched"));
  gtk_test_accessible_assert_role (scale, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
test_rating (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/r_rating");

  sarap_ui_choose (page, "4");
  g_assert_cmpstr (peek (fixture, "/data/r_rating"), ==, "4");
}

static void
count_cb (guint *n)
{
  *n += 1;
}

static void
test_faces (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "kk");
  GtkWidget *page = show (fixture, "/data/s_faces");
  guint n = 0;

  g_signal_connect_swapped (page, "answered", G_CALLBACK (count_cb), &n);
  g_assert_true (gtk_widget_has_css_class (sarap_ui_find_choice (page, "Өте жақсы"), "face-5"));
  sarap_ui_choose (page, "Өте жақсы");
  g_assert_cmpstr (peek (fixture, "/data/s_faces"), ==, "5");
  g_assert_cmpuint (n, ==, 1);
  page = show (fixture, "/data/s_one");
  g_signal_connect_swapped (page, "answered", G_CALLBACK (count_cb), &n);
  sarap_ui_choose (page, "Иә");
  g_assert_cmpuint (n, ==, 1);
}

static void
test_picker (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/s_min");

  g_assert_null (sarap_ui_find (page, SARAP_TYPE_CHOICE_BUTTON, 0));
  g_signal_emit_by_name (sarap_ui_find (page, GTK_TYPE_BUTTON, 0), "clicked");
  sarap_ui_spin (100);
  sarap_ui_choose (page, "Service centre No. 3");
  g_assert_cmpstr (peek (fixture, "/data/s_min"), ==, "n003");
  sarap_ui_spin (50);
  g_assert_null (sarap_ui_find (page, SARAP_TYPE_CHOICE_BUTTON, 0));
}

static void
test_search (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "ru");
  GtkWidget *page = show (fixture, "/data/s_auto");
  GtkWidget *search = sarap_ui_find (page, GTK_TYPE_SEARCH_ENTRY, 0);

  gtk_editable_set_text (GTK_EDITABLE (search), "ЦЕНТР 117");
  sarap_ui_spin (400);
  g_assert_null (sarap_ui_find (page, SARAP_TYPE_CHOICE_BUTTON, 1));
  sarap_ui_choose (page, "Центр обслуживания № 117");
  g_assert_cmpstr (peek (fixture, "/data/s_auto"), ==, "n117");
}

static void
test_rank (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/s_rank");

  g_assert_cmpstr (peek (fixture, "/data/s_rank"), ==, "");
  g_signal_emit_by_name (sarap_ui_find (page, GTK_TYPE_BUTTON, 1), "clicked");
  g_assert_cmpstr (peek (fixture, "/data/s_rank"), ==, "gift money favour unclear");
}

static void
test_trigger (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/t_trigger");

  g_assert_false (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
  sarap_ui_choose (page, "I confirm");
  g_assert_cmpstr (peek (fixture, "/data/t_trigger"), ==, "OK");
  g_assert_true (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
}

static void
test_place (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/g_point");

  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 0), "51,1605");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 1), "71.4704");
  sarap_ui_type (sarap_ui_find (page, GTK_TYPE_ENTRY, 2), "12");
  sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  g_assert_cmpstr (peek (fixture, "/data/g_point"), ==, "51.1605 71.4704 0.0 12.0");
  g_assert_true (sarap_question_page_check (SARAP_QUESTION_PAGE (page)));
}

/* Speaks gpsd's protocol: a fix that gets better. */
static gboolean
gpsd_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  static const char *const lines[] = {
    "{\"class\":\"VERSION\",\"release\":\"3.22\",\"rev\":\"3.22\",\"proto_major\":3,\"proto_minor\":14}\r\n",
    "{\"class\":\"TPV\",\"device\":\"/dev/gps0\",\"mode\":1}\r\n",
    "{\"class\":\"TPV\",\"device\":\"/dev/gps0\",\"mode\":3,\"lat\":51.1,\"lon\":71.4,\"altHAE\":347.5,\"eph\":48.0}\r\n",
    "{\"class\":\"TPV\",\"device\":\"/dev/gps0\",\"mode\":3,\"lat\":51.1605227,\"lon\":71.4703558,\"altHAE\":347.5,\"eph\":12.0}\r\n",
  };
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_output_stream_write_all (out, lines[i], strlen (lines[i]), NULL, NULL, NULL);
      g_usleep (100 * 1000);
    }
  g_usleep (1000 * 1000);
  return TRUE;
}

static void
test_receiver (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (1);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  GtkWidget *page = show (fixture, "/data/g_point");

  g_signal_connect (service, "run", G_CALLBACK (gpsd_cb), NULL);
  g_setenv ("SARAP_GPSD", address, TRUE);
  g_signal_emit_by_name (sarap_ui_find_button (page, "Find the position"), "clicked");
  for (guint i = 0; i < 60 && peek (fixture, "/data/g_point")[0] == '\0'; i++)
    sarap_ui_spin (100);
  g_assert_cmpstr (peek (fixture, "/data/g_point"), ==, "51.1605227 71.4703558 347.5 12.0");
  g_assert_nonnull (sarap_ui_find_button (page, "Find the position"));
}

static void
test_no_receiver (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/g_point");
  GtkWidget *take = sarap_ui_find_button (page, "Find the position");

  g_setenv ("SARAP_GPSD", "127.0.0.1:1", TRUE);
  g_signal_emit_by_name (take, "clicked");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (take)), ==, "Stop searching");
  for (guint i = 0; i < 60 && g_str_equal (gtk_button_get_label (GTK_BUTTON (take)), "Stop searching"); i++)
    sarap_ui_spin (50);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (take)), ==, "Find the position");
  g_unsetenv ("SARAP_GPSD");
}

static void
test_photo (void)
{
  g_autoptr (SarapUiFixture) fixture = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkWidget *page;
  GtkWidget *shoot = NULL;

  g_setenv ("SARAP_CAMERA_PIPELINE", "videotestsrc is-live=true ! video/x-raw,width=1600,height=1200", TRUE);
  fixture = sarap_ui_fixture_new (FORM, "en");
  page = show (fixture, "/data/m_image");
  g_signal_emit_by_name (sarap_ui_find_button (page, "Take a photo"), "clicked");
  for (guint i = 0; i < 100 && peek (fixture, "/data/m_image")[0] == '\0'; i++)
    {
      sarap_ui_spin (100);
      shoot = sarap_ui_find_button (page, "Take the photo");
      if (shoot != NULL)
        g_signal_emit_by_name (shoot, "clicked");
    }
  g_unsetenv ("SARAP_CAMERA_PIPELINE");
  g_assert_true (g_str_has_suffix (peek (fixture, "/data/m_image"), ".jpg"));
  bytes = sarap_recorder_dup_attachment (fixture->recorder, "/data/m_image", NULL);
  texture = gdk_texture_new_from_bytes (bytes, NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 1024);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 768);
  g_signal_emit_by_name (sarap_ui_find_button (page, "Remove"), "clicked");
  g_assert_cmpstr (peek (fixture, "/data/m_image"), ==, "");
}

static void
test_readonly (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/t_ro");

  g_assert_null (sarap_ui_find (page, GTK_TYPE_ENTRY, 0));
  g_assert_false (gtk_widget_grab_focus (page));
}

static void
test_language (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  SarapQuestionPage *page = sarap_ui_fixture_show_page (fixture, "/data/s_one");
  g_autoptr (GPtrArray) pages = sarap_pages_new (fixture->interview);
  GtkWidget *before = sarap_ui_find_choice (GTK_WIDGET (page), "No");

  sarap_ui_choose (GTK_WIDGET (page), "No");
  sarap_interview_set_language (fixture->interview, "kk");
  sarap_question_page_update (page, g_ptr_array_index (pages, (guint) sarap_pages_find_ref (pages, "/data/s_one")));
  g_assert_true (sarap_ui_find_choice (GTK_WIDGET (page), "Жоқ") == before);
  assert_checked (GTK_WIDGET (page), "Жоқ", TRUE);
  g_assert_cmpstr (peek (fixture, "/data/s_one"), ==, "no");
}

static void
check_named (GtkWidget *widget, const char *ref)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gboolean is_labelled = GTK_IS_BUTTON (child) && gtk_button_get_label (GTK_BUTTON (child)) != NULL && gtk_button_get_label (GTK_BUTTON (child))[0] != '\0';
      GtkWidget *named = GTK_IS_TEXT (child) && GTK_IS_EDITABLE (gtk_widget_get_parent (child)) ? gtk_widget_get_parent (child) : child;

      if (gtk_widget_get_mapped (child) && gtk_widget_get_focusable (child) && !is_labelled && !gtk_test_accessible_has_property (GTK_ACCESSIBLE (named), GTK_ACCESSIBLE_PROPERTY_LABEL))
        g_error ("%s: a %s that takes the focus has no name", ref, G_OBJECT_TYPE_NAME (child));
      check_named (child, ref);
    }
}

static void
test_names (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "kk");
  g_autoptr (GPtrArray) pages = sarap_pages_new (fixture->interview);

  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);

      if (page->kind != SARAP_PAGE_QUESTIONS)
        continue;
      check_named (show (fixture, page->refs[0]), page->refs[0]);
    }
}

static void
test_required_name (void)
{
  g_autoptr (SarapUiFixture) fixture = sarap_ui_fixture_new (FORM, "en");
  GtkWidget *page = show (fixture, "/data/who/t_text");
  GtkWidget *entry = sarap_ui_find (page, GTK_TYPE_ENTRY, 0);

  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL, "Your name, required");
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_REQUIRED, TRUE);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/question/one-choice-at-a-time", test_one_choice);
  g_test_add_func ("/ui/question/several-choices-in-the-order-of-the-list", test_several_choices);
  g_test_add_func ("/ui/question/an-answer-can-be-cleared", test_clear);
  g_test_add_func ("/ui/question/typing-is-stored-after-a-pause-and-on-flush", test_typing);
  g_test_add_func ("/ui/question/typing-is-stored-when-the-focus-leaves", test_focus_leaves);
  g_test_add_func ("/ui/question/decimal-comma-and-grouped-thousands", test_numbers);
  g_test_add_func ("/ui/question/a-wrong-number-is-kept-and-described", test_wrong_number);
  g_test_add_func ("/ui/question/counter-counts", test_counter);
  g_test_add_func ("/ui/question/dates-months-years-as-typed", test_dates);
  g_test_add_func ("/ui/question/times-carry-their-zone", test_times);
  g_test_add_func ("/ui/question/a-range-has-no-value-until-touched", test_range);
  g_test_add_func ("/ui/question/stars", test_rating);
  g_test_add_func ("/ui/question/faces-go-on-by-themselves", test_faces);
  g_test_add_func ("/ui/question/minimal-opens-a-sheet", test_picker);
  g_test_add_func ("/ui/question/long-lists-are-searched-by-words", test_search);
  g_test_add_func ("/ui/question/rank-moves-with-buttons", test_rank);
  g_test_add_func ("/ui/question/a-trigger-is-ticked", test_trigger);
  g_test_add_func ("/ui/question/a-place-can-be-typed", test_place);
  g_test_add_func ("/ui/question/a-place-comes-from-the-receiver", test_receiver);
  g_test_add_func ("/ui/question/no-receiver-is-said", test_no_receiver);
  g_test_add_func ("/ui/question/a-photo-is-scaled-and-can-be-removed", test_photo);
  g_test_add_func ("/ui/question/readonly-is-plain-text", test_readonly);
  g_test_add_func ("/ui/question/another-language-keeps-the-answer", test_language);
  g_test_add_func ("/ui/question/everything-that-takes-the-focus-is-named", test_names);
  g_test_add_func ("/ui/question/required-is-said", test_required_name);
  return g_test_run ();
}
