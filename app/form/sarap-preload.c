#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Preloads: what the form wants to know of the moment, the device and the person. Set once
 * when an interview begins; the end time when it is finalized. */

static char *
dup_uuid (SarapInterview *self)
{
  guint32 words[4];

  if (self->rand == NULL)
    return g_uuid_string_random ();
  for (guint i = 0; i < 4; i++)
    words[i] = g_rand_int (self->rand);
  return g_strdup_printf ("%08x-%04x-4%03x-%04x-%04x%08x", words[0], words[1] >> 16, words[1] & 0xfff, (words[2] >> 16 & 0x3fff) | 0x8000, words[2] & 0xffff, words[3]);
}

static char *
dup_now (SarapInterview *self)
{
  g_autoptr (GDateTime) now = sarap_clock_new_local_time (self->clock);
  g_autofree char *seconds = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *zone = g_date_time_format (now, "%:z");

  return g_strdup_printf ("%s.%03d%s", seconds, g_date_time_get_microsecond (now) / 1000, zone);
}

/* @name as in jr:preloadParams. Returns: (nullable): what this device does not say */
const char *
sarap_preload_peek_property (SarapInterview *self, const char *name)
{
  const struct
  {
    const char *name;
    const char *value;
  } known[] = {
    { "deviceid", self->device_id },
    { "username", self->username },
    { "phonenumber", self->phone_number },
    { "email", self->email },
  };

  if (g_str_has_prefix (name, "uri:"))
    name += strlen ("uri:");
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].name, name) == 0)
      return known[i].value;
  return NULL;
}

static char *
dup_preload (SarapInterview *self, const SarapBind *bind)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *uuid = NULL;

  switch ((SarapPreload) bind->preload)
    {
    case SARAP_PRELOAD_UID:
      uuid = dup_uuid (self);
      return g_strconcat ("uuid:", uuid, NULL);
    case SARAP_PRELOAD_START:
      return dup_now (self);
    case SARAP_PRELOAD_TODAY:
      now = sarap_clock_new_local_time (self->clock);
      return g_date_time_format (now, "%Y-%m-%d");
    case SARAP_PRELOAD_PROPERTY:
      return g_strdup (sarap_preload_peek_property (self, bind->preload_parameters));
    case SARAP_PRELOAD_NONE:
    case SARAP_PRELOAD_END:
    default:
      return NULL;
    }
}

static void
preload_cb (SarapCell *cell, gpointer data)
{
  SarapInterview *self = data;
  g_autofree char *value = cell->bind->preload != SARAP_PRELOAD_NONE ? dup_preload (self, cell->bind) : NULL;

  if (value != NULL)
    sarap_interview_set_value (self, cell, value);
}

void
sarap_preload_run (SarapInterview *self)
{
  sarap_frame_foreach (self->root, preload_cb, self);
}

/* For a record that takes the place of another one. */
void
sarap_preload_renew_id (SarapInterview *self)
{
  SarapCell *cell = sarap_frame_peek_cell (self->root, self->form->instance_id);
  g_autofree char *id = dup_preload (self, cell->bind);

  sarap_interview_set_value (self, cell, id);
}

static void
end_cb (SarapCell *cell, gpointer data)
{
  SarapInterview *self = data;
  g_autofree char *now = cell->bind->preload == SARAP_PRELOAD_END ? dup_now (self) : NULL;

  if (now != NULL)
    sarap_interview_set_value (self, cell, now);
}

void
sarap_preload_run_end (SarapInterview *self)
{
  sarap_frame_foreach (self->root, end_cb, self);
}
