#include <glib.h>
#include <string.h>

#include "app/form/sarap-audit-log.h"
#include "tests/form/form-support.h"

/* The model as the ODK XForms specification describes it: binds on groups and repeats, jr:
 * attributes of repeats, events and actions, preloads, submission, audit, entities. */

static void
test_groups_pass_on_relevance_and_readonly (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><g><h><x>kept</x></h></g><always><z/></always><r><y/></r></data></instance>"
                                                "<bind nodeset='/data/g' relevant=\"/data/a != 'off'\" readonly=\"/data/a = 'lock'\"/><bind nodeset='/data/g/h/x' required='true()'/>"
                                                "<bind nodeset='/data/always' readonly='true()'/><bind nodeset='/data/r' relevant=\"/data/a = 'rows'\"/>",
                                                "<input ref='/data/a'/><group ref='/data/g'><group ref='/data/g/h'><input ref='/data/g/h/x'/></group></group><repeat nodeset='/data/r'><input ref='/data/r/y'/></repeat>");

  g_assert_true (sarap_interview_is_readonly (interview, "/data/always/z"));
  g_assert_false (sarap_interview_is_readonly (interview, "/data/g/h/x"));
  g_assert_false (sarap_interview_is_relevant (interview, "/data/r[1]/y"));
  g_assert_false (sarap_interview_can_add_instance (interview, "/data/r"));
  answer_ok (interview, "/data/a", "lock");
  g_assert_true (sarap_interview_is_readonly (interview, "/data/g/h/x"));
  answer_ok (interview, "/data/a", "off");
  g_assert_false (sarap_interview_is_relevant (interview, "/data/g/h/x"));
  assert_evaluates (interview, "/data/g/h/x", "");
  answer_ok (interview, "/data/a", "rows");
  assert_evaluates (interview, "/data/g/h/x", "kept");
  g_assert_true (sarap_interview_can_add_instance (interview, "/data/r"));
}

static void
test_messages_and_hints_have_outputs (void)
{
  g_autoptr (SarapInterview) interview = begin ("<itext><translation lang='en'><text id='m'><value>At most <output value='/data/max'/></value></text>"
                                                "<text id='q'><value>Age</value><value form='short'>A</value><value form='image'>jr://images/a.png</value><value form='audio'>jr://audio/a.mp3</value>"
                                                "<value form='video'>jr://video/a.mp4</value><value form='big-image'>jr://images/big.png</value></text>"
                                                "<text id='h'><value>Up to <output value='/data/max'/></value><value form='guidance'>Ask twice</value></text></translation></itext>"
                                                "<instance><data id='s'><max>9</max><a/></data></instance><bind nodeset='/data/a' type='int' constraint='. &lt;= /data/max' jr:constraintMsg=\"jr:itext('m')\"/>",
                                                "<input ref='/data/max'/><input ref='/data/a'><label ref=\"jr:itext('q')\"/><hint ref=\"jr:itext('h')\"/></input>");
  static const char *const media[][2] = { { "image", "jr://images/a.png" }, { "audio", "jr://audio/a.mp3" }, { "video", "jr://video/a.mp4" }, { "big-image", "jr://images/big.png" } };
  g_autofree char *message = NULL;
  g_autofree char *hint = sarap_interview_dup_hint (interview, "/data/a");
  g_autofree char *guidance = sarap_interview_dup_guidance (interview, "/data/a");

  answer (interview, "/data/a", "10", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  sarap_interview_validate (interview, "/data/a", &message);
  g_assert_cmpstr (message, ==, "At most 9");
  g_assert_cmpstr (hint, ==, "Up to 9");
  g_assert_cmpstr (guidance, ==, "Ask twice");
  for (guint i = 0; i < G_N_ELEMENTS (media); i++)
    {
      g_autofree char *file = sarap_interview_dup_label_media (interview, "/data/a", media[i][0]);

      g_assert_nonnull (file);
      g_assert_true (g_str_has_suffix (media[i][1], file));
    }
}

static void
test_fixed_repeats_stay_as_the_form_has_them (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><r><x>1</x></r><r><x>2</x></r><t jr:template=''><y>d</y></t></data></instance>",
                                                "<repeat nodeset='/data/r' jr:noAddRemove='true()'><input ref='/data/r/x'/></repeat><repeat nodeset='/data/t' jr:noAddRemove='true()'><input ref='/data/t/y'/></repeat>");

  g_assert_cmpuint (sarap_interview_get_n_instances (interview, "/data/r"), ==, 2);
  g_assert_cmpuint (sarap_interview_get_n_instances (interview, "/data/t"), ==, 1);
  g_assert_false (sarap_interview_can_add_instance (interview, "/data/r"));
  g_assert_null (sarap_interview_add_instance (interview, "/data/r", NULL));
  g_assert_false (sarap_interview_remove_instance (interview, "/data/r[1]", NULL));
  assert_value (interview, "/data/t[1]/y", "d");
}

