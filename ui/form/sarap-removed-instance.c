#include "ui/form/sarap-removed-instance.h"

#include <string.h>

struct _SarapRemovedInstance
{
  SarapInterview *interview;
  char *path;
  GPtrArray *content; /* (element-type SarapChange), references begin after the instance's own */
};

static GPtrArray *
dup_content (SarapInterview *interview, const char *ref)
{
  g_autoptr (GPtrArray) state = sarap_interview_dup_state (interview);
  GPtrArray *content = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);
  g_autofree char *prefix = g_strconcat (ref, "/", NULL);

  for (guint i = 0; i < state->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (state, i);

      if (g_str_has_prefix (change->ref, prefix))
        g_ptr_array_add (content, sarap_change_new (change->kind, change->ref + strlen (ref), change->value));
    }
  return content;
}

/* Removes the instance @ref. Returns: (transfer full): NULL when it cannot be removed. */
SarapRemovedInstance *
sarap_removed_instance_take (SarapInterview *interview, const char *ref, GError **error)
{
  g_autoptr (GPtrArray) content = dup_content (interview, ref);
  const char *bracket = strrchr (ref, '[');
  SarapRemovedInstance *self;

  if (!sarap_interview_remove_instance (interview, ref, error))
    return NULL;
  self = g_new0 (SarapRemovedInstance, 1);
  self->interview = g_object_ref (interview);
  self->path = bracket != NULL ? g_strndup (ref, bracket - ref) : g_strdup (ref);
  self->content = g_steal_pointer (&content);
  return self;
}

static void
restore_change (SarapRemovedInstance *self, const char *instance, const SarapChange *change)
{
  g_autofree char *ref = g_strconcat (instance, change->ref, NULL);
  gboolean is_there = sarap_interview_get_element (self->interview, ref) != NULL;
  const char *bracket = strrchr (ref, '[');

  if (change->kind == SARAP_CHANGE_REPEAT && bracket != NULL)
    {
      g_autofree char *path = g_strndup (ref, bracket - ref);
      g_autofree char *made = NULL;

      if (sarap_interview_get_n_instances (self->interview, path) < g_ascii_strtoull (bracket + 1, NULL, 10))
        made = sarap_interview_add_instance (self->interview, path, NULL);
    }
  else if (change->kind == SARAP_CHANGE_VALUE && change->value != NULL && is_there)
    sarap_interview_answer (self->interview, ref, change->value, NULL);
}

/* Puts it back as the last instance: what people answered; the rest is calculated anew. Returns:
 * (transfer full): its ref. */
char *
sarap_removed_instance_restore (SarapRemovedInstance *self, GError **error)
{
  char *instance = sarap_interview_add_instance (self->interview, self->path, error);

  for (guint i = 0; instance != NULL && i < self->content->len; i++)
    restore_change (self, instance, g_ptr_array_index (self->content, i));
  return instance;
}

void
sarap_removed_instance_free (SarapRemovedInstance *self)
{
  g_object_unref (self->interview);
  g_free (self->path);
  g_ptr_array_unref (self->content);
  g_free (self);
}
