#include <string.h>

#include "app/store/sarap-store-forms.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/wire/sarap-form-list.h"
#include "tests/sync/sync-support.h"

#define CENTRES "centre,label\n1,One\n"
#define MORE_CENTRES "centre,label\n1,One\n2,Two\n"

static char *
md5_of (GBytes *bytes)
{
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);

  return g_strconcat ("md5:", md5, NULL);
}

/* Addresses in the list carry another name of the server, as they do in the field. */
static SarapListedForm *
add_listed (GPtrArray *forms, const char *id, const char *version, GBytes *xml)
{
  SarapListedForm *form = g_new0 (SarapListedForm, 1);

  form->id = g_strdup (id);
  form->name = g_strdup_printf ("Form %s", id);
  form->version = g_strdup (version);
  form->hash = md5_of (xml);
  form->download_url = g_strdup_printf ("https://configured.invalid/base/forms/%s.xml", id);
  form->manifest_url = g_strdup_printf ("https://configured.invalid/base/forms/%s/manifest", id);
  g_ptr_array_add (forms, form);
  return form;
}

static void
publish_list (Device *device, GPtrArray *forms)
{
  g_autoptr (GBytes) bytes = sarap_form_list_serialize (forms);

  sarap_fault_server_put (device->server, "/base/formList", "text/xml", bytes);
}

static void
publish_media (Device *device, const char *id, const char *name, const char *text, const char *hash, gboolean is_entity_list)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_media_free);
  g_autofree char *page = g_strdup_printf ("/base/forms/%s/manifest", id);
  g_autofree char *path = g_strdup_printf ("/base/forms/%s/%s", id, name);
  g_autoptr (GBytes) content = text ? support_bytes (text) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  SarapListedMedia *media = g_new0 (SarapListedMedia, 1);

  media->name = g_strdup (name);
  media->hash = hash ? g_strdup (hash) : md5_of (content);
  media->download_url = g_strdup (path);
  media->is_entity_list = is_entity_list;
  g_ptr_array_add (list, media);
  bytes = sarap_manifest_serialize (list);
  sarap_fault_server_put (device->server, page, "text/xml", bytes);
  sarap_fault_server_put (device->server, path, "text/csv", content);
}

/* The one form "visit" with centres.csv. */
static void
publish_visit (Device *device, const char *version, const char *centres)
{
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autofree char *text = support_form ("visit", version, TRUE);
  g_autoptr (GBytes) xml = support_bytes (text);

  add_listed (forms, "visit", version, xml);
  publish_list (device, forms);
  sarap_fault_server_put (device->server, "/base/forms/visit.xml", "text/xml", xml);
  publish_media (device, "visit", "centres.csv", centres, NULL, FALSE);
}

static guint
sync_forms (Device *device, GError **error)
{
  SarapSyncResult result;

  sarap_fault_server_set_fault (device->server, NULL, NULL);
  device_sync (device, &result, error);
  return result.n_forms_updated;
}

static void
assert_updated (Device *device, guint n)
{
  g_autoptr (GError) error = NULL;
  guint updated = sync_forms (device, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (updated, ==, n);
}

static void
assert_fails (Device *device, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (sync_forms (device, &error), ==, 0);
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_current (Device *device, const char *version, gboolean is_hidden)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (device->store, TRUE, NULL);
  const SarapFormEntry *entry;

  g_assert_cmpuint (forms->len, ==, 1);
  entry = g_ptr_array_index (forms, 0);
  g_assert_cmpstr (entry->version, ==, version);
  g_assert_cmpint (entry->is_hidden, ==, is_hidden);
}

static void
assert_centres (Device *device, const char *version, const char *text)
{
  g_autoptr (GBytes) bytes = sarap_store_dup_form_media (device->store, "visit", version, "centres.csv", NULL);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
test_form_comes_with_its_media (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = NULL;

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  assert_current (device, "1", FALSE);
  assert_centres (device, "1", CENTRES);
  forms = sarap_store_list_forms (device->store, TRUE, NULL);
  g_assert_null (strstr (((SarapFormEntry *) g_ptr_array_index (forms, 0))->origin, "/key/"));

  assert_updated (device, 0);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/forms/visit/manifest"), ==, 1);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/forms/visit.xml"), ==, 0);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/forms/visit/centres.csv"), ==, 0);
}

