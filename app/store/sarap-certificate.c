#include "app/store/sarap-certificate.h"

#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-custody-private.h"
#include "app/store/sarap-store-private.h"

typedef struct
{
  const char *id;
  SarapCertificate *certificate;
  GArray *references;
  GArray *moments;
  gint64 places[SARAP_CERTIFICATE_N_EVENTS];
} Reading;

void
sarap_certificate_free (SarapCertificate *self)
{
  g_free (self->form_id);
  g_free (self->form_version);
  g_free (self->form_hash);
  g_free (self->answers);
  g_free (self->device);
  g_free (self->head);
  g_free (self->receipt);
  g_free (self->server_key);
  g_ptr_array_unref (self->files);
  g_free (self);
}

static void
take (char **place, JsonObject *object, const char *name)
{
  g_free (*place);
  *place = g_strdup (sarap_json_peek_string (object, name));
}

static void
take_moment (Reading *self, SarapCertificateEvent event, JsonObject *manifest, const char *name, gint64 place)
{
  self->certificate->is_known[event] = sarap_custody_read_moment (manifest, name, &self->certificate->moments[event]);
  self->places[event] = place;
}

static void
take_finalized (Reading *self, const SarapCustodyEntry *entry, JsonObject *manifest)
{
  SarapCertificate *certificate = self->certificate;
  JsonObject *form = sarap_json_peek_object (manifest, "form");
  JsonArray *files = sarap_json_peek_array (manifest, "files");

  certificate->sequence = entry->sequence;
  take (&certificate->answers, manifest, "answers");
  if (form != NULL)
    {
      take (&certificate->form_id, form, "id");
      take (&certificate->form_version, form, "version");
      take (&certificate->form_hash, form, "hash");
    }
  for (guint i = 0; files != NULL && i < json_array_get_length (files); i++)
    {
      JsonObject *file = sarap_json_peek_element (files, i);

      g_ptr_array_add (certificate->files, g_strdup_printf ("%s %s", sarap_json_peek_string (file, "name"), sarap_json_peek_string (file, "file")));
    }
  take_moment (self, SARAP_CERTIFICATE_FINALIZED, manifest, "moment", entry->sequence);
  take_moment (self, SARAP_CERTIFICATE_STARTED, manifest, "started", sarap_json_peek_int (manifest, "started_after", 0));
}

static void
take_sent (Reading *self, const SarapCustodyEntry *entry, JsonObject *manifest)
{
  take (&self->certificate->receipt, manifest, "receipt");
  take (&self->certificate->server_key, manifest, "server_key");
  self->certificate->server_time = sarap_json_peek_int (manifest, "server_time", 0);
  take_moment (self, SARAP_CERTIFICATE_SENT, manifest, "moment", entry->sequence);
}

/* Every entry of the chain is evidence of time; those about the record say what is certified. */
static void
take_entry (Reading *self, const SarapCustodyEntry *entry, JsonObject *manifest)
{
  SarapClockReference reference = { .place = entry->sequence, .server = sarap_json_peek_int (manifest, "server_time", 0), .asked = sarap_json_peek_int (manifest, "asked", 0) };

  if (sarap_custody_read_moment (manifest, "moment", &reference.told))
    g_array_append_val (self->moments, reference.told);
  if (reference.server != 0)
    g_array_append_val (self->references, reference);
  if (!g_str_equal (entry->record, self->id))
    return;
  g_free (self->certificate->head);
  self->certificate->head = g_strdup (entry->head);
  if (g_str_equal (entry->event, "finalized"))
    take_finalized (self, entry, manifest);
  else if (g_str_equal (entry->event, "sent"))
    take_sent (self, entry, manifest);
}

static gboolean
read_chain (SarapDatabase *db, gpointer data, GError **error)
{
  Reading *self = data;
  SarapCertificate *certificate = self->certificate;
  g_autoptr (GPtrArray) entries = sarap_custody_list_entries (db, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const SarapCustodyEntry *entry = g_ptr_array_index (entries, i);
      const char *fault;
      g_autoptr (JsonNode) manifest = sarap_custody_check_entry (entry, certificate->device, entry->sequence, NULL, &fault);

      if (fault == NULL)
        take_entry (self, entry, sarap_json_peek_root (manifest));
    }
  if (entries != NULL && certificate->head == NULL)
    return sarap_store_not_found (error, "entry of custody for", self->id);
  for (guint i = 0; entries != NULL && i < SARAP_CERTIFICATE_N_EVENTS; i++)
    if (certificate->is_known[i])
      certificate->intervals[i] = sarap_interval_find (&certificate->moments[i], self->places[i], self->references, self->moments);
  return entries != NULL;
}

/* NOT_FOUND when the chain says nothing of @id. Returns: (transfer full) */
SarapCertificate *
sarap_store_read_certificate (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (SarapCertificate) certificate = g_new0 (SarapCertificate, 1);
  g_autoptr (GArray) references = g_array_new (FALSE, FALSE, sizeof (SarapClockReference));
  g_autoptr (GArray) moments = g_array_new (FALSE, FALSE, sizeof (SarapMoment));
  g_autoptr (SarapCustodyReport) report = sarap_store_check_custody (self, error);
  Reading reading = { .id = id, .certificate = certificate, .references = references, .moments = moments };

  certificate->files = g_ptr_array_new_with_free_func (g_free);
  certificate->device = sarap_keyring_dup_device_key (sarap_store_get_keyring (self));
  if (report == NULL || !sarap_store_read (self, read_chain, &reading, error))
    return NULL;
  for (guint i = 0; i < report->faults->len; i++)
    certificate->n_faults += g_str_equal (((SarapCustodyFault *) g_ptr_array_index (report->faults, i))->record, id);
  return g_steal_pointer (&certificate);
}
