#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* 1. Languages stand in the order in which the texts first name them, the lists of choices before
 *    the questions; in each language the texts stand in that order too.
 * 2. A text without language belongs to default_language ("default" when the settings name none).
 * 3. Every language has every text in every form (long, guidance, image…): what is missing is "-",
 *    except media, which are left out.
 * 4. Ids: "LIST-INDEX" for choices, "PATH:label", "PATH:hint", "PATH:jr:constraintMsg" and
 *    "PATH:jr:requiredMsg" for questions and groups. */

#define MAX_LANGUAGES 100

typedef struct
{
  const char *form; /* long, guidance, image, big-image, audio, video */
  const char *text; /* NULL is missing */
  const SarapXlsElement *context;
} Variant;

typedef struct
{
  char *id;
  GArray *variants; /* Variant */
} Text;

typedef struct
{
  const char *name;
  GPtrArray *texts;
  GHashTable *by_id; /* lent */
} Language;

typedef struct
{
  SarapXlsForm *form;
  GPtrArray *languages;
} Itext;

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->id);
  g_array_unref (text->variants);
  g_free (text);
}

static void
language_free (gpointer data)
{
  Language *language = data;

  g_ptr_array_unref (language->texts);
  g_hash_table_unref (language->by_id);
  g_free (language);
}

static Language *
ensure_language (Itext *self, const char *name)
{
  Language *language;

  for (guint i = 0; i < self->languages->len; i++)
    {
      language = g_ptr_array_index (self->languages, i);
      if (strcmp (language->name, name) == 0)
        return language;
    }
  language = g_new0 (Language, 1);
  language->name = name;
  language->texts = g_ptr_array_new_with_free_func (text_free);
  language->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->languages, language);
  return language;
}

static Text *
ensure_text (Language *language, const char *id)
{
  Text *text = g_hash_table_lookup (language->by_id, id);

  if (text != NULL)
    return text;
  text = g_new0 (Text, 1);
  text->id = g_strdup (id);
  text->variants = g_array_new (FALSE, FALSE, sizeof (Variant));
  g_ptr_array_add (language->texts, text);
  g_hash_table_insert (language->by_id, text->id, text);
  return text;
}

static void
add (Itext *self, const char *language, const char *id, const char *form, const char *value, const SarapXlsElement *context)
{
  Text *text = ensure_text (ensure_language (self, language), id);
  Variant variant = { form, value, context };

  for (guint i = 0; i < text->variants->len; i++)
    if (strcmp (g_array_index (text->variants, Variant, i).form, form) == 0)
      return;
  g_array_append_val (text->variants, variant);
}

/* @value: one text, or one a language; nested maps have no meaning here. */
static void
add_value (Itext *self, const SarapXlsValue *value, const char *id, const char *form, const SarapXlsElement *context)
{
  if (value->text != NULL)
    add (self, self->form->default_language, id, form, value->text, context);
  for (guint i = 0; i < sarap_xls_map_get_length (value); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (value, i);

      if (entry->value->text != NULL)
        add (self, entry->key, id, form, entry->value->text, context);
    }
}

static const char *
get_media_form (const char *name)
{
  static const char *const forms[] = { "image", "big-image", "audio", "video" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strcmp (forms[i], name) == 0)
      return forms[i];
  return NULL;
}

static void
add_media (Itext *self, const SarapXlsValue *media, const char *id, const char *sheet, guint row, const SarapXlsElement *context)
{
  for (guint i = 0; i < sarap_xls_map_get_length (media); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (media, i);
      const char *form = get_media_form (entry->key);

      if (form == NULL)
        sarap_xls_error (self->form, sheet, row, "media", "no such kind of media: '%s'; known are image, big-image, audio and video", entry->key);
      else
        add_value (self, entry->value, id, form, context);
    }
}

static void
add_list (Itext *self, const SarapXlsList *list)
{
  for (guint i = 0; list->needs_itext && i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);
      const SarapXlsValue *label = sarap_xls_map_peek (choice->values, "label");
      g_autofree char *id = g_strdup_printf ("%s-%u", list->name, i);

      if (label != NULL)
        add_value (self, label, id, "long", NULL);
      add_media (self, sarap_xls_map_peek (choice->values, "media"), id, "choices", choice->row, NULL);
    }
}

/* Whether the label of a question or group is a reference to itext. */
gboolean
sarap_xls_needs_itext (const SarapXlsElement *element)
{
  return sarap_xls_value_is_map (sarap_xls_map_peek (element->values, "label")) || sarap_xls_map_get_length (sarap_xls_map_peek (element->values, "media")) > 0;
}

static void
add_message (Itext *self, const SarapXlsElement *element, const char *name, gboolean may_refer)
{
  const SarapXlsValue *value = sarap_xls_map_peek (sarap_xls_map_peek (element->values, "bind"), name);
  g_autofree char *id = g_strdup_printf ("%s:%s", element->path, name);

  if (sarap_xls_value_is_map (value) || (value != NULL && may_refer && sarap_xls_has_reference (value->text)))
    add_value (self, value, id, "long", element);
}