static void
test_version_is_current_only_when_whole (void)
{
  g_autoptr (Device) device = device_new ();

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  publish_visit (device, "2", MORE_CENTRES);
  sarap_fault_server_put (device->server, "/base/forms/visit/centres.csv", NULL, NULL);
  assert_fails (device, "no such page");
  assert_current (device, "1", FALSE);
  assert_centres (device, "1", CENTRES);
  publish_visit (device, "2", MORE_CENTRES);
  assert_updated (device, 1);
  assert_current (device, "2", FALSE);
  assert_centres (device, "1", CENTRES);
  assert_centres (device, "2", MORE_CENTRES);
}

static void
test_server_may_go_back_to_a_version (void)
{
  g_autoptr (Device) device = device_new ();

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  publish_visit (device, "2", CENTRES);
  assert_updated (device, 1);
  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  assert_current (device, "1", FALSE);
  assert_updated (device, 0);
}

static void
test_unchanged_media_is_not_fetched_again (void)
{
  g_autoptr (Device) device = device_new ();

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  publish_visit (device, "2", CENTRES);
  assert_updated (device, 1);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/forms/visit/centres.csv"), ==, 0);
  assert_centres (device, "2", CENTRES);
}

static void
test_media_follows_without_the_form (void)
{
  g_autoptr (Device) device = device_new ();

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  publish_visit (device, "1", MORE_CENTRES);
  assert_updated (device, 1);
  assert_centres (device, "1", MORE_CENTRES);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "GET", "/base/forms/visit.xml"), ==, 0);
}

/* Their hash marks a state and is not that of the content. */
static void
test_entity_list_is_fetched_when_its_mark_changes (void)
{
  g_autoptr (Device) device = device_new ();

  publish_visit (device, "1", CENTRES);
  publish_media (device, "visit", "centres.csv", CENTRES, "md5:state-1", TRUE);
  assert_updated (device, 1);
  assert_updated (device, 0);
  publish_media (device, "visit", "centres.csv", MORE_CENTRES, "md5:state-2", TRUE);
  assert_updated (device, 1);
  assert_centres (device, "1", MORE_CENTRES);
}

#define HALLS "name,label,__version,seats\nh1,North,3,10\n"
#define HALL "instance('halls')/root/item[name = /data/hall]/"

/* Chooses a hall, or makes one with the name that is typed, and says how many seats it has. */
static const char hall_form[] = "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa' xmlns:entities='http://www.opendatakit.org/xforms/entities'>"
                                "<h:head><h:title>Halls</h:title><model entities:entities-version='2024.1.0'><instance><data id='halls' version='1'><hall/><seats/><meta><instanceID/>"
                                "<entity dataset='halls' id='' create='' update='' baseVersion='' trunkVersion='' branchId=''><label/></entity></meta></data></instance><instance id='halls' src='jr://file-csv/halls.csv'/>"
                                "<bind nodeset='/data/seats' type='int' entities:saveto='seats'/><bind nodeset='/data/meta/instanceID' jr:preload='uid'/><bind nodeset='/data/meta/entity/@id' calculate='/data/hall'/>"
                                "<bind nodeset='/data/meta/entity/@create' calculate=\"if(count(instance('halls')/root/item[name = /data/hall]) = 0, '1', '')\"/><bind nodeset='/data/meta/entity/@update' calculate=\"if(/data/meta/entity/@create = '', '1', '')\"/>"
                                "<bind nodeset='/data/meta/entity/@baseVersion' calculate=\"" HALL "__version\"/><bind nodeset='/data/meta/entity/@trunkVersion' calculate=\"" HALL "__trunkVersion\"/>"
                                "<bind nodeset='/data/meta/entity/@branchId' calculate=\"" HALL "__branchId\"/><bind nodeset='/data/meta/entity/label' calculate='/data/hall'/></model></h:head>"
                                "<h:body><input ref='/data/hall'/><input ref='/data/seats'/></h:body></h:html>";

