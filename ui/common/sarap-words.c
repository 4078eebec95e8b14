#include "ui/common/sarap-words.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/report/sarap-figure.h"
#include "sync/client/sarap-sync.h"
#include "sync/wire/sarap-openrosa.h"

#define MINUTE (G_GINT64_CONSTANT (60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define LONGEST_AGE (30 * DAY)

static char *
dup_day (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / 1000);

  /* Translators: a day, as strftime writes it. */
  return g_date_time_format (local, _ ("%d %B %Y"));
}

/* "5 minutes ago", after a month the day. @then and @now in ms UTC; a clock that went back reads "just now". */
char *
sarap_words_age (gint64 then, gint64 now)
{
  gint64 age = now - then;

  if (age < MINUTE)
    return g_strdup (_ ("just now"));
  if (age < HOUR)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", age / MINUTE), (int) (age / MINUTE));
  if (age < DAY)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", age / HOUR), (int) (age / HOUR));
  if (age > LONGEST_AGE)
    return dup_day (then);
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", age / DAY), (int) (age / DAY));
}

/* "in 5 minutes", rounded up. */
char *
sarap_words_until (gint64 then, gint64 now)
{
  gint64 left = then - now;
  int minutes = (left + MINUTE - 1) / MINUTE;
  int hours = (left + HOUR - 1) / HOUR;

  if (left <= 0)
    return g_strdup (_ ("now"));
  if (left < HOUR)
    return g_strdup_printf (ngettext ("in %d minute", "in %d minutes", minutes), minutes);
  return g_strdup_printf (ngettext ("in %d hour", "in %d hours", hours), hours);
}

/* Day and minute in the zone of the clock and the order of the locale. */
char *
sarap_words_time (gint64 time, SarapClock *clock)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / 1000);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, sarap_clock_get_zone (clock));

  /* Translators: day and time of day, as strftime writes them. */
  return g_date_time_format (local, _ ("%d %B %Y, %H:%M"));
}

/* What the server said: our server's messages in the language of the application, others quoted. */
char *
sarap_words_server (const char *message)
{
  if (g_str_equal (message, SARAP_MESSAGE_STORED))
    return g_strdup (_ ("Received and stored."));
  if (g_str_equal (message, SARAP_MESSAGE_STORED_BEFORE))
    return g_strdup (_ ("This was stored before."));
  if (g_str_equal (message, SARAP_MESSAGE_FILES_MISSING))
    return g_strdup (_ ("Received; some files are still missing."));
  /* Translators: quotation marks around words of another program. */
  return g_strdup_printf (_ ("“%s”"), message);
}

/* A file of a record, for people: their own files keep their names. */
char *
sarap_words_attachment (const char *name)
{
  return g_strdup (g_str_equal (name, "audit.csv") ? _ ("Log of times") : name);
}

/* "78 bytes", "293 kB", "1,4 MB": decimal units. */
char *
sarap_words_size (goffset size)
{
  g_autofree char *number = NULL;

  if (size < 1000)
    return g_strdup_printf (ngettext ("%d byte", "%d bytes", (gulong) size), (int) size);
  if (size < 1000 * 1000)
    return g_strdup_printf (_ ("%d kB"), (int) ((size + 500) / 1000));
  number = sarap_cell_to_string (&(SarapCell){ SARAP_CELL_NUMBER, (double) ((size + 50000) / 100000) / 10 });
  return g_strdup_printf (_ ("%s MB"), number);
}

const char *
sarap_words_review (SarapReviewState state)
{
  switch (state)
    {
    case SARAP_REVIEW_HAS_ISSUES:
      return _ ("Has issues");
    case SARAP_REVIEW_EDITED:
      return _ ("Corrected");
    case SARAP_REVIEW_REJECTED:
      return _ ("Rejected");
    case SARAP_REVIEW_APPROVED:
      return _ ("Approved");
    case SARAP_REVIEW_NONE:
    default:
      return _ ("Not yet reviewed");
    }
}

/* CSS class that goes with .badge. */
const char *
sarap_words_review_style (SarapReviewState state)
{
  switch (state)
    {
    case SARAP_REVIEW_HAS_ISSUES:
      return "warn";
    case SARAP_REVIEW_REJECTED:
      return "bad";
    case SARAP_REVIEW_APPROVED:
      return "good";
    case SARAP_REVIEW_EDITED:
      return "accent";
    case SARAP_REVIEW_NONE:
    default:
      return "plain";
    }
}

/* @code: SarapSyncError, or -1 for none. What it means for the person, and what happens next. */
const char *
sarap_words_sync_error (int code)
{
  switch (code)
    {
    case SARAP_SYNC_ERROR_NOT_ENROLLED:
      return _ ("This device is not connected to a server.");
    case SARAP_SYNC_ERROR_OFFLINE:
      return _ ("No network. Everything is safe here and is sent later by itself.");
    case SARAP_SYNC_ERROR_CERTIFICATE:
      return _ ("The server's certificate is not trusted. Nothing was sent.");
    case SARAP_SYNC_ERROR_PORTAL:
      return _ ("This network asks for a sign-in page first.");
    case SARAP_SYNC_ERROR_DENIED:
      return _ ("The server refuses this device. Its records stay here, unsent. Tell your supervisor.");
    case SARAP_SYNC_ERROR_SERVER:
      return _ ("The server cannot answer now. It is tried again by itself.");
    case -1:
      return "";
    default:
      return _ ("Synchronising failed. It is tried again by itself.");
    }
}

/* Why connecting or signing in failed, and what to do; where that leaves it open, the program's own words follow. */
char *
sarap_words_connecting (const GError *error)
{
  const char *words = _ ("This cannot be used to connect.");

  if (error->domain == SARAP_SYNC_ERROR)
    switch (error->code)
      {
      case SARAP_SYNC_ERROR_OFFLINE:
        return g_strdup (_ ("The server is not reached. Check the address and the network."));
      case SARAP_SYNC_ERROR_CERTIFICATE:
        return g_strdup (_ ("The server's certificate is not trusted. Nothing was sent."));
      case SARAP_SYNC_ERROR_DENIED:
        return g_strdup (_ ("The server does not accept this key, name or password, or has nothing for it."));
      case SARAP_SYNC_ERROR_PORTAL:
        words = _ ("Something else answers at this address, or the network asks for a sign-in page first.");
        break;
      default:
        words = _ ("The server cannot answer now. Try again later.");
      }
  return g_strdup_printf ("%s\n%s", words, error->message);
}
