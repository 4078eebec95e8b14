#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-language.h"
#include "app/base/sarap-problem.h"
#include "app/vault/sarap-passphrase.h"
#include "sarap-config.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/client/sarap-sync.h"

enum
{
  STATUS_DONE,
  STATUS_BAD_INPUT,
  STATUS_BAD_USAGE,
  STATUS_MACHINE,
  LONGEST_ENROLMENT = 64 * 1024,
};

typedef struct
{
  char *store;
  gboolean once;
  gboolean json;
  char *enrol;
  char *sign_in;
  char *name;
  char *ca_file;
  char *password_file;
  char *handover;
  char *receipts;
  char *passphrase_file;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->store);
  g_free (options->enrol);
  g_free (options->sign_in);
  g_free (options->name);
  g_free (options->ca_file);
  g_free (options->password_file);
  g_free (options->handover);
  g_free (options->receipts);
  g_free (options->passphrase_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
status_of (const GError *error)
{
  if (error->domain == SARAP_INPUT_ERROR || error->domain == SARAP_VAULT_ERROR || g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND))
    return STATUS_BAD_INPUT;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return STATUS_BAD_INPUT;
  if (error->domain == SARAP_SYNC_ERROR && (error->code == SARAP_SYNC_ERROR_NOT_ENROLLED || error->code == SARAP_SYNC_ERROR_DENIED))
    return STATUS_BAD_INPUT;
  return STATUS_MACHINE;
}

static int
complain (const GError *error)
{
  g_printerr ("sarap-sync: %s\n", error->message);
  return status_of (error);
}

static const char *
step_name (SarapSyncStep step)
{
  static const char *const names[] = { "form", "record", "review", "submission" };

  return names[step];
}

static void
print_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  printf ("%s\n", text);
  fflush (stdout);
}

static void
build_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
print_progress_json (const SarapSyncProgress *progress)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  build_string (builder, "step", step_name (progress->step));
  if (progress->record_id != NULL)
    build_string (builder, "id", progress->record_id);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, progress->ok);
  build_string (builder, "message", progress->message ? progress->message : "");
  print_line (builder);
}

static void
progress_cb (const SarapSyncProgress *progress, gpointer data)
{
  const Options *options = data;

  if (options->json)
    print_progress_json (progress);
  else
    {
      printf ("%s%s%s %s%s%s\n", step_name (progress->step), progress->record_id ? " " : "", progress->record_id ? progress->record_id : "",
              progress->ok ? "ok" : "failed", progress->message && *progress->message ? ": " : "", progress->message ? progress->message : "");
      fflush (stdout);
    }
}

static void
print_result_json (const SarapSyncResult *result, const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const struct
  {
    const char *name;
    guint value;
  } counts[] = {
    { "forms", result->n_forms_updated },
    { "sent", result->n_sent },
    { "failed", result->n_failed },
    { "reviews", result->n_reviews },
    { "received", result->n_received },
    { "decisions", result->n_decisions },
  };

  json_builder_begin_object (builder);
  build_string (builder, "step", "round");
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, error == NULL);
  build_string (builder, "message", error ? error->message : "");
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      json_builder_set_member_name (builder, counts[i].name);
      json_builder_add_int_value (builder, counts[i].value);
    }
  json_builder_set_member_name (builder, "locked");
  json_builder_add_boolean_value (builder, result->was_locked);
  print_line (builder);
}

/* A person or a timer asks for this one round: what waits for its next attempt goes as well. */
static int
run_once (SarapStore *store, const Options *options)
{
  SarapSyncResult result;
  g_autoptr (GError) error = NULL;

  sarap_sync_run (store, TRUE, progress_cb, (gpointer) options, &result, NULL, &error);
  if (options->json)
    print_result_json (&result, error);
  else
    g_printerr (_ ("forms updated: %u, records sent: %u, failed: %u, reviews: %u, received: %u, decisions delivered: %u\n"),
                   result.n_forms_updated, result.n_sent, result.n_failed, result.n_reviews, result.n_received, result.n_decisions);
  if (result.was_locked)
    g_printerr (_ ("the store is locked: decisions and received submissions wait for the PIN (--passphrase-file)\n"));
  if (error != NULL)
    return complain (error);
  return result.n_failed > 0 ? STATUS_MACHINE : STATUS_DONE;
}