static SarapRecorder *
open_halls (Device *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (device->store, "halls", NULL, &error);
  g_autoptr (SarapInterview) interview = NULL;
  SarapRecorder *recorder;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, sarap_store_get_clock (device->store), NULL, &error);
  g_assert_no_error (error);
  recorder = sarap_recorder_new (device->store, interview, "volunteer", &error);
  g_assert_no_error (error);
  return recorder;
}

static char *
fill_hall (Device *device, const char *hall, const char *seats)
{
  g_autoptr (SarapRecorder) recorder = open_halls (device);
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autoptr (GError) error = NULL;

  sarap_interview_answer (interview, "/data/hall", hall, NULL);
  sarap_interview_answer (interview, "/data/seats", seats, NULL);
  g_assert_true (sarap_recorder_finalize (recorder, &error));
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (interview));
}

static void
assert_hall (Device *device, const char *hall, const char *expected)
{
  g_autoptr (SarapRecorder) recorder = open_halls (device);
  g_autofree char *expression = g_strdup_printf ("concat(instance('halls')/root/item[name = '%s']/seats, ' at ', instance('halls')/root/item[name = '%s']/__version)", hall, hall);
  g_autofree char *value = sarap_interview_evaluate (sarap_recorder_get_interview (recorder), expression, NULL, NULL);

  g_assert_cmpstr (value, ==, expected);
}

static void
assert_entity_sent (Device *device, const char *id, const char *expected)
{
  g_autoptr (GHashTable) instances = sarap_fault_server_list_instances (device->server);
  const SarapFaultInstance *instance = g_hash_table_lookup (instances, id);
  g_autofree char *xml = NULL;

  g_assert_nonnull (instance);
  xml = g_strndup (g_bytes_get_data (instance->xml, NULL), g_bytes_get_size (instance->xml));
  g_assert_nonnull (strstr (xml, expected));
}

/* The list comes down, a hall is made and another changed without a network, both go up, and the list that has taken
 * them in comes down in their place, with what others did meanwhile. */
static void
test_entities_go_round (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autoptr (GBytes) xml = support_bytes (hall_form);
  g_autofree char *made = NULL;
  g_autofree char *changed = NULL;

  add_listed (forms, "halls", "1", xml);
  publish_list (device, forms);
  sarap_fault_server_put (device->server, "/base/forms/halls.xml", "text/xml", xml);
  publish_media (device, "halls", "halls.csv", HALLS, "md5:state-1", TRUE);
  assert_updated (device, 1);
  assert_hall (device, "h1", "10 at 3");
  made = fill_hall (device, "h2", "20");
  changed = fill_hall (device, "h1", "11");
  assert_hall (device, "h2", "20 at 1");
  assert_hall (device, "h1", "11 at 4");
  assert_updated (device, 0);
  assert_entity_sent (device, made, "<entity dataset=\"halls\" id=\"h2\" create=\"1\" update=\"\" baseVersion=\"\" trunkVersion=\"\" branchId=\"\"><label>h2</label></entity>");
  assert_entity_sent (device, changed, "<entity dataset=\"halls\" id=\"h1\" create=\"\" update=\"1\" baseVersion=\"3\" trunkVersion=\"3\" branchId=\"");
  assert_hall (device, "h1", "11 at 4");
  publish_media (device, "halls", "halls.csv", "name,label,__version,seats\nh1,North,5,12\nh2,h2,1,20\n", "md5:state-2", TRUE);
  assert_updated (device, 1);
  assert_hall (device, "h1", "12 at 5");
  assert_hall (device, "h2", "20 at 1");
  publish_media (device, "halls", "halls.csv", "name,label,__version,seats\nh1,North,5,12\n", "md5:state-3", TRUE);
  assert_updated (device, 1);
  assert_hall (device, "h2", " at ");
}

static void
test_empty_list_hides_nothing (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GBytes) empty = support_bytes ("<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"/>");

  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  sarap_fault_server_put (device->server, "/base/formList", "text/xml", empty);
  assert_updated (device, 0);
  assert_current (device, "1", FALSE);
}

