#include "app/form/sarap-audit-log.h"

#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/form/sarap-interview.h"

/* audit.csv of the ODK specification: event,node,start,end, times in ms UTC, and the columns that
 * the form asks for.
 *
 *  1. An event of one moment has no end.
 *  2. A question's line is written when it leaves the screen: only then are its end and its
 *     last value known. Values stand there only when it is another one than when it came.
 *  3. A place older than the form allows is none.
 *  4. Lines are finished: appended once, never changed.
 */

typedef struct
{
  char *event;
  char *ref;
  gint64 start;
  char *old_value; /* when it came on screen */
} Shown;

struct _SarapAuditLog
{
  GObject parent_instance;
  SarapClock *clock;
  GPtrArray *lines;
  GArray *shown;
  SarapInterview *interview; /* NULL: answers are not looked at */
  SarapAuditColumns columns;
  char *user;
  gboolean has_location;
  double latitude;
  double longitude;
  double accuracy;
  gint64 located_at;
  gint64 max_age; /* ms; 0: any */
};

enum
{
  APPENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SarapAuditLog, sarap_audit_log, G_TYPE_OBJECT)

static void
clear_shown (gpointer data)
{
  Shown *shown = data;

  g_free (shown->event);
  g_free (shown->ref);
  g_free (shown->old_value);
}

static void
add_field (GString *line, const char *value)
{
  g_string_append_c (line, ',');
  sarap_csv_append_field (line, value ? value : "");
}

static void
add_number (GString *line, gboolean is_known, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  add_field (line, is_known ? g_ascii_formatd (text, sizeof text, "%.10g", number) : "");
}

static void
add_change (SarapAuditLog *self, GString *line, const Shown *shown)
{
  const char *value = shown != NULL && self->interview != NULL ? sarap_interview_peek_value (self->interview, shown->ref) : NULL;
  gboolean has_changed = value != NULL && strcmp (shown->old_value, value) != 0;

  add_field (line, has_changed ? shown->old_value : "");
  add_field (line, has_changed ? value : "");
}

static void
add_columns (SarapAuditLog *self, GString *line, const Shown *shown, const char *reason)
{
  if (self->columns & SARAP_AUDIT_LOCATION)
    {
      gboolean is_known = self->has_location && (self->max_age == 0 || sarap_clock_get_now (self->clock) - self->located_at <= self->max_age);

      add_number (line, is_known, self->latitude);
      add_number (line, is_known, self->longitude);
      add_number (line, is_known, self->accuracy);
    }
  if (self->columns & SARAP_AUDIT_CHANGES)
    add_change (self, line, shown);
  if (self->columns & SARAP_AUDIT_USER)
    add_field (line, self->user);
  if (self->columns & SARAP_AUDIT_REASON)
    add_field (line, reason);
}

static void
append (SarapAuditLog *self, const char *event, gint64 start, gint64 end, const Shown *shown, const char *reason)
{
  GString *line = g_string_new (NULL);

  sarap_csv_append_field (line, event);
  g_string_append_c (line, ',');
  sarap_csv_append_field (line, shown ? shown->ref : "");
  g_string_append_printf (line, ",%" G_GINT64_FORMAT ",", start);
  if (end != 0)
    g_string_append_printf (line, "%" G_GINT64_FORMAT, end);
  add_columns (self, line, shown, reason);
  g_ptr_array_add (self->lines, line->str);
  g_signal_emit (self, signals[APPENDED], 0, line->str);
  g_string_free (line, FALSE);
}

static void
sarap_audit_log_finalize (GObject *object)
{
  SarapAuditLog *self = SARAP_AUDIT_LOG (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->interview);
  g_ptr_array_unref (self->lines);
  g_array_unref (self->shown);
  g_free (self->user);
  G_OBJECT_CLASS (sarap_audit_log_parent_class)->finalize (object);
}

