#include "app/store/sarap-draft-guard.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/*  1. While a draft is being opened, the file `opening` of the store names it. A crash (SIGSEGV, SIGABRT …) adds one sign to
 *     it: a kill or a power cut says nothing about the draft. Some seconds later, or when the draft is closed, the file goes.
 *  2. The draft that has MOST signs is blocked: its rows and its journal stay, opening it is refused. */

#define MOST 3
#define SIGN '!'
#define SETTING "blocked-drafts"

static volatile sig_atomic_t mark = -1; /* of `opening` */

static void
crash_cb (int number)
{
  static const char sign = SIGN;

  if (mark >= 0 && write (mark, &sign, 1) == 1)
    mark = -1;
  raise (number); /* SA_RESETHAND: ends the program as it would have ended */
}

/* Once, before a store is opened. */
void
sarap_draft_guard_watch_crashes (void)
{
  static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
  struct sigaction action = { .sa_handler = crash_cb, .sa_flags = SA_RESETHAND | SA_NODEFER };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, NULL);
}

static char *
dup_path (SarapStore *store)
{
  return g_build_filename (sarap_store_get_folder (store), "opening", NULL);
}

static char **
list_blocked (SarapStore *store)
{
  g_autofree char *text = sarap_store_dup_setting (store, SETTING);

  return g_strsplit (text ? text : "", "\n", -1);
}

static gboolean
change_list (SarapStore *store, const char *id, gboolean is_blocked, GError **error)
{
  g_auto (GStrv) old = list_blocked (store);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  g_autofree char *text = NULL;

  for (char **each = old; *each != NULL; each++)
    if (!g_str_equal (*each, id))
      g_strv_builder_add (builder, *each);
  if (is_blocked)
    g_strv_builder_add (builder, id);
  ids = g_strv_builder_end (builder);
  text = g_strjoinv ("\n", ids);
  return sarap_store_set_setting (store, SETTING, *text ? text : NULL, error);
}

gboolean
sarap_store_is_draft_blocked (SarapStore *self, const char *id)
{
  g_auto (GStrv) ids = list_blocked (self);

  return g_strv_contains ((const char *const *) ids, id);
}

/* The draft @id may be opened again. */
gboolean
sarap_store_unblock_draft (SarapStore *self, const char *id, GError **error)
{
  return change_list (self, id, FALSE, error);
}

/* How many times in a row opening @id crashed. */
static guint
count_crashes (const char *path, const char *id)
{
  g_autofree char *text = NULL;
  gsize size, length = strlen (id);

  if (!g_file_get_contents (path, &text, &size, NULL) || size <= length || strncmp (text, id, length) != 0 || text[length] != '\n')
    return 0;
  return strspn (text + length + 1, "!");
}

static gboolean
refuse (const char *id, GError **error)
{
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CRASHED, "draft %s is blocked: the program crashed %d times while opening it", id, MOST);
  return FALSE;
}

/* Before the draft @id is read. Errors: CRASHED. */
gboolean
sarap_draft_guard_begin (SarapStore *store, const char *id, GError **error)
{
  g_autofree char *path = dup_path (store);
  guint n = count_crashes (path, id);
  g_autofree char *signs = g_strnfill (MIN (n, MOST), SIGN);
  g_autofree char *text = g_strdup_printf ("%s\n%s", id, signs);

  if (n >= MOST)
    {
      if (!change_list (store, id, TRUE, error))
        return FALSE;
      g_unlink (path);
    }
  if (sarap_store_is_draft_blocked (store, id))
    return refuse (id, error);
  sarap_draft_guard_end (store);
  mark = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (mark >= 0 && write (mark, text, strlen (text)) < 0)
    g_warning ("%s: %s", path, g_strerror (errno)); /* the draft opens without a guard */
  return TRUE;
}

/* It is open, or closed again: no crash from now on is its opening's. */
void
sarap_draft_guard_end (SarapStore *store)
{
  g_autofree char *path = dup_path (store);
  int descriptor = mark;

  mark = -1;
  if (descriptor < 0)
    return;
  close (descriptor);
  g_unlink (path);
}
