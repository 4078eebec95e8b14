#include "app/vault/sarap-passphrase.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"

#define LONGEST 1024

static void
warn_of_readers (const char *path)
{
  struct stat status;

  if (stat (path, &status) == 0 && S_ISREG (status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    g_printerr ("%s: others may read this passphrase; run chmod 600 on it\n", path);
}

static char *
set_bad (const char *path, const char *what, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: %s", path, what);
  return NULL;
}

/* The first line of a file, as it stands there. Errors: SARAP_INPUT_ERROR; an empty line is MALFORMED. Returns:
 * (transfer full) for sarap_secret_wipe_text() */
char *
sarap_passphrase_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, LONGEST, error);
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  const char *end = size > 0 ? memchr (data, '\n', size) : NULL;

  if (bytes == NULL)
    return NULL;
  size = end != NULL ? (gsize) (end - data) : size;
  if (size > 0 && data[size - 1] == '\r')
    size--;
  if (size == 0)
    return set_bad (path, "the passphrase is empty", error);
  if (memchr (data, '\0', size) != NULL)
    return set_bad (path, "no text", error);
  warn_of_readers (path);
  return g_strndup (data, size);
}

static gboolean
read_hidden (FILE *terminal, char line[LONGEST])
{
  struct termios before, hidden;
  gboolean ok;

  if (tcgetattr (fileno (terminal), &before) != 0)
    return FALSE;
  hidden = before;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  if (tcsetattr (fileno (terminal), TCSAFLUSH, &hidden) != 0)
    return FALSE;
  ok = fgets (line, LONGEST, terminal) != NULL;
  tcsetattr (fileno (terminal), TCSAFLUSH, &before);
  return ok;
}

/* At the terminal, without echo. NULL without @error: there is no terminal. Returns: (transfer full) for
 * sarap_secret_wipe_text() */
char *
sarap_passphrase_ask (const char *prompt, GError **error)
{
  FILE *terminal = isatty (STDIN_FILENO) ? fopen ("/dev/tty", "r+") : NULL;
  char line[LONGEST] = "";
  char *passphrase = NULL;

  if (terminal == NULL)
    return NULL;
  setvbuf (terminal, NULL, _IONBF, 0);
  fprintf (terminal, "%s: ", prompt);
  if (read_hidden (terminal, line) && line[strcspn (line, "\n")] == '\n')
    passphrase = g_strndup (line, strcspn (line, "\r\n"));
  else
    set_bad ("terminal", "no passphrase was given", error);
  fputc ('\n', terminal);
  fclose (terminal);
  sodium_memzero (line, sizeof line);
  return passphrase;
}

/* From the file @path; NULL: from the one that SARAP_PASSPHRASE_FILE names; else asked with @prompt, when it is not
 * NULL. NULL without @error: nobody told one. Returns: (transfer full) for sarap_secret_wipe_text() */
char *
sarap_passphrase_get (const char *path, const char *prompt, GError **error)
{
  const char *file = path != NULL ? path : g_getenv (SARAP_PASSPHRASE_VARIABLE);

  if (file != NULL && *file != '\0')
    return sarap_passphrase_read (file, error);
  return prompt != NULL ? sarap_passphrase_ask (prompt, error) : NULL;
}

/* As sarap_keyring_unlock(), whose errors tell here how long the next try must wait. */
gboolean
sarap_passphrase_unlock (SarapKeyring *keyring, const char *passphrase, GError **error)
{
  g_autoptr (GError) own = NULL;
  guint wait;

  if (sarap_keyring_unlock (keyring, passphrase, &own))
    return TRUE;
  wait = sarap_keyring_get_wait (keyring);
  if (g_error_matches (own, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN) && wait > 0)
    g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN, "wrong passphrase; the next try is allowed in %u seconds", wait);
  else if (g_error_matches (own, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN))
    g_set_error_literal (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN, "wrong passphrase; the next try is allowed at once");
  else
    g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}