static SarapInterview *
read_xml (SarapForm *form, const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  g_autoptr (GError) error = NULL;
  SarapInterview *interview = sarap_interview_new_from_xml (form, clock, NULL, bytes, &error);

  g_assert_no_error (error);
  return interview;
}

static void
test_counted_repeats_are_restored_to_the_count (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='s'><n/><r jr:template=''><a/><b/></r></data></instance><bind nodeset='/data/n' type='int'/><bind nodeset='/data/r/b' calculate='position(..)'/>",
                                          "<input ref='/data/n'/><repeat nodeset='/data/r' jr:count='/data/n + 1'><input ref='/data/r/a'/></repeat>");
  g_autoptr (SarapInterview) too_many = read_xml (form, "<?xml version='1.0'?><data id='s'><n>1</n><r><a>x</a></r><r><a>y</a></r><r><a>z</a></r></data>");
  g_autoptr (SarapInterview) too_few = read_xml (form, "<data id='s'><n>2</n><r/></data>");

  g_assert_cmpuint (sarap_interview_get_n_instances (too_many, "/data/r"), ==, 2);
  assert_value (too_many, "/data/r[2]/a", "y");
  answer_ok (too_many, "/data/n", "2");
  assert_value (too_many, "/data/r[3]/a", "z");
  g_assert_cmpuint (sarap_interview_get_n_instances (too_few, "/data/r"), ==, 3);
  assert_value (too_few, "/data/r[1]/b", "1");
  assert_value (too_few, "/data/r[3]/b", "3");
}

static void
test_an_edit_names_the_record_whose_place_it_takes (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='s'><a/><orx:meta><orx:instanceID/><orx:instanceName/></orx:meta></data></instance>", "<input ref='/data/a'/>");
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data id='s'><a>x</a><meta><instanceID>uuid:first</instanceID></meta></data>", 76);
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  g_autoptr (SarapInterview) begun = begin_form (form);
  g_autoptr (SarapInterview) edit = NULL, draft = NULL, again = NULL;
  g_autoptr (GBytes) begun_bytes = sarap_interview_serialize (begun), bytes = NULL;
  g_autoptr (GPtrArray) state = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = NULL, *id = NULL;

  g_assert_null (g_strstr_len (g_bytes_get_data (begun_bytes, NULL), (gssize) g_bytes_get_size (begun_bytes), "deprecatedID"));
  edit = sarap_interview_new_edit (form, clock, NULL, xml, &error);
  g_assert_no_error (error);
  id = g_strdup (sarap_interview_get_instance_id (edit));
  g_assert_true (g_str_has_prefix (id, "uuid:"));
  g_assert_cmpstr (id, !=, "uuid:first");
  assert_value (edit, "/data/a", "x");
  state = sarap_interview_dup_state (edit);
  draft = sarap_interview_restore (form, clock, NULL, state, NULL, &error);
  g_assert_no_error (error);
  bytes = sarap_interview_serialize (draft);
  expected = g_strdup_printf ("<orx:instanceID>%s</orx:instanceID><orx:deprecatedID>uuid:first</orx:deprecatedID><orx:instanceName/>", id);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), expected));
  again = sarap_interview_new_edit (form, clock, NULL, bytes, &error);
  g_assert_no_error (error);
  assert_value (again, "/data/meta/deprecatedID", id);
  g_assert_cmpstr (sarap_interview_get_instance_id (again), !=, id);
}

static void
test_finalizing_forgets_what_the_count_took_away (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><n>2</n><r jr:template=''><a/></r></data></instance><bind nodeset='/data/n' type='int'/>",
                                                "<input ref='/data/n'/><repeat nodeset='/data/r' jr:count='/data/n'><input ref='/data/r/a'/></repeat>");
  g_autoptr (GBytes) xml = NULL;

  answer_ok (interview, "/data/r[2]/a", "gone");
  answer_ok (interview, "/data/n", "1");
  xml = sarap_interview_finalize (interview, NULL);
  g_assert_nonnull (xml);
  answer_ok (interview, "/data/n", "2");
  assert_value (interview, "/data/r[2]/a", "");
}

