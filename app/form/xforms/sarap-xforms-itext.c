#include "app/form/xforms/sarap-xforms.h"

#include <string.h>

/* Translated texts.
 *
 *  1. A text has a long form (no `form`, or "long") and others: short, guidance, image, audio,
 *     video, big-image.
 *  2. What a language lacks is taken from the default language.
 *  3. The default is the translation that says so, else the first one.
 */

typedef struct _Value Value;

struct _Value
{
  Value *next;
  const char *form; /* NULL: long */
  SarapText *text;
};

typedef struct
{
  const char *name;
  GHashTable *texts; /* id → Value */
} Translation;

struct _SarapItext
{
  GArray *translations;
  GPtrArray *names; /* NULL-terminated */
  int default_index;
};

static void
value_free (gpointer data)
{
  Value *value = data;

  while (value != NULL)
    {
      Value *next = value->next;

      sarap_text_free (value->text);
      g_free (value);
      value = next;
    }
}

SarapItext *
sarap_itext_new (void)
{
  SarapItext *self = g_new0 (SarapItext, 1);

  self->translations = g_array_new (FALSE, FALSE, sizeof (Translation));
  self->names = g_ptr_array_new ();
  g_ptr_array_add (self->names, NULL);
  return self;
}

void
sarap_itext_free (SarapItext *self)
{
  for (guint i = 0; i < self->translations->len; i++)
    g_hash_table_unref (g_array_index (self->translations, Translation, i).texts);
  g_array_unref (self->translations);
  g_ptr_array_unref (self->names);
  g_free (self);
}

/* NULL-terminated, in the order of the form; empty when it has no translations. */
const char *const *
sarap_itext_get_languages (SarapItext *self)
{
  return (const char *const *) self->names->pdata;
}

/* "Kazakh (kk)" has the code "kk". */
static gboolean
has_code (const char *name, const char *code)
{
  const char *open = strrchr (name, '(');
  gsize length = strlen (code);

  return open != NULL && g_ascii_strncasecmp (open + 1, code, length) == 0 && open[1 + length] == ')';
}

/* @language as written or a code; -1 when the form does not have it. */
int
sarap_itext_find_language (SarapItext *self, const char *language)
{
  for (guint i = 0; i + 1 < self->names->len; i++)
    if (strcmp (g_ptr_array_index (self->names, i), language) == 0)
      return (int) i;
  for (guint i = 0; i + 1 < self->names->len; i++)
    if (has_code (g_ptr_array_index (self->names, i), language))
      return (int) i;
  return -1;
}

/* -1 when the form has no translations. */
int
sarap_itext_get_default (SarapItext *self)
{
  return self->translations->len ? self->default_index : -1;
}

static const Value *
find_values (SarapItext *self, int language, const char *id)
{
  if (language < 0 || language >= (int) self->translations->len)
    return NULL;
  return g_hash_table_lookup (g_array_index (self->translations, Translation, language).texts, id);
}

static const SarapText *
find_form (const Value *value, const char *form)
{
  for (; value != NULL; value = value->next)
    if (g_strcmp0 (value->form, form) == 0)
      return value->text;
  return NULL;
}

gboolean
sarap_itext_has (SarapItext *self, const char *id)
{
  for (guint i = 0; i < self->translations->len; i++)
    if (find_values (self, (int) i, id) != NULL)
      return TRUE;
  return FALSE;
}

/* @form NULL is the long one. Returns: (nullable) (transfer none) */
const SarapText *
sarap_itext_find (SarapItext *self, int language, const char *id, const char *form)
{
  const SarapText *text = find_form (find_values (self, language, id), form);

  if (text == NULL && language != self->default_index)
    text = find_form (find_values (self, self->default_index, id), form);
  return text;
}

/* Adds the names of media ("jr://images/x.png" gives "x.png") that texts refer to, each once. */
void
sarap_itext_foreach_media (SarapItext *self, GPtrArray *names)
{
  for (guint i = 0; i < self->translations->len; i++)
    {
      GHashTableIter iter;
      gpointer values;

      g_hash_table_iter_init (&iter, g_array_index (self->translations, Translation, i).texts);
      while (g_hash_table_iter_next (&iter, NULL, &values))
        for (const Value *value = values; value != NULL; value = value->next)
          {
            const char *text = value->text->literals ? value->text->literals[0] : "";
            const char *slash = strrchr (text, '/');

            if (g_str_has_prefix (text, "jr://") && slash != NULL && !g_ptr_array_find_with_equal_func (names, slash + 1, g_str_equal, NULL))
              g_ptr_array_add (names, (gpointer) (slash + 1));
          }
    }
}

static Value *
read_values (SarapXformsReader *reader, const xmlNode *text)
{
  Value *first = NULL;
  Value **end = &first;

  for (const xmlNode *node = sarap_xml_first_element (text, "value"); node != NULL; node = sarap_xml_next_element (node, "value"))
    {
      const char *form = sarap_xml_peek_attribute (node, "form");
      Value *value = g_new0 (Value, 1);

      if (form != NULL && strcmp (form, "long") != 0)
        value->form = sarap_xforms_keep (reader, form);
      value->text = sarap_xforms_read_text (reader, node);
      *end = value;
      end = &value->next;
    }
  return first;
}

static void
read_translation (SarapXformsReader *reader, const xmlNode *node)
{
  SarapItext *self = reader->form->itext;
  const char *name = sarap_xml_peek_attribute (node, "lang");
  Translation translation = { NULL };

  if (name == NULL)
    {
      sarap_xforms_error (reader, node, "A translation has no language: give it lang=\"…\".");
      return;
    }
  if (g_strv_contains (sarap_itext_get_languages (self), name))
    {
      sarap_xforms_error (reader, node, "There are two translations \"%s\": keep one.", name);
      return;
    }
  translation.name = sarap_xforms_keep (reader, name);
  translation.texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, value_free);
  for (const xmlNode *text = sarap_xml_first_element (node, "text"); text != NULL; text = sarap_xml_next_element (text, "text"))
    {
      const char *id = sarap_xml_peek_attribute (text, "id");
      Value *values = id ? read_values (reader, text) : NULL;

      if (id == NULL)
        sarap_xforms_error (reader, text, "A text of translation \"%s\" has no id.", name);
      else if (values != NULL)
        g_hash_table_replace (translation.texts, (gpointer) sarap_xforms_keep (reader, id), values);
    }
  if (sarap_xml_peek_attribute (node, "default") != NULL)
    self->default_index = (int) self->translations->len;
  g_array_append_val (self->translations, translation);
  g_ptr_array_insert (self->names, (int) self->names->len - 1, (gpointer) translation.name);
}

void
sarap_xforms_read_itext (SarapXformsReader *reader)
{
  const xmlNode *itext = sarap_xml_first_element (reader->model, "itext");

  if (itext == NULL)
    return;
  for (const xmlNode *node = sarap_xml_first_element (itext, "translation"); node != NULL; node = sarap_xml_next_element (node, "translation"))
    read_translation (reader, node);
}