static void
add_label_and_hints (Itext *self, const SarapXlsElement *element)
{
  const SarapXlsValue *label = sarap_xls_map_peek (element->values, "label");
  const SarapXlsValue *hint = sarap_xls_map_peek (element->values, "hint");
  const SarapXlsValue *guidance = sarap_xls_map_peek (element->values, "guidance_hint");
  g_autofree char *label_id = g_strconcat (element->path, ":label", NULL);
  g_autofree char *hint_id = g_strconcat (element->path, ":hint", NULL);

  if (label != NULL && sarap_xls_needs_itext (element))
    add_value (self, label, label_id, "long", element);
  if (hint != NULL && (sarap_xls_value_is_map (hint) || guidance != NULL))
    add_value (self, hint, hint_id, "long", element);
  if (guidance != NULL)
    add_value (self, guidance, hint_id, "guidance", element);
}

static gboolean
has_texts (const SarapXlsElement *element)
{
  return element->kind == SARAP_XLS_QUESTION || element->kind == SARAP_XLS_GROUP || element->kind == SARAP_XLS_REPEAT;
}

static void
add_texts_cb (SarapXlsForm *form, SarapXlsElement *element, gpointer data)
{
  if (!has_texts (element))
    return;
  add_message (data, element, "jr:constraintMsg", TRUE);
  add_message (data, element, "jr:requiredMsg", TRUE);
  add_message (data, element, "jr:noAppErrorString", FALSE);
  add_label_and_hints (data, element);
}

static void
add_media_cb (SarapXlsForm *form, SarapXlsElement *element, gpointer data)
{
  g_autofree char *id = g_strconcat (element->path, ":label", NULL);

  if (has_texts (element))
    add_media (data, sarap_xls_map_peek (element->values, "media"), id, "survey", element->row, element);
}

/* Gives every language what any language has. */
static void
fill_gaps (Itext *self)
{
  for (guint i = 0; i < self->languages->len; i++)
    {
      const Language *source = g_ptr_array_index (self->languages, i);
      guint n = source->texts->len;

      for (guint j = 0; j < n; j++)
        {
          const Text *text = g_ptr_array_index (source->texts, j);

          for (guint k = 0; k < self->languages->len; k++)
            for (guint v = 0; v < text->variants->len; v++)
              add (self, ((Language *) g_ptr_array_index (self->languages, k))->name, text->id, g_array_index (text->variants, Variant, v).form, NULL, NULL);
        }
    }
}

static void
write_variant (Itext *self, GString *out, const Variant *variant)
{
  gboolean is_media = get_media_form (variant->form) != NULL;
  gboolean is_image = g_str_has_suffix (variant->form, "image");
  g_autofree char *text = NULL;

  if (is_media && (variant->text == NULL || strcmp (variant->text, "-") == 0))
    return;
  g_string_append (out, "<value");
  if (strcmp (variant->form, "long") != 0)
    sarap_xls_append_attribute (out, "form", variant->form);
  g_string_append_c (out, '>');
  if (is_media)
    text = g_strdup_printf ("jr://%s/%s", is_image ? "images" : variant->form, variant->text);
  else
    text = g_strdup (variant->text ? variant->text : "-");
  sarap_xls_append_output (self->form, out, text, variant->context);
  g_string_append (out, "</value>");
}

static void
write_language (Itext *self, GString *out, const Language *language)
{
  g_string_append (out, "<translation");
  sarap_xls_append_attribute (out, "lang", language->name);
  if (strcmp (language->name, self->form->default_language) == 0)
    sarap_xls_append_attribute (out, "default", "true()");
  g_string_append_c (out, '>');
  for (guint i = 0; i < language->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (language->texts, i);

      g_string_append (out, "<text");
      sarap_xls_append_attribute (out, "id", text->id);
      g_string_append_c (out, '>');
      for (guint j = 0; j < text->variants->len; j++)
        write_variant (self, out, &g_array_index (text->variants, Variant, j));
      g_string_append (out, "</text>");
    }
  g_string_append (out, "</translation>");
}

/* Writes nothing when no text needs it. */
void
sarap_xls_write_itext (SarapXlsForm *self, GString *out)
{
  g_autoptr (GPtrArray) languages = g_ptr_array_new_with_free_func (language_free);
  Itext itext = { self, languages };

  for (guint i = 0; i < self->lists->len; i++)
    add_list (&itext, g_ptr_array_index (self->lists, i));
  sarap_xls_visit (self, self->root, add_texts_cb, &itext);
  sarap_xls_visit (self, self->root, add_media_cb, &itext);
  if (languages->len > MAX_LANGUAGES)
    sarap_xls_error (self, "survey", 1, NULL, "more than %d languages", MAX_LANGUAGES);
  if (languages->len == 0 || languages->len > MAX_LANGUAGES)
    return;
  fill_gaps (&itext);
  g_string_append (out, "<itext>");
  for (guint i = 0; i < languages->len; i++)
    write_language (&itext, out, g_ptr_array_index (languages, i));
  g_string_append (out, "</itext>");
}