static void
test_actions_hear_several_events (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><log/><first>old</first><cleared>full</cleared><r><x/><made/></r></data></instance>"
                                                "<setvalue event='odk-instance-first-load' ref='/data/first'>new</setvalue><setvalue event='odk-instance-first-load' ref='/data/cleared'/>",
                                                "<input ref='/data/a'><setvalue event='xforms-value-changed odk-instance-first-load' ref='/data/log' value=\"concat('[', /data/a, ']')\"/></input>"
                                                "<repeat nodeset='/data/r'><setvalue event='odk-instance-first-load odk-new-repeat' ref='/data/r/made' value=\"concat('n', position(..))\"/><input ref='/data/r/x'/></repeat>");
  g_autofree char *ref = NULL;

  assert_value (interview, "/data/first", "new");
  assert_value (interview, "/data/cleared", "");
  assert_value (interview, "/data/log", "[]");
  assert_value (interview, "/data/r[1]/made", "n1");
  answer_ok (interview, "/data/a", "x");
  assert_value (interview, "/data/log", "[x]");
  ref = sarap_interview_add_instance (interview, "/data/r", NULL);
  assert_value (interview, "/data/r[2]/made", "n2");
}

static void
request_cb (SarapInterview *interview, const char *ref, const char *detail, gpointer data)
{
  g_string_append_printf (data, "%s %s;", ref, detail ? detail : "-");
  if (strcmp (ref, "/data/where") == 0)
    answer_ok (interview, ref, "43.2 76.9 700 5");
}

static void
test_requests_wait_for_a_listener (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><where/><there/><sound/></data></instance><bind nodeset='/data/where' type='geopoint' readonly='true()'/><bind nodeset='/data/sound' type='binary'/>"
                                                "<odk:setgeopoint event='odk-instance-first-load' ref='/data/where'/><odk:recordaudio event='odk-instance-first-load' ref='/data/sound' odk:quality='voice-only'/>",
                                                "<input ref='/data/a'><odk:setgeopoint event='xforms-value-changed' ref='/data/there'/></input>");
  g_autoptr (GString) heard = g_string_new (NULL);

  g_signal_connect (interview, "geopoint-requested", G_CALLBACK (request_cb), heard);
  g_signal_connect (interview, "recording-requested", G_CALLBACK (request_cb), heard);
  sarap_interview_send_requests (interview);
  g_assert_cmpstr (heard->str, ==, "/data/where -;/data/sound voice-only;");
  assert_value (interview, "/data/where", "43.2 76.9 700.0 5.0");
  g_string_truncate (heard, 0);
  sarap_interview_send_requests (interview);
  answer_ok (interview, "/data/a", "x");
  g_assert_cmpstr (heard->str, ==, "/data/there -;");
}

#define PRELOAD(name, preload, parameters) "<bind nodeset='/data/" name "' jr:preload='" preload "' jr:preloadParams='" parameters "'/>"

static void
test_preloads (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("small.xml");
  g_autoptr (SarapForm) form = try_form ("<instance><data id='s'><start/><today/><uid/><device/><user/><phone/><mail/><sim/><patient/></data></instance>" PRELOAD ("start", "timestamp", "start") PRELOAD ("today", "date", "today")
                                             PRELOAD ("uid", "uid", "") PRELOAD ("device", "property", "deviceid") PRELOAD ("user", "property", "username") PRELOAD ("phone", "property", "phonenumber")
                                                 PRELOAD ("mail", "property", "uri:email") PRELOAD ("sim", "property", "simserial") PRELOAD ("patient", "patient", "name"),
                                         "", problems, NULL);
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  const SarapInterviewSettings settings = { .device_id = "d-1", .username = "aru", .phone_number = "+7", .email = "a@b.kz", .seed = 1 };
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, clock, &settings, NULL);

  g_assert_true (g_str_has_prefix (sarap_interview_peek_value (interview, "/data/start"), "2026-09-21T19:13:2"));
  g_assert_true (g_str_has_suffix (sarap_interview_peek_value (interview, "/data/start"), "+05:00"));
  assert_value (interview, "/data/today", "2026-09-21");
  g_assert_true (g_str_has_prefix (sarap_interview_peek_value (interview, "/data/uid"), "uuid:"));
  assert_value (interview, "/data/device", "d-1");
  assert_value (interview, "/data/user", "aru");
  assert_value (interview, "/data/phone", "+7");
  assert_value (interview, "/data/mail", "a@b.kz");
  assert_value (interview, "/data/sim", "");
  assert_value (interview, "/data/patient", "");
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 2);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 0)->message, "simserial"));
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 1)->message, "patient"));
}

