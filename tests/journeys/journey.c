#include "tests/journeys/journey.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "sarap-config.h"
#include "tests/support/sarap-temporary.h"

#define PASSWORD "a long enough password"
#define EMAIL "supervisor@example.org"
#define PAGE_SECONDS 30

void
journey_run (const char *program, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  va_list more;

  g_ptr_array_add (words, (gpointer) program);
  va_start (more, program);
  for (const char *word = va_arg (more, const char *); word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (more);
  g_ptr_array_add (words, NULL);
  process = g_subprocess_newv ((const char *const *) words->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

char *
journey_new_store (const char *questionnaire)
{
  char *store = sarap_temporary_new ();
  g_autofree char *form = g_build_filename (SARAP_SOURCE_DATA_DIR, "questionnaires", questionnaire, "form.xlsx", NULL);

  journey_run (SARAP_CTL_PROGRAM, "add", form, "--store", store, NULL);
  return store;
}

void
journey_begin_visit (SarapDriver *driver)
{
  sarap_driver_press (driver, "Start visit");
  sarap_driver_press (driver, "All questions");
  sarap_driver_press (driver, JOURNEY_SCENARIO ", required, not answered");
  sarap_driver_press (driver, "Identity card or passport");
}

static char *
write_file (Journey *self, const char *name, const char *text)
{
  char *path = g_build_filename (sarap_test_server_get_folder (self->server), name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static char *
call (Journey *self, const char *method, const char *path, const char *json)
{
  g_autoptr (SoupSession) session = sarap_test_server_new_session (self->server);
  g_autofree char *url = g_strconcat (sarap_test_server_get_url (self->server), path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) body = json != NULL ? g_bytes_new (json, strlen (json)) : NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GError) error = NULL;

  if (self->token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  reply = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  return g_strndup (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply));
}

static void
speak (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  g_assert_nonnull (setlocale (LC_ALL, "en_US.UTF-8")); /* newer glibc translates nothing in C.UTF-8 */
  bindtextdomain (GETTEXT_PACKAGE, SARAP_BUILD_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
add_people (Journey *self)
{
  g_autofree char *enrolment = sarap_test_server_add_app_user (self->server, self->project, "Aigerim");
  g_autofree char *file = write_file (self, "device.sarap", enrolment);
  g_autofree char *boss = sarap_test_server_add_supervisor (self->server, self->project, EMAIL, PASSWORD);
  g_autofree char *password = g_build_filename (sarap_test_server_get_folder (self->server), "password", NULL);
  g_autofree char *session = NULL;
  g_autoptr (JsonNode) root = NULL;

  self->device = sarap_temporary_new ();
  self->supervisor = sarap_temporary_new ();
  journey_run (SARAP_SYNC_PROGRAM, "--store", self->device, "--enrol", file, NULL);
  journey_run (SARAP_SYNC_PROGRAM, "--store", self->supervisor, "--sign-in", sarap_test_server_get_url (self->server), "--ca", sarap_test_server_get_ca_file (self->server), "--name", EMAIL, "--password-file", password, NULL);
  session = call (self, "POST", "/v1/sessions", "{\"email\": \"" EMAIL "\", \"password\": \"" PASSWORD "\"}");
  root = json_from_string (session, NULL);
  self->token = g_strdup (json_object_get_string_member (json_node_get_object (root), "token"));
}

Journey *
journey_new (const char *questionnaire, const char *form_id, const char *language)
{
  Journey *self = g_new0 (Journey, 1);
  g_autofree char *form = g_build_filename (SARAP_SOURCE_DATA_DIR, "questionnaires", questionnaire, "form.xlsx", NULL);

  speak (language);
  self->server = sarap_test_server_new ();
  self->project = sarap_test_server_add_project (self->server, "Unknown Customer");
  self->form_id = g_strdup (form_id);
  sarap_test_server_add_form (self->server, self->project, form, NULL);
  add_people (self);
  return self;
}

SarapDriver *
journey_start (Journey *self, const char *language)
{
  return sarap_driver_new (self->device, NULL, "--language", language, NULL);
}

/* Chooses a PIN, which a new device has none of. */
SarapDriver *
journey_start_supervisor (Journey *self, const char *language)
{
  SarapDriver *driver = sarap_driver_new (self->supervisor, NULL, "--language", language, "--role", "supervisor", NULL);

  for (int time = 0; time < 2; time++)
    {
      sarap_driver_wait (driver, ATSPI_ROLE_HEADING, time == 0 ? _ ("Choose a PIN") : _ ("Repeat the PIN"));
      for (const char *digit = "2468"; *digit != '\0'; digit++)
        sarap_driver_press (driver, (const char[]){ *digit, '\0' });
      sarap_driver_press (driver, _ ("Continue"));
    }
  return driver;
}

void
journey_free (Journey *self)
{
  sarap_test_server_free (self->server);
  sarap_temporary_remove (self->device);
  sarap_temporary_remove (self->supervisor);
  g_free (self->form_id);
  g_free (self->token);
  g_free (self->device);
  g_free (self->supervisor);
  g_free (self);
}

/* Whether @name is a control of @question; @part is what its name says beyond the label, or NULL. */
static gboolean
belongs_to (const char *name, const char *question, const char **part)
{
  g_autofree char *required = g_strconcat (", ", _ ("required"), NULL);
  const char *rest = name + strlen (question);

  if (!g_str_has_prefix (name, question) || (*rest != '\0' && *rest != ','))
    return FALSE;
  *part = *rest == '\0' || g_str_equal (rest, required) ? NULL : rest;
  return TRUE;
}

static const char *
find_answer (const Answer *answers, const char *name, const char **part)
{
  for (; answers->question != NULL; answers++)
    if (belongs_to (name, answers->question, part))
      return answers->answer;
  return NULL;
}

static gboolean
says (const char *answer, const char *label)
{
  g_auto (GStrv) labels = g_strsplit (answer, "|", -1);

  return g_strv_contains ((const char *const *) labels, label);
}

static void
choose_in_sheet (SarapDriver *driver, AtspiAccessible *scope, const SarapSeen *button, const char *label)
{
  gint64 deadline = g_get_monotonic_time () + PAGE_SECONDS * G_USEC_PER_SEC;

  sarap_seen_act (button);
  for (;;)
    {
      g_autoptr (GPtrArray) seen = sarap_driver_look_at (driver, scope);
      const SarapSeen *choice = sarap_driver_pick (seen, ATSPI_ROLE_RADIO_BUTTON, label);

      if (choice != NULL)
        {
          sarap_seen_act (choice);
          return;
        }
      if (g_get_monotonic_time () > deadline)
        g_error ("“%s” is not offered for “%s”", label, button->name);
      g_usleep (20000);
    }
}

/* Where the walk over a page stands. */
typedef struct
{
  const Answer *answers;
  const char *group;  /* name of the choices' group, or NULL */
  const char *answer; /* what is said there, or NULL */
  guint depth;
  guint n_choices;
  guint n_parts;
} Page;

static void
answer_choice (Page *page, const SarapSeen *node)
{
  gboolean is_wanted = page->group == NULL || (page->answer != NULL ? says (page->answer, node->name) : page->n_choices == 0);

  page->n_choices++;
  if (is_wanted)
    sarap_seen_act (node);
}

static void
answer_entry (Page *page, const SarapSeen *node)
{
  const char *part = NULL;
  const char *answer = find_answer (page->answers, node->name, &part);
  g_auto (GStrv) words = NULL;

  if (answer == NULL)
    {
      if (g_str_has_suffix (node->name, _ ("required")))
        g_error ("nothing to say to “%s”", node->name);
      return;
    }
  if (part == NULL)
    {
      sarap_seen_write (node, answer);
      return;
    }
  words = g_strsplit (answer, " ", -1);
  if (page->n_parts < g_strv_length (words))
    sarap_seen_write (node, words[page->n_parts++]);
}

static void
enter_group (Page *page, const SarapSeen *node)
{
  const char *part = NULL;

  page->group = node->name;
  page->depth = node->depth;
  page->n_choices = 0;
  page->answer = find_answer (page->answers, node->name, &part);
}

/* What has no name of its own is called after its class. */
static gboolean
is_group (const SarapSeen *node)
{
  gboolean is_holder = node->role == ATSPI_ROLE_PANEL || node->role == ATSPI_ROLE_GROUPING || node->role == ATSPI_ROLE_FILLER;

  return is_holder && *node->name != '\0' && !g_str_has_prefix (node->name, "Gtk") && !g_str_has_prefix (node->name, "Sarap");
}

static void
answer_node (SarapDriver *driver, AtspiAccessible *scope, Page *page, const SarapSeen *node)
{
  const char *part = NULL;
  const char *answer;

  if (page->group != NULL && node->depth <= page->depth)
    page->group = NULL;
  if (node->role == ATSPI_ROLE_RADIO_BUTTON || node->role == ATSPI_ROLE_CHECK_BOX)
    answer_choice (page, node);
  else if (node->role == ATSPI_ROLE_ENTRY || node->role == ATSPI_ROLE_TEXT)
    answer_entry (page, node);
  else if (node->role == ATSPI_ROLE_PUSH_BUTTON && (answer = find_answer (page->answers, node->name, &part)) != NULL && part == NULL)
    choose_in_sheet (driver, scope, node, answer);
  else if (is_group (node))
    enter_group (page, node);
}

/* Returns: (nullable) the button that adds the first of what @answers wants added */
static const SarapSeen *
find_addition (GPtrArray *seen, const Answer *answers)
{
  const SarapSeen *found = NULL;

  for (; found == NULL && answers->question != NULL; answers++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Add: %s"), answers->question);

      if (answers->answer == JOURNEY_ADD)
        found = sarap_driver_pick (seen, ATSPI_ROLE_PUSH_BUTTON, name);
    }
  return found;
}

/* Answers it and leads on. Returns: FALSE when it is the end of the form */
static gboolean
answer_page (SarapDriver *driver, AtspiAccessible *scope, const SarapSeen *next, const Answer *answers)
{
  g_autoptr (GPtrArray) seen = sarap_driver_look_at (driver, scope);
  const SarapSeen *addition = find_addition (seen, answers);
  Page page = { .answers = answers };

  if (sarap_driver_pick (seen, ATSPI_ROLE_PUSH_BUTTON, _ ("Finalize")) != NULL)
    return FALSE;
  for (guint i = 0; addition == NULL && i < seen->len; i++)
    answer_node (driver, scope, &page, g_ptr_array_index (seen, i));
  sarap_seen_act (addition != NULL ? addition : next);
  return TRUE;
}

static GPtrArray *
wait_for_form (SarapDriver *driver)
{
  sarap_driver_wait (driver, ATSPI_ROLE_PROGRESS_BAR, _ ("Progress"));
  return sarap_driver_look (driver);
}

/* The pages' place in the screen, which comes after the progress bar. */
static AtspiAccessible *
find_scope (GPtrArray *seen)
{
  const SarapSeen *progress = sarap_driver_pick (seen, ATSPI_ROLE_PROGRESS_BAR, _ ("Progress"));
  AtspiAccessible *scope = NULL;
  guint index;

  for (guint i = 0; scope == NULL && i < seen->len; i++)
    if (g_ptr_array_index (seen, i) == progress)
      for (index = i + 1; scope == NULL; index++)
        if (((const SarapSeen *) g_ptr_array_index (seen, index))->depth == progress->depth)
          scope = g_object_ref (((const SarapSeen *) g_ptr_array_index (seen, index))->object);
  return scope;
}

/* Until another page than @page stands there. Returns: (transfer full) it */
static AtspiAccessible *
wait_for_page (SarapDriver *driver, AtspiAccessible *scope, AtspiAccessible *page)
{
  gint64 deadline = g_get_monotonic_time () + PAGE_SECONDS * G_USEC_PER_SEC;

  for (;;)
    {
      AtspiAccessible *now = atspi_accessible_get_child_at_index (scope, 0, NULL);
      g_autoptr (GPtrArray) seen = NULL;

      if (now != NULL && now != page)
        return now;
      g_clear_object (&now);
      if (g_get_monotonic_time () < deadline)
        {
          g_usleep (10000);
          continue;
        }
      seen = sarap_driver_look_at (driver, scope);
      for (guint i = 0; i < seen->len; i++)
        g_test_message ("%s", ((const SarapSeen *) g_ptr_array_index (seen, i))->name);
      g_error ("a page is not left");
    }
}

void
journey_fill (SarapDriver *driver, const Answer *answers)
{
  g_autoptr (GPtrArray) seen = wait_for_form (driver);
  const SarapSeen *next = sarap_driver_pick (seen, ATSPI_ROLE_PUSH_BUTTON, _ ("Next"));
  AtspiAccessible *scope = find_scope (seen);
  AtspiAccessible *page = wait_for_page (driver, scope, NULL);

  while (answer_page (driver, scope, next, answers))
    {
      AtspiAccessible *before = page;

      page = wait_for_page (driver, scope, before);
      g_object_unref (before);
    }
  g_object_unref (page);
  g_object_unref (scope);
}

void
journey_finalize_and_send (SarapDriver *driver)
{
  g_autofree char *sent = g_strdup_printf ("%s: 1", _ ("Sent"));

  sarap_driver_press (driver, _ ("Finalize"));
  sarap_driver_wait_gone (driver, ATSPI_ROLE_PUSH_BUTTON, _ ("Finalize"));
  sarap_driver_press (driver, _ ("Sync now"));
  sarap_driver_wait (driver, ATSPI_ROLE_INVALID, sent);
}

GStrv
journey_list (Journey *self)
{
  g_autofree char *path = g_strdup_printf ("/v1/projects/%" G_GINT64_FORMAT "/forms/%s/submissions", self->project, self->form_id);
  g_autofree char *text = call (self, "GET", path, NULL);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *array = json_node_get_array (root);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (ids, json_object_get_string_member (json_array_get_object_element (array, i), "instanceId"));
  return g_strv_builder_end (ids);
}

char *
journey_dup_xml (Journey *self, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/projects/%" G_GINT64_FORMAT "/forms/%s/submissions/%s.xml", self->project, self->form_id, escaped);

  return call (self, "GET", path, NULL);
}

static char *
dup_decision (Journey *self, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/projects/%" G_GINT64_FORMAT "/forms/%s/submissions/%s", self->project, self->form_id, escaped);
  g_autofree char *text = call (self, "GET", path, NULL);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  return g_strdup (json_object_get_string_member_with_default (json_node_get_object (root), "reviewState", ""));
}

void
journey_sync (Journey *self)
{
  journey_run (SARAP_SYNC_PROGRAM, "--store", self->device, "--once", NULL);
}

void
journey_wait_for_decision (Journey *self, const char *id, const char *state)
{
  gint64 deadline = g_get_monotonic_time () + PAGE_SECONDS * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *decision = dup_decision (self, id);

      if (g_str_equal (decision, state))
        return;
      if (g_get_monotonic_time () > deadline)
        g_error ("the decision on the server is “%s”", decision);
      g_usleep (100000);
    }
}
