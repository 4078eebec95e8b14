#include "app/form/sarap-move.h"

#include <string.h>

#include "app/form/sarap-interview-private.h"

/* A draft in a new version of its form.
 *
 *  1. Answers are matched by path. The name of the root, which the form's author does not choose knowingly, may differ.
 *  2. An answer fits when the new version shows the same text at the same reference and that text is a value there
 *     (or was none before either: then the person goes on mending it).
 *  3. What does not fit is set aside whole; of several choices those that are left stay chosen. Only questions have answers to be set aside:
 *     calculations are made anew.
 *  4. Instances of what is no repeat any more: the first one's answers stay, the others' are set aside.
 *  5. The record keeps its ID.
 */

SarapAside *
sarap_aside_new (const char *ref, const char *label, const char *value, const char *text)
{
  SarapAside *self = g_new0 (SarapAside, 1);

  self->ref = g_strdup (ref);
  self->label = g_strdup (label);
  self->value = g_strdup (value);
  self->text = g_strdup (text);
  return self;
}

void
sarap_aside_free (SarapAside *self)
{
  g_free (self->ref);
  g_free (self->label);
  g_free (self->value);
  g_free (self->text);
  g_free (self);
}

typedef struct
{
  SarapInterview *old;
  SarapInterview *new;
  GPtrArray *aside;
} Move;

/* @ref of @old as it is written in @form. */
static char *
dup_moved_ref (SarapInterview *old, SarapForm *form, const char *ref)
{
  const char *rest = ref + 1 + strlen (old->form->root->name);

  return g_strconcat ("/", form->root->name, rest, NULL);
}

/* The root's attributes, its version among them, are the new form's own. */
static GPtrArray *
dup_moved_state (SarapInterview *old, SarapForm *form)
{
  g_autoptr (GPtrArray) state = sarap_interview_dup_state (old);
  GPtrArray *moved = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);
  g_autofree char *own = g_strconcat ("/", form->root->name, "/@", NULL);

  for (guint i = 0; i < state->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (state, i);
      g_autofree char *ref = dup_moved_ref (old, form, change->ref);

      if (!g_str_has_prefix (ref, own))
        g_ptr_array_add (moved, sarap_change_new (change->kind, ref, change->value));
    }
  return moved;
}

static void
set_aside (Move *move, const SarapCell *cell, const char *ref)
{
  g_autofree char *label = sarap_interview_dup_label (move->old, ref);
  g_autofree char *text = sarap_interview_dup_display_value (move->old, ref);
  const char *value = sarap_cell_peek_text (cell);

  g_ptr_array_add (move->aside, sarap_aside_new (ref, label != NULL && *label != '\0' ? label : cell->bind->name, value, text != NULL && *text != '\0' ? text : value));
}

static gboolean
is_same_place (const SarapCell *cell, const char *ref)
{
  g_autofree char *own = sarap_cell_dup_ref (cell);
  const char *a = own, *b = ref;

  /* rep[1]/q of old may be g/q now, or the other way round */
  while (*a != '\0' && *b != '\0')
    {
      if (g_str_has_prefix (a, "[1]") && *b != '[')
        a += 3;
      else if (g_str_has_prefix (b, "[1]") && *a != '[')
        b += 3;
      else if (*a++ != *b++)
        return FALSE;
    }
  return strcmp (g_str_has_prefix (a, "[1]") ? a + 3 : a, g_str_has_prefix (b, "[1]") ? b + 3 : b) == 0;
}

/* What of @text is a value at @cell. Returns: (transfer full) */
static char *
dup_accepted (SarapInterview *interview, SarapCell *cell, const char *text)
{
  g_autofree char *kept = NULL;

  if (cell->typed != NULL)
    return g_strdup ("");
  if (cell->bind->element == NULL || !cell->bind->element->is_select || !sarap_choices_keep_valid (interview, cell, text, &kept))
    return g_strdup (text);
  return g_steal_pointer (&kept);
}

static void
look_at_cell (SarapCell *cell, gpointer data)
{
  Move *move = data;
  const char *text = sarap_cell_peek_text (cell);
  g_autofree char *ref = NULL;
  g_autofree char *moved = NULL;
  g_autofree char *before = NULL;
  g_autofree char *accepted = NULL;
  SarapCell *place;

  if (cell->bind->element == NULL || !cell->bind->is_leaf || *text == '\0')
    return;
  ref = sarap_cell_dup_ref (cell);
  moved = dup_moved_ref (move->old, move->new->form, ref);
  place = sarap_interview_find_cell (move->new, moved);
  if (place == NULL || !is_same_place (place, moved) || strcmp (sarap_cell_peek_text (place), text) != 0)
    {
      set_aside (move, cell, ref);
      return;
    }
  before = dup_accepted (move->old, cell, text);
  accepted = dup_accepted (move->new, place, text);
  if (strcmp (accepted, text) == 0 || strcmp (before, text) != 0)
    return;
  set_aside (move, cell, ref);
  sarap_interview_answer (move->new, moved, accepted, NULL);
}

/* @old is left as it was. @aside (element-type SarapAside): what did not fit, in the order of the old version.
 * REFERENCE when @form would give the record another ID. Returns: (transfer full) */
SarapInterview *
sarap_interview_move (SarapInterview *old, SarapForm *form, const SarapInterviewSettings *settings, GPtrArray **aside, GError **error)
{
  g_autoptr (GPtrArray) state = dup_moved_state (old, form);
  g_autoptr (SarapInterview) new = sarap_interview_restore (form, old->clock, settings, state, NULL, error);
  Move move = { old, new, NULL };

  if (new == NULL)
    return NULL;
  if (strcmp (sarap_interview_get_instance_id (new), sarap_interview_get_instance_id (old)) != 0)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REFERENCE, "the new version of %s has no place for the record's ID", sarap_form_get_id (form));
      return NULL;
    }
  if (sarap_interview_get_language (old) != NULL)
    sarap_interview_set_language (new, sarap_interview_get_language (old));
  move.aside = *aside = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_aside_free);
  sarap_frame_foreach (old->root, look_at_cell, &move);
  return g_steal_pointer (&new);
}