static void
test_vanished_form_is_hidden_until_it_returns (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autofree char *text = support_form ("other", "1", FALSE);
  g_autoptr (GBytes) xml = support_bytes (text);
  g_autoptr (GPtrArray) known = NULL;
  SarapListedForm *other = add_listed (forms, "other", "1", xml);

  g_clear_pointer (&other->manifest_url, g_free);
  sarap_fault_server_put (device->server, "/base/forms/other.xml", "text/xml", xml);
  publish_visit (device, "1", CENTRES);
  assert_updated (device, 1);
  publish_list (device, forms);
  assert_updated (device, 1);
  known = sarap_store_list_forms (device->store, TRUE, NULL);
  g_assert_cmpuint (known->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (known, i);

      g_assert_cmpint (entry->is_hidden, ==, g_str_equal (entry->id, "visit"));
    }
  publish_visit (device, "1", CENTRES);
  assert_updated (device, 0);
  g_clear_pointer (&known, g_ptr_array_unref);
  known = sarap_store_list_forms (device->store, TRUE, NULL);
  for (guint i = 0; i < 2; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (known, i);

      g_assert_cmpint (entry->is_hidden, ==, g_str_equal (entry->id, "other"));
    }
}

static void
test_form_added_by_hand_is_not_hidden (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autofree char *text = support_form ("other", "1", FALSE);
  g_autoptr (GBytes) xml = support_bytes (text);
  g_autoptr (GPtrArray) known = NULL;
  SarapListedForm *other = add_listed (forms, "other", "1", xml);

  device_add_form (device);
  g_clear_pointer (&other->manifest_url, g_free);
  sarap_fault_server_put (device->server, "/base/forms/other.xml", "text/xml", xml);
  publish_list (device, forms);
  assert_updated (device, 1);
  known = sarap_store_list_forms (device->store, TRUE, NULL);
  for (guint i = 0; i < known->len; i++)
    g_assert_false (((SarapFormEntry *) g_ptr_array_index (known, i))->is_hidden);
}

static void
test_damaged_and_swapped_forms_are_refused (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autofree char *text = support_form ("visit", "1", FALSE);
  g_autofree char *foreign = support_form ("foreign", "1", FALSE);
  g_autoptr (GBytes) xml = support_bytes (text), other = support_bytes (foreign), page = support_bytes ("<html/>");
  g_autoptr (GPtrArray) known = NULL;
  SarapListedForm *form = add_listed (forms, "visit", "1", xml);

  g_clear_pointer (&form->manifest_url, g_free);
  publish_list (device, forms);
  sarap_fault_server_put (device->server, "/base/forms/visit.xml", "text/xml", other);
  assert_fails (device, "damaged");
  g_clear_pointer (&form->hash, g_free);
  publish_list (device, forms);
  assert_fails (device, "foreign");
  sarap_fault_server_put (device->server, "/base/forms/visit.xml", "text/xml", page);
  assert_fails (device, "no XForm");
  known = sarap_store_list_forms (device->store, FALSE, NULL);
  g_assert_cmpuint (known->len, ==, 0);

  sarap_fault_server_put (device->server, "/base/forms/visit.xml", "text/xml", xml);
  assert_updated (device, 1);
}

static void
test_bad_form_holds_up_nobody (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autofree char *text = support_form ("visit", "1", FALSE);
  g_autoptr (GBytes) xml = support_bytes (text), broken = support_bytes ("<h:html");
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&add_listed (forms, "broken", "1", broken)->manifest_url, g_free);
  g_clear_pointer (&add_listed (forms, "visit", "1", xml)->manifest_url, g_free);
  publish_list (device, forms);
  sarap_fault_server_put (device->server, "/base/forms/broken.xml", "text/xml", broken);
  sarap_fault_server_put (device->server, "/base/forms/visit.xml", "text/xml", xml);
  g_assert_cmpuint (sync_forms (device, &error), ==, 1);
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "Form broken"));
  assert_current (device, "1", FALSE);
}

/* Records go up although the form list is out of order; a refused key stops everything. */
static void
test_broken_list_does_not_stop_records (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GBytes) broken = support_bytes ("<xforms");
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  SarapSyncResult result;

  device_add_form (device);
  id = device_fill (device, "goes", 0, 0);
  sarap_fault_server_put (device->server, "/base/formList", "text/xml", broken);
  g_assert_false (device_sync (device, &result, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER);
  g_assert_cmpuint (result.n_sent, ==, 1);
  g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_SENT);
}

