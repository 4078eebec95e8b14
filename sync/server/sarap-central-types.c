#include "sync/server/sarap-central-types.h"

SarapCentralForm *
sarap_central_form_new (void)
{
  return g_atomic_rc_box_new0 (SarapCentralForm);
}

SarapCentralForm *
sarap_central_form_ref (SarapCentralForm *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_form (SarapCentralForm *self)
{
  g_free (self->xml_form_id);
  g_free (self->version);
  g_free (self->title);
  g_free (self->hash);
  g_free (self->state);
  g_strfreev (self->file_paths);
  g_clear_pointer (&self->xml, g_bytes_unref);
}

void
sarap_central_form_unref (SarapCentralForm *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_form);
}

gboolean
sarap_form_state_is_known (const char *state)
{
  static const char *const states[] = { "open", "closing", "closed", NULL };

  return g_strv_contains (states, state);
}

SarapCentralFile *
sarap_central_file_new (const char *name, const char *sha256, gint64 size)
{
  SarapCentralFile *file = g_new0 (SarapCentralFile, 1);

  file->name = g_strdup (name);
  file->sha256 = g_strdup (sha256);
  file->size = size;
  return file;
}

void
sarap_central_file_free (SarapCentralFile *file)
{
  g_free (file->name);
  g_free (file->sha256);
  g_free (file->md5);
  g_free (file);
}

void
sarap_central_project_free (SarapCentralProject *project)
{
  g_free (project->name);
  g_free (project);
}

void
sarap_project_keys_free (SarapProjectKeys *keys)
{
  g_free (keys->use_key);
  g_free (keys->spare_key);
  g_free (keys->use_proof);
  g_free (keys->spare_proof);
  g_free (keys);
}

void
sarap_app_user_free (SarapAppUser *user)
{
  g_free (user->name);
  g_free (user);
}

void
sarap_supervisor_free (SarapSupervisor *supervisor)
{
  g_free (supervisor->email);
  g_free (supervisor->password_hash);
  g_free (supervisor);
}

void
sarap_central_submission_free (SarapCentralSubmission *submission)
{
  g_free (submission->instance_id);
  g_free (submission->xml_form_id);
  g_free (submission->version);
  g_free (submission->submitter);
  g_free (submission->instance_name);
  g_free (submission->superseded_by);
  g_free (submission->review_state);
  g_free (submission->comment);
  g_free (submission->sha256);
  g_free (submission);
}

void
sarap_central_event_free (SarapCentralEvent *event)
{
  g_free (event->instance_id);
  g_free (event->actor);
  g_free (event->state);
  g_free (event->body);
  g_free (event);
}

void
sarap_quarantined_free (SarapQuarantined *quarantined)
{
  g_free (quarantined->submitter);
  g_free (quarantined->instance_id);
  g_free (quarantined->reason);
  g_free (quarantined->sha256);
  g_free (quarantined->decision);
  g_free (quarantined->decided_by);
  g_free (quarantined->comment);
  g_free (quarantined->accepted_as);
  g_clear_pointer (&quarantined->xml, g_bytes_unref);
  g_clear_pointer (&quarantined->files, g_ptr_array_unref);
  g_free (quarantined);
}

SarapParcel *
sarap_parcel_new (void)
{
  SarapParcel *parcel = g_new0 (SarapParcel, 1);

  parcel->expected = g_ptr_array_new_with_free_func (g_free);
  parcel->files = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_file_free);
  parcel->stored = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_file_free);
  return parcel;
}

void
sarap_parcel_free (SarapParcel *parcel)
{
  g_clear_pointer (&parcel->form, sarap_central_form_unref);
  g_free (parcel->xml_form_id);
  g_free (parcel->version);
  g_free (parcel->submitter);
  g_free (parcel->instance_id);
  g_free (parcel->deprecated_id);
  g_free (parcel->instance_name);
  g_free (parcel->region);
  g_free (parcel->centre);
  g_clear_pointer (&parcel->xml, g_bytes_unref);
  g_free (parcel->sha256);
  g_ptr_array_unref (parcel->expected);
  g_ptr_array_unref (parcel->files);
  g_free (parcel->unplaced);
  g_free (parcel->message);
  g_ptr_array_unref (parcel->stored);
  g_free (parcel);
}