static void
test_submission_attributes_are_kept (void)
{
  g_autoptr (SarapForm) form = load_form ("<submission action='https://example.org/s' method='post' orx:auto-send='true' orx:auto-delete='false' base64RsaPublicKey='KEY'/><instance><data id='s'><a/></data></instance>", "");

  g_assert_cmpstr (sarap_form_get_submission_parameter (form, "action"), ==, "https://example.org/s");
  g_assert_cmpstr (sarap_form_get_submission_parameter (form, "method"), ==, "post");
  g_assert_cmpstr (sarap_form_get_submission_parameter (form, "auto-send"), ==, "true");
  g_assert_cmpstr (sarap_form_get_submission_parameter (form, "auto-delete"), ==, "false");
  g_assert_cmpstr (sarap_form_get_submission_key (form), ==, "KEY");
  g_assert_null (sarap_form_get_submission_parameter (form, "other"));
}

#define AUDIT(attributes) "<instance><data id='s'><orx:meta><orx:audit/></orx:meta></data></instance><bind nodeset='/data/orx:meta/orx:audit' type='binary' " attributes "/>"

static void
test_audit_parameters (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("small.xml");
  g_autoptr (SarapForm) all = load_form (AUDIT ("odk:location-priority='balanced' odk:location-min-interval='60' odk:location-max-age='120' odk:track-changes='true' odk:track-changes-reasons='on-form-edit' odk:identify-user='true'"), "");
  g_autoptr (SarapForm) half = try_form (AUDIT ("odk:location-priority='best' odk:identify-user='false'"), "", problems, NULL);
  g_autoptr (SarapForm) ageless = load_form (AUDIT ("odk:location-priority='balanced' odk:location-min-interval='60'"), "");
  g_autoptr (SarapInterview) interview = begin_form (all);

  g_assert_cmpint (sarap_form_get_audit_columns (ageless), ==, SARAP_AUDIT_PLAIN);
  g_assert_true (sarap_interview_has_audit (interview));
  g_assert_cmpint (sarap_form_get_audit_columns (all), ==, SARAP_AUDIT_LOCATION | SARAP_AUDIT_CHANGES | SARAP_AUDIT_REASON | SARAP_AUDIT_USER);
  g_assert_cmpstr (sarap_form_get_audit_parameter (all, "location-min-interval"), ==, "60");
  g_assert_cmpint (sarap_form_get_audit_columns (half), ==, SARAP_AUDIT_PLAIN);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 2);
}

static void
test_an_old_place_is_none (void)
{
  g_autoptr (SarapForm) form = load_form (AUDIT ("odk:location-priority='balanced' odk:location-min-interval='60' odk:location-max-age='120' odk:track-changes-reasons='on-form-edit'"), "");
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1000000, "UTC");
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, clock, NULL, NULL);
  g_autoptr (SarapAuditLog) log = sarap_audit_log_new (clock);
  g_autoptr (GBytes) csv = NULL;
  g_auto (GStrv) lines = NULL;

  sarap_audit_log_follow (log, interview);
  sarap_audit_log_set_location (log, 43.25, 76.95, 5);
  sarap_audit_log_event (log, "form start");
  sarap_clock_advance (clock, 121000);
  sarap_audit_log_event (log, "form save");
  sarap_audit_log_reason (log, "mistyped");
  csv = sarap_audit_log_dup_csv (log);
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\n", -1);
  g_assert_cmpstr (lines[0], ==, "event,node,start,end,latitude,longitude,accuracy,change-reason");
  g_assert_true (g_str_has_suffix (lines[1], ",43.25,76.95,5,"));
  g_assert_true (g_str_has_suffix (lines[2], ",,,,"));
  g_assert_true (g_str_has_suffix (lines[3], ",,,,mistyped"));
}

#define ENTITY_BINDS                                                                                                              \
  "<bind nodeset='/data/meta/entity/@id' calculate='/data/pick'/><bind nodeset='/data/meta/entity/@update' calculate='true()'/>"  \
  "<bind nodeset='/data/meta/entity/@baseVersion' calculate=\"instance('halls')/root/item[name = /data/pick]/__version\"/>"       \
  "<bind nodeset='/data/meta/entity/@trunkVersion' calculate=\"instance('halls')/root/item[name = /data/pick]/__trunkVersion\"/>" \
  "<bind nodeset='/data/meta/entity/@branchId' calculate=\"instance('halls')/root/item[name = /data/pick]/__branchId\"/>"         \
  "<bind nodeset='/data/meta/entity/label' calculate='/data/name'/>"

