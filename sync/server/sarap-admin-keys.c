#include "sync/server/sarap-admin-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/report/sarap-certificate-sheet.h"
#include "app/vault/sarap-project-key.h"
#include "sync/server/sarap-enrol.h"
#include "sync/server/sarap-secret.h"

/*  1. The private halves exist in this process while `project keys` runs and in the folder that it names; the central
 *     store has the public halves.
 *  2. `project drill` seals a word to each half. Whoever has the private halves reads them (sarapctl project-key --answer)
 *     and gives them to `project live`. Until then no device is enrolled: what it would seal might never be opened. */

static gboolean
write_page (const char *path, const char *title, SarapProjectKey *key, GError **error)
{
  char *text = sarap_project_key_to_private_text (key);
  const char *const rows[] = { _ ("Key"), sarap_project_key_peek_fingerprint (key), _ ("Text of the code"), text, NULL };
  gboolean ok = sarap_certificate_sheet_write (path, title, _ ("Whoever has this page reads every answer of the project. Keep it under lock."), rows, text, error);

  sarap_secret_wipe_text (text);
  if (!ok || g_chmod (path, 0600) == 0)
    return ok;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* NAME.key, NAME.png and NAME.pdf; a key that is there already is never written over. */
static gboolean
write_pair (const char *folder, const char *name, const char *title, SarapProjectKey *key, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s/%s.key", folder, name), *code = g_strdup_printf ("%s/%s.png", folder, name), *page = g_strdup_printf ("%s/%s.pdf", folder, name);
  char *text;
  gboolean ok;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: there is a key already; name another folder", file);
      return FALSE;
    }
  text = sarap_project_key_to_private_text (key);
  ok = sarap_project_key_write (key, TRUE, file, error) && sarap_enrol_write_qr (text, code, error) && write_page (page, title, key, error);
  sarap_secret_wipe_text (text);
  return ok;
}

static gboolean
make_keys (SarapAdmin *self, const char *folder, GError **error)
{
  g_autoptr (SarapProjectKey) use = sarap_project_key_generate (), spare = sarap_project_key_generate ();
  g_autofree char *use_key = sarap_project_key_to_base64 (use), *spare_key = sarap_project_key_to_base64 (spare);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  if (!write_pair (folder, "project-use", _ ("Key of the project, in use"), use, error) || !write_pair (folder, "project-drawer", _ ("Key of the project, for the drawer"), spare, error))
    return FALSE;
  if (!sarap_central_store_add_project_keys (self->central->store, self->project, use_key, spare_key, sarap_central_get_now (self->central), error))
    return FALSE;
  g_string_append_printf (self->out, "%s\n%s\n", sarap_project_key_peek_fingerprint (use), sarap_project_key_peek_fingerprint (spare));
  g_string_append (self->err, _ ("The private halves are in that folder only. Print the page of the drawer, keep the other on the machine that reads answers, and remove them here. Then prove them: project drill.\n"));
  return TRUE;
}

/* words: FOLDER. Prints the names of the two pairs. */
int
sarap_admin_make_keys (SarapAdmin *self, char **words)
{
  g_autofree char *folder = sarap_admin_resolve (self, words[0]);
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  return make_keys (self, folder, &error) ? SARAP_ADMIN_DONE : sarap_admin_complain_of (self, error);
}

static SarapProjectKeys *
find_keys (SarapAdmin *self, int *status)
{
  g_autoptr (GError) error = NULL;
  SarapProjectKeys *keys = NULL;

  *status = SARAP_ADMIN_BAD_USAGE;
  if (sarap_admin_has_project (self))
    {
      keys = sarap_central_store_find_project_keys (self->central->store, self->project, &error);
      *status = error ? sarap_admin_complain_of (self, error) : SARAP_ADMIN_DONE;
      if (keys == NULL && error == NULL)
        *status = sarap_admin_complain (self, SARAP_ADMIN_BAD_INPUT, _ ("the project has no keys yet: project keys FOLDER"));
    }
  return keys;
}

/* Adds the line that whoever has the private half reads. Returns: (transfer full) the hash of what it says */
static char *
add_question (SarapAdmin *self, const char *public_half, GError **error)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_new_from_base64 (public_half, error);
  g_autofree char *word = sarap_secret_make ();
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *text = NULL;

  if (key == NULL)
    return NULL;
  word[SARAP_DRILL_WORD_LENGTH] = '\0';
  sealed = sarap_project_key_seal (key, SARAP_DRILL_CONTEXT, word, strlen (word));
  text = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  g_string_append_printf (self->out, "%s %s\n", sarap_project_key_peek_fingerprint (key), text);
  return sarap_secret_hash (word);
}

int
sarap_admin_drill (SarapAdmin *self, char **words)
{
  g_autoptr (SarapProjectKeys) keys = NULL;
  g_autofree char *use_proof = NULL, *spare_proof = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  keys = find_keys (self, &status);
  if (keys == NULL)
    return status;
  use_proof = add_question (self, keys->use_key, &error);
  spare_proof = use_proof ? add_question (self, keys->spare_key, &error) : NULL;
  if (spare_proof == NULL || !sarap_central_store_ask_for_proof (self->central->store, self->project, use_proof, spare_proof, &error))
    return sarap_admin_complain_of (self, error);
  g_string_append (self->err, _ ("Save these lines in a file and read them with each private half: sarapctl project-key KEY --answer FILE. Then: project live WORD WORD.\n"));
  return SARAP_ADMIN_DONE;
}

/* words: what the pair in use and that of the drawer read. */
int
sarap_admin_go_live (SarapAdmin *self, char **words)
{
  g_autoptr (SarapProjectKeys) keys = NULL;
  g_autofree char *use_proof = sarap_secret_hash (words[0]), *spare_proof = sarap_secret_hash (words[1]);
  g_autoptr (GError) error = NULL;
  int status;

  keys = find_keys (self, &status);
  if (keys == NULL)
    return status;
  if (g_strcmp0 (use_proof, keys->use_proof) != 0 || g_strcmp0 (spare_proof, keys->spare_proof) != 0)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_INPUT, _ ("these are not the words of the last drill: first that of the key in use, then that of the drawer"));
  if (!sarap_central_store_note_proof (self->central->store, self->project, sarap_central_get_now (self->central), &error))
    return sarap_admin_complain_of (self, error);
  g_string_append (self->err, _ ("Both keys work: devices may be enrolled.\n"));
  return SARAP_ADMIN_DONE;
}

/* The public halves for an enrolment; none where the project has none. */
int
sarap_admin_add_keys (SarapAdmin *self, SarapEnrolment *enrolment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapProjectKeys) keys = sarap_central_store_find_project_keys (self->central->store, self->project, &error);

  if (error != NULL)
    return sarap_admin_complain_of (self, error);
  if (keys == NULL)
    return SARAP_ADMIN_DONE;
  if (keys->proven_at == 0)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_INPUT, _ ("nobody has shown yet that the project's private keys work: project drill, then project live"));
  enrolment->project_key = g_strdup (keys->use_key);
  enrolment->spare_key = g_strdup (keys->spare_key);
  return SARAP_ADMIN_DONE;
}