/* @file: an enrolment's text, or a picture of its QR code. */
static char *
read_enrolment (const char *file, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GBytes) bytes = sarap_file_read (file, LONGEST_ENROLMENT, &trouble);
  gsize length = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  if (text != NULL && g_utf8_validate_len (text, length, NULL))
    return g_strndup (text, length);
  if (g_error_matches (trouble, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return NULL;
    }
  return sarap_enrolment_read_qr (file, error);
}

static char *
read_password (const Options *options, GError **error)
{
  if (options->password_file != NULL)
    return sarap_file_read_secret (options->password_file, error);
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "a supervisor signs in with a password: --name NAME --password-file FILE");
  return NULL;
}

/* @store: (nullable): where somebody may have been signed in before. */
static SarapEnrolment *
open_session (SarapStore *store, const Options *options, const char *url, const char *name, SarapClock *clock, GError **error)
{
  g_autoptr (SarapEnrolment) before = store ? sarap_enrolment_load_supervisor (store) : NULL;
  g_autofree char *password = read_password (options, error);
  g_autoptr (GBytes) ca = NULL;
  g_autofree char *pem = NULL;

  if (password == NULL)
    return NULL;
  if (options->ca_file != NULL)
    {
      ca = sarap_file_read (options->ca_file, LONGEST_ENROLMENT, error);
      if (ca == NULL)
        return NULL;
      pem = g_strndup (g_bytes_get_data (ca, NULL), g_bytes_get_size (ca));
    }
  return sarap_supervisor_open_session (before, url, pem, name, password, clock, error);
}

static SarapEnrolment *
check_enrolment (SarapStore *store, const Options *options, SarapClock *clock, char **summary, GError **error)
{
  g_autofree char *text = read_enrolment (options->enrol, error);
  g_autoptr (SarapEnrolment) enrolment = text ? sarap_enrolment_parse (text, error) : NULL;
  g_auto (GStrv) titles = NULL;
  g_autofree char *names = NULL;

  if (enrolment == NULL)
    return NULL;
  if (options->name != NULL)
    {
      g_free (enrolment->username);
      enrolment->username = g_strdup (options->name);
    }
  if (enrolment->is_supervisor)
    return open_session (store, options, text, enrolment->username ? enrolment->username : "", clock, error);
  if (options->password_file != NULL)
    {
      g_free (enrolment->password);
      enrolment->password = sarap_file_read_secret (options->password_file, error);
      if (enrolment->password == NULL)
        return NULL;
    }
  if (!sarap_enrolment_check (enrolment, &titles, NULL, error))
    return NULL;
  names = g_strjoinv (", ", titles);
  *summary = g_strdup_printf ("%s: %s", enrolment->name, names);
  return g_steal_pointer (&enrolment);
}

/* Asks the server before a new store is made: what is refused leaves nothing behind.
 * Returns: (element-type SarapEnrolment) what is to be kept, or NULL */
static GPtrArray *
ask_server (SarapStore *store, const Options *options, SarapClock *clock, char **summary, GError **error)
{
  g_autoptr (GPtrArray) accepted = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_enrolment_free);
  SarapEnrolment *enrolment;

  if (options->enrol != NULL)
    {
      enrolment = check_enrolment (store, options, clock, summary, error);
      if (enrolment == NULL)
        return NULL;
      g_ptr_array_add (accepted, enrolment);
    }
  if (options->sign_in != NULL)
    {
      enrolment = open_session (store, options, options->sign_in, options->name, clock, error);
      if (enrolment == NULL)
        return NULL;
      g_ptr_array_add (accepted, enrolment);
    }
  return g_steal_pointer (&accepted);
}

static gboolean
save_all (SarapStore *store, GPtrArray *accepted, GError **error)
{
  for (guint i = 0; i < accepted->len; i++)
    if (!sarap_enrolment_save (g_ptr_array_index (accepted, i), store, error))
      return FALSE;
  return TRUE;
}

