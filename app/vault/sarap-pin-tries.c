#include "app/vault/sarap-pin-tries.h"

#include <string.h>
#include <time.h>

#include "app/base/sarap-file.h"

/*  1. Every try counts as wrong before it is made: a killed program gains nothing.
 *  2. Five tries are free; then 15 s, 30 s, 1 min… up to an hour pass between two (safety.md C3).
 *  3. Time is counted by the clock of the running machine, which nobody sets. After a restart the whole
 *     delay begins again. */

#define FREE_TRIES 5
#define FIRST_DELAY 15
#define LONGEST_DELAY 3600

typedef struct
{
  int n_wrong;
  char *boot;
  gint64 until; /* ms of CLOCK_BOOTTIME */
} Tries;

static void
tries_clear (Tries *tries)
{
  g_free (tries->boot);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tries, tries_clear)

static gint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_BOOTTIME, &time);
  return (gint64) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Returns: (transfer full) another text after each start of the machine */
static char *
dup_boot (void)
{
  char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup ("");
  return g_strchomp (text);
}

static gint64
delay_after (int n_wrong)
{
  if (n_wrong < FREE_TRIES)
    return 0;
  return MIN ((gint64) FIRST_DELAY << MIN (n_wrong - FREE_TRIES, 10), LONGEST_DELAY) * 1000;
}

static gboolean
save (const char *path, const Tries *tries, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  char *text;

  g_key_file_set_integer (file, "tries", "wrong", tries->n_wrong);
  g_key_file_set_string (file, "tries", "boot", tries->boot);
  g_key_file_set_int64 (file, "tries", "until", tries->until);
  text = g_key_file_to_data (file, &size, NULL);
  bytes = g_bytes_new_take (text, size);
  return sarap_file_write (path, bytes, 0600, error);
}

/* A file that cannot be read counts as many wrong tries. */
static void
load (const char *path, Tries *tries)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  tries->boot = NULL;
  tries->until = 0;
  tries->n_wrong = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) || !g_key_file_has_key (file, "tries", "wrong", NULL))
    {
      tries->n_wrong = FREE_TRIES + 10;
      return;
    }
  tries->n_wrong = CLAMP (g_key_file_get_integer (file, "tries", "wrong", NULL), 0, 1000000);
  tries->boot = g_key_file_get_string (file, "tries", "boot", NULL);
  tries->until = g_key_file_get_int64 (file, "tries", "until", NULL);
}

static gboolean
restart_after_boot (const char *path, Tries *tries, GError **error)
{
  g_autofree char *boot = dup_boot ();
  gint64 delay = delay_after (tries->n_wrong);

  if (delay == 0 || (g_strcmp0 (boot, tries->boot) == 0 && tries->until <= now () + delay))
    return TRUE;
  g_free (tries->boot);
  tries->boot = g_steal_pointer (&boot);
  tries->until = now () + delay;
  return save (path, tries, error);
}

/* Returns: seconds until the next try is allowed, 0: now. An hour when the disk does not take the count. */
guint
sarap_pin_tries_get_wait (const char *path, GError **error)
{
  g_auto (Tries) tries;

  load (path, &tries);
  if (!restart_after_boot (path, &tries, error))
    return LONGEST_DELAY;
  return delay_after (tries.n_wrong) == 0 ? 0 : (MAX (tries.until - now (), 0) + 999) / 1000;
}

/* Counts the try that follows as wrong, durably. */
gboolean
sarap_pin_tries_begin (const char *path, GError **error)
{
  g_auto (Tries) tries;

  load (path, &tries);
  tries.n_wrong++;
  g_free (tries.boot);
  tries.boot = dup_boot ();
  tries.until = now () + delay_after (tries.n_wrong);
  return save (path, &tries, error);
}

/* The try was right. */
gboolean
sarap_pin_tries_forget (const char *path, GError **error)
{
  const Tries none = { 0, (char *) "", 0 };

  return save (path, &none, error);
}
