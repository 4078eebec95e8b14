#include "app/form/sarap-names.h"

#include "app/form/sarap-form-private.h"

#include <string.h>

/* An instance name is put together by the form's author, mostly from answers, and so it shows the
 * codes of choices: "akm_kokshetau_csc1 2026-09-21 lunch".
 *
 *  1. A code is read only where it can be one: the choices of those selects that the calculation of
 *     the instance name reads, itself or through other calculations.
 *  2. A code stands between characters that are neither letter, digit nor "_"; the longest that
 *     fits is taken.
 *  3. A code without a letter stays: nothing tells the answer "3" from part of a date.
 *  4. Labels have blanks inside, so a blank beside a label becomes a comma and a blank.
 */

struct _SarapNames
{
  SarapForm *form;
  char *language;
  GHashTable *labels; /* by code */
};

typedef struct
{
  SarapNames *names;
  GHashTable *seen; /* binds */
} Collector;

static gboolean
has_letter (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalpha (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

static gboolean
is_code_character (const char *c)
{
  gunichar character = g_utf8_get_char (c);

  return character == '_' || g_unichar_isalnum (character);
}

static void
add_choices (SarapNames *self, const SarapElement *element)
{
  g_autoptr (GPtrArray) choices = sarap_form_dup_choices (self->form, element, self->language);

  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);

      if (has_letter (choice->value) && *choice->label != '\0' && !g_hash_table_contains (self->labels, choice->value))
        g_hash_table_insert (self->labels, g_strdup (choice->value), g_strdup (choice->label));
    }
}

static void collect_bind (Collector *collector, SarapBind *bind);

static void
collect_path (const char *path, const char *limit, gpointer data)
{
  Collector *collector = data;
  SarapBind *bind = sarap_form_find_bind (collector->names->form, path);

  if (bind != NULL)
    collect_bind (collector, bind);
}

static void
collect_bind (Collector *collector, SarapBind *bind)
{
  if (!g_hash_table_add (collector->seen, bind))
    return;
  if (bind->element != NULL && sarap_element_get_kind (bind->element) == SARAP_ELEMENT_QUESTION)
    add_choices (collector->names, bind->element);
  if (bind->calculate != NULL)
    sarap_xpath_foreach_path (bind->calculate, bind->path, collect_path, collector);
}

/* @language: as in sarap_form_dup_label(). */
SarapNames *
sarap_names_new (SarapForm *form, const char *language)
{
  SarapNames *self = g_new0 (SarapNames, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  Collector collector = { self, seen };

  self->form = g_object_ref (form);
  self->language = g_strdup (language);
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (form->instance_name != NULL)
    collect_bind (&collector, form->instance_name);
  return self;
}

void
sarap_names_free (SarapNames *self)
{
  g_object_unref (self->form);
  g_free (self->language);
  g_hash_table_unref (self->labels);
  g_free (self);
}

/* The longest code at @start. Returns: its label, or NULL; @end is behind it. */
static const char *
find_code (const SarapNames *self, const char *start, const char **end)
{
  const char *label = NULL;
  const char *c = start;

  while (*c != '\0' && is_code_character (c))
    {
      g_autofree char *code = NULL;
      const char *found;

      while (*c != '\0' && is_code_character (c))
        c = g_utf8_next_char (c);
      code = g_strndup (start, c - start);
      found = g_hash_table_lookup (self->labels, code);
      if (found != NULL)
        {
          label = found;
          *end = c;
        }
      if (*c != '\0')
        c = g_utf8_next_char (c);
    }
  return label;
}

/* Rule 4: what stands between two pieces of a name. */
static void
append_between (GString *text, const char *between, gsize length, gboolean is_beside_label)
{
  if (is_beside_label && length == 1 && *between == ' ' && text->len > 0)
    g_string_append (text, ", ");
  else
    g_string_append_len (text, between, length);
}

/* @name with labels for the codes in it; without codes, @name itself. */
char *
sarap_names_dup_readable (const SarapNames *self, const char *name)
{
  GString *text = g_string_new (NULL);
  g_autofree char *stripped = g_strstrip (g_utf8_make_valid (name, -1));
  gboolean was_label = FALSE;
  const char *c = stripped;

  while (*c != '\0')
    {
      const char *between = c;
      const char *start, *end, *label;

      while (*c != '\0' && !is_code_character (c))
        c = g_utf8_next_char (c);
      start = end = c;
      label = find_code (self, start, &end);
      while (label == NULL && *end != '\0' && is_code_character (end))
        end = g_utf8_next_char (end);
      append_between (text, between, start - between, was_label || label != NULL);
      g_string_append_len (text, label ? label : start, label ? (gssize) strlen (label) : end - start);
      was_label = label != NULL;
      c = end;
    }
  return g_string_free (text, FALSE);
}

/* What to call a record named @name: readable, and behind the form's title while it says nothing yet
 * (a date, or nothing at all). */
char *
sarap_names_dup_title (const SarapNames *self, const char *name)
{
  g_autofree char *form = sarap_form_dup_title_part (sarap_form_get_title (self->form), self->language);
  g_autofree char *readable = sarap_names_dup_readable (self, name);

  if (has_letter (readable))
    return g_steal_pointer (&readable);
  return *readable == '\0' ? g_steal_pointer (&form) : g_strconcat (form, ", ", readable, NULL);
}

/* Returns: (transfer full) (nullable): NULL instead of nothing */
static char *
dup_own_label (const SarapNames *self, const SarapElement *element)
{
  g_autofree char *label = element ? sarap_form_dup_label (self->form, element, self->language) : NULL;

  return label != NULL && *label != '\0' ? g_steal_pointer (&label) : NULL;
}

/* Where a page stands: the label of the innermost group around it that has one, else its question's.
 * @page_key: of a SarapPage. Returns: (transfer full) (nullable): NULL when the form has no such place. */
char *
sarap_names_dup_place (const SarapNames *self, const char *page_key)
{
  g_autofree char *path = sarap_path_strip (page_key);
  const SarapElement *question = sarap_form_find_element (self->form, path);
  const SarapElement *element = question;

  if (question != NULL && sarap_element_get_kind (question) == SARAP_ELEMENT_QUESTION)
    element = sarap_element_get_parent (question);
  for (; element != NULL; element = sarap_element_get_parent (element))
    {
      char *label = dup_own_label (self, element);

      if (label != NULL)
        return label;
    }
  return dup_own_label (self, question);
}