static gboolean
hand_over (SarapStore *store, const Options *options, GError **error)
{
  guint n = 0;

  if (options->handover != NULL)
    {
      if (!sarap_handover_export (store, options->handover, &n, error))
        return FALSE;
      g_printerr (_ ("records written to the folder: %u\n"), n);
    }
  if (options->receipts != NULL)
    {
      if (!sarap_handover_take_receipts (store, options->receipts, &n, error))
        return FALSE;
      g_printerr (_ ("receipts taken: %u\n"), n);
    }
  return TRUE;
}

/* Nobody is asked: a timer runs this. */
static gboolean
unlock (SarapStore *store, const Options *options, GError **error)
{
  SarapKeyring *keyring = sarap_store_get_keyring (store);
  g_autoptr (GError) own = NULL;
  char *passphrase = sarap_keyring_is_locked (keyring) ? sarap_passphrase_get (options->passphrase_file, NULL, &own) : NULL;
  gboolean ok = own == NULL && (passphrase == NULL || sarap_passphrase_unlock (keyring, passphrase, &own));

  sarap_secret_wipe_text (passphrase);
  if (own != NULL)
    g_propagate_error (error, g_steal_pointer (&own));
  return ok;
}

static int
work (SarapStore *store, const Options *options, GPtrArray *accepted)
{
  g_autoptr (GError) error = NULL;

  if (!unlock (store, options, &error) || !save_all (store, accepted, &error) || !hand_over (store, options, &error))
    return complain (error);
  return options->once ? run_once (store, options) : STATUS_DONE;
}

static int
run (const Options *options)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = NULL;
  g_autoptr (GPtrArray) accepted = NULL;
  g_autoptr (SarapStore) store = sarap_store_open (options->store, clock, FALSE, &error);
  gboolean is_new = g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND) && (options->enrol != NULL || options->sign_in != NULL);
  int status;

  if (is_new)
    g_clear_error (&error);
  else if (error != NULL)
    return complain (error);
  accepted = ask_server (store, options, clock, &summary, &error);
  if (accepted != NULL && is_new)
    store = sarap_store_open (options->store, clock, TRUE, &error);
  if (summary != NULL && error == NULL)
    g_printerr ("%s\n", summary);
  status = error != NULL ? complain (error) : work (store, options, accepted);
  if (store != NULL)
    sarap_store_close (store);
  return status;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &options.store, N_ ("Folder that keeps this device's records"), "DIR" },
      { "once", 0, 0, G_OPTION_ARG_NONE, &options.once, N_ ("Run one round with the server"), NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print what happens as JSON lines"), NULL },
          { "enrol", 0, 0, G_OPTION_ARG_FILENAME, &options.enrol, N_ ("Take in an enrolment: a file or a picture of its QR code"), "FILE" },
            { "sign-in", 0, 0, G_OPTION_ARG_STRING, &options.sign_in, N_ ("Sign in as a supervisor"), "URL" },
              { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_ ("Name to sign in with"), "NAME" },
                { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file, N_ ("File that holds the password"), "FILE" },
                  { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_file, N_ ("Certificate authority of the server, PEM"), "FILE" },
                    { "handover", 0, 0, G_OPTION_ARG_FILENAME, &options.handover, N_ ("Write finalized records to a folder, as on a USB stick"), "FOLDER" },
                      { "take-receipts", 0, 0, G_OPTION_ARG_FILENAME, &options.receipts, N_ ("Take back the server's receipts from that folder"), "FOLDER" },
                        { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options.passphrase_file, N_ ("File with the PIN of the store; without it, finalized records are sent all the same"), "FILE" },
                          G_OPTION_ENTRY_NULL };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  sarap_secret_protect_process ();
  sarap_language_init ();
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("sarap-sync: %s\n", error->message);
      return STATUS_BAD_USAGE;
    }
  if (options.store == NULL || argc > 1 || (options.sign_in != NULL && (options.name == NULL || options.password_file == NULL)) ||
      !(options.once || options.enrol || options.sign_in || options.handover || options.receipts))
    {
      g_printerr ("%s\n", _ ("usage: sarap-sync --store DIR --once [--json]; see sarap-sync --help"));
      return STATUS_BAD_USAGE;
    }
  return run (&options);
}