typedef struct
{
  char *target;
  gboolean had_credentials;
} Redirect;

static gboolean
redirect_media (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  Redirect *redirect = data;

  if (!g_str_equal (path, "/base/forms/visit/centres.csv"))
    return FALSE;
  redirect->had_credentials = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization") != NULL;
  soup_server_message_set_redirect (message, 307, redirect->target);
  return TRUE;
}

/* Media in another place than the server: fetched, but without name and password. */
static void
test_redirected_media_comes_without_credentials (void)
{
  g_autoptr (Device) device = device_new ();
  g_autofree char *pem = sarap_test_ca_issue (device->ca, "127.0.0.1", -3600, 3600);
  g_autoptr (SarapFaultServer) storage = sarap_fault_server_new (pem);
  g_autofree char *base = sarap_fault_server_dup_url (storage, "127.0.0.1");
  g_autoptr (GBytes) content = support_bytes (CENTRES);
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GError) error = NULL;
  Redirect redirect = { g_strconcat (base, "/stored.csv", NULL), FALSE };
  SarapSyncResult result;

  enrolment->username = g_strdup ("user");
  enrolment->password = g_strdup ("secret");
  sarap_enrolment_save (enrolment, device->store, NULL);
  publish_visit (device, "1", CENTRES);
  sarap_fault_server_put (storage, "/base/stored.csv", "text/csv", content);
  sarap_fault_server_set_fault (device->server, redirect_media, &redirect);
  device_sync (device, &result, &error);
  g_assert_no_error (error);
  g_assert_true (redirect.had_credentials);
  assert_centres (device, "1", CENTRES);
  requests = sarap_fault_server_list_requests (storage);
  g_assert_cmpuint (requests->len, ==, 1);
  g_assert_null (((SarapFaultRequest *) g_ptr_array_index (requests, 0))->authorization);
  g_free (redirect.target);
}

static void
test_redirect_to_open_connection_is_refused (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (GError) error = NULL;
  Redirect redirect = { (char *) "http://127.0.0.1:9/stored.csv", FALSE };

  publish_visit (device, "1", CENTRES);
  sarap_fault_server_set_fault (device->server, redirect_media, &redirect);
  g_assert_false (device_sync (device, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "open connection"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/forms/form-comes-with-its-media", test_form_comes_with_its_media);
  g_test_add_func ("/sync/forms/version-is-current-only-when-whole", test_version_is_current_only_when_whole);
  g_test_add_func ("/sync/forms/server-may-go-back-to-a-version", test_server_may_go_back_to_a_version);
  g_test_add_func ("/sync/forms/unchanged-media-is-not-fetched-again", test_unchanged_media_is_not_fetched_again);
  g_test_add_func ("/sync/forms/media-follows-without-the-form", test_media_follows_without_the_form);
  g_test_add_func ("/sync/forms/entities-go-round", test_entities_go_round);
  g_test_add_func ("/sync/forms/entity-list-is-fetched-when-its-mark-changes", test_entity_list_is_fetched_when_its_mark_changes);
  g_test_add_func ("/sync/forms/empty-list-hides-nothing", test_empty_list_hides_nothing);
  g_test_add_func ("/sync/forms/vanished-form-is-hidden-until-it-returns", test_vanished_form_is_hidden_until_it_returns);
  g_test_add_func ("/sync/forms/form-added-by-hand-is-not-hidden", test_form_added_by_hand_is_not_hidden);
  g_test_add_func ("/sync/forms/damaged-and-swapped-forms-are-refused", test_damaged_and_swapped_forms_are_refused);
  g_test_add_func ("/sync/forms/bad-form-holds-up-nobody", test_bad_form_holds_up_nobody);
  g_test_add_func ("/sync/forms/broken-list-does-not-stop-records", test_broken_list_does_not_stop_records);
  g_test_add_func ("/sync/forms/redirected-media-comes-without-credentials", test_redirected_media_comes_without_credentials);
  g_test_add_func ("/sync/forms/redirect-to-open-connection-is-refused", test_redirect_to_open_connection_is_refused);
  return g_test_run ();
}