static void
sarap_audit_log_class_init (SarapAuditLogClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_audit_log_finalize;
  signals[APPENDED] = g_signal_new ("appended", SARAP_TYPE_AUDIT_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_audit_log_init (SarapAuditLog *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->shown = g_array_new (FALSE, FALSE, sizeof (Shown));
  g_array_set_clear_func (self->shown, clear_shown);
}

SarapAuditLog *
sarap_audit_log_new (SarapClock *clock)
{
  SarapAuditLog *self = g_object_new (SARAP_TYPE_AUDIT_LOG, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

/* @lines as "appended" gave them, without the header; NULL-terminated. */
SarapAuditLog *
sarap_audit_log_restore (SarapClock *clock, const char *const *lines)
{
  SarapAuditLog *self = sarap_audit_log_new (clock);

  for (; *lines != NULL; lines++)
    g_ptr_array_add (self->lines, g_strdup (*lines));
  return self;
}

void
sarap_audit_log_event (SarapAuditLog *self, const char *event)
{
  append (self, event, sarap_clock_get_now (self->clock), 0, NULL, NULL);
}

static gboolean
is_shown (SarapAuditLog *self, const char *event, const char *ref)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      const Shown *shown = &g_array_index (self->shown, Shown, i);

      if (strcmp (shown->ref, ref) == 0 && strcmp (shown->event, event) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
end_those_gone (SarapAuditLog *self, const char *event, const char *const *refs, gint64 now)
{
  for (guint i = 0; i < self->shown->len;)
    {
      const Shown *shown = &g_array_index (self->shown, Shown, i);

      if (refs != NULL && strcmp (shown->event, event) == 0 && g_strv_contains (refs, shown->ref))
        {
          i++;
          continue;
        }
      append (self, shown->event, shown->start, now, shown, NULL);
      g_array_remove_index (self->shown, i);
    }
}

/* @event is "question" for questions, "group questions" for those that share a page, "add
 * repeat" for the question whether to add an instance; ignored when @refs is NULL. */
void
sarap_audit_log_show (SarapAuditLog *self, const char *event, const char *const *refs)
{
  gint64 now = sarap_clock_get_now (self->clock);

  end_those_gone (self, event, refs, now);
  for (; refs != NULL && *refs != NULL; refs++)
    if (!is_shown (self, event, *refs))
      {
        Shown shown = { .event = g_strdup (event), .ref = g_strdup (*refs), .start = now };

        shown.old_value = g_strdup (self->interview ? sarap_interview_peek_value (self->interview, *refs) : "");

        g_array_append_val (self->shown, shown);
      }
}

void
sarap_audit_log_follow (SarapAuditLog *self, SarapInterview *interview)
{
  SarapForm *form = sarap_interview_get_form (interview);
  const char *max_age = sarap_form_get_audit_parameter (form, "location-max-age");

  self->interview = g_object_ref (interview);
  self->columns = sarap_form_get_audit_columns (form);
  self->user = g_strdup (sarap_interview_get_interviewer (interview));
  self->max_age = max_age != NULL ? (gint64) g_ascii_strtoull (max_age, NULL, 10) * 1000 : 0;
}

void
sarap_audit_log_set_location (SarapAuditLog *self, double latitude, double longitude, double accuracy)
{
  self->has_location = TRUE;
  self->latitude = latitude;
  self->longitude = longitude;
  self->accuracy = accuracy;
  self->located_at = sarap_clock_get_now (self->clock);
}

void
sarap_audit_log_reason (SarapAuditLog *self, const char *reason)
{
  append (self, "change reason", sarap_clock_get_now (self->clock), 0, NULL, reason);
}

GBytes *
sarap_audit_log_dup_csv (SarapAuditLog *self)
{
  GString *csv = g_string_new ("event,node,start,end");

  g_string_append (csv, self->columns & SARAP_AUDIT_LOCATION ? ",latitude,longitude,accuracy" : "");
  g_string_append (csv, self->columns & SARAP_AUDIT_CHANGES ? ",old-value,new-value" : "");
  g_string_append (csv, self->columns & SARAP_AUDIT_USER ? ",user" : "");
  g_string_append (csv, self->columns & SARAP_AUDIT_REASON ? ",change-reason\n" : "\n");

  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (csv, "%s\n", (char *) g_ptr_array_index (self->lines, i));
  return g_string_free_to_bytes (csv);
}