static void
test_entities_are_updated_on_their_branch (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><pick/><name/><meta><instanceID/><entity dataset='halls' id='' update='' baseVersion='' trunkVersion='' branchId=''><label/></entity></meta></data></instance>"
                                                "<instance id='halls'><root><item><name>h1</name><label>Hall 1</label><__version>3</__version><__trunkVersion>2</__trunkVersion><__branchId>b-7</__branchId></item></root></instance>" ENTITY_BINDS,
                                                "<input ref='/data/pick'/><input ref='/data/name'/>");
  g_autoptr (GBytes) xml = NULL;

  answer_ok (interview, "/data/pick", "h1");
  answer_ok (interview, "/data/name", "New hall");
  xml = sarap_interview_serialize (interview);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml),
                                  "<entity dataset=\"halls\" id=\"h1\" update=\"true\" baseVersion=\"3\" trunkVersion=\"2\" branchId=\"b-7\"><label>New hall</label></entity>"));
}

static void
test_ranges_and_ranks_keep_their_parameters (void)
{
  g_autoptr (SarapForm) form = load_form ("<instance><data id='s'><r/><k/></data></instance><bind nodeset='/data/r' type='decimal'/>",
                                          "<range ref='/data/r' start='-2' end='2' step='0.5' odk:tick-interval='1'/><odk:rank ref='/data/k'><item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item></odk:rank>");
  g_autoptr (SarapInterview) interview = begin_form (form);
  const SarapElement *range = sarap_form_find_question (form, "r");

  g_assert_cmpint (sarap_element_get_question_kind (range), ==, SARAP_QUESTION_RANGE);
  g_assert_cmpstr (sarap_element_get_parameter (range, "step"), ==, "0.5");
  g_assert_cmpstr (sarap_element_get_parameter (range, "tick-interval"), ==, "1");
  answer_ok (interview, "/data/r", "-1.5");
  g_assert_cmpint (sarap_element_get_question_kind (sarap_form_find_question (form, "k")), ==, SARAP_QUESTION_RANK);
  answer_ok (interview, "/data/k", "b a");
  assert_value (interview, "/data/k", "b a");
}

static void
test_harmless_words_are_kept_and_warned_about (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("small.xml");
  g_autoptr (SarapForm) form = try_form ("<instance><data id='s' xmlns:f='urn:f'><a f:mark='1'/><b/></data></instance><bind nodeset='/data/a' saveIncomplete='true()'/>",
                                         "<input ref='/data/a' appearance='hologram w2 columns-4' incremental='true'/><input ref='/data/b' appearance='hologram ex:org.app(x=1, y=2)'/>", problems, NULL);

  g_assert_nonnull (form);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 4);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 0)->message, "saveIncomplete"));
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 1)->message, "hologram"));
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 2)->message, "incremental"));
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 3)->message, "Android"));
  g_assert_true (sarap_element_has_appearance (sarap_form_find_question (form, "a"), "hologram"));
  g_assert_cmpstr (sarap_element_get_parameter (sarap_form_find_question (form, "a"), "incremental"), ==, "true");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/model/groups-pass-on-relevance-and-readonly", test_groups_pass_on_relevance_and_readonly);
  g_test_add_func ("/form/model/messages-and-hints-have-outputs", test_messages_and_hints_have_outputs);
  g_test_add_func ("/form/model/fixed-repeats-stay-as-the-form-has-them", test_fixed_repeats_stay_as_the_form_has_them);
  g_test_add_func ("/form/model/counted-repeats-are-restored-to-the-count", test_counted_repeats_are_restored_to_the_count);
  g_test_add_func ("/form/model/an-edit-names-the-record-whose-place-it-takes", test_an_edit_names_the_record_whose_place_it_takes);
  g_test_add_func ("/form/model/finalizing-forgets-what-the-count-took-away", test_finalizing_forgets_what_the_count_took_away);
  g_test_add_func ("/form/model/actions-hear-several-events", test_actions_hear_several_events);
  g_test_add_func ("/form/model/requests-wait-for-a-listener", test_requests_wait_for_a_listener);
  g_test_add_func ("/form/model/preloads", test_preloads);
  g_test_add_func ("/form/model/submission-attributes-are-kept", test_submission_attributes_are_kept);
  g_test_add_func ("/form/model/audit-parameters", test_audit_parameters);
  g_test_add_func ("/form/model/an-old-place-is-none", test_an_old_place_is_none);
  g_test_add_func ("/form/model/entities-are-updated-on-their-branch", test_entities_are_updated_on_their_branch);
  g_test_add_func ("/form/model/ranges-and-ranks-keep-their-parameters", test_ranges_and_ranks_keep_their_parameters);
  g_test_add_func ("/form/model/harmless-words-are-kept-and-warned-about", test_harmless_words_are_kept_and_warned_about);
  return g_test_run ();
}
