#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* Order in the model: submission, itext, primary instance, secondary instances, then for every
 * element in the survey's order its bind and the actions of its first load. A repeat stands twice
 * in the primary instance, as template and as first instance; repeats inside the first instance
 * need no template of their own, repeats inside groups of a template do. */

void
sarap_xls_append_attribute (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, " %s=\"", name);
  sarap_xml_append_escaped (out, value, TRUE);
  g_string_append_c (out, '"');
}

void
sarap_xls_append_text_element (GString *out, const char *name, const char *text)
{
  g_string_append_printf (out, "<%s>", name);
  sarap_xml_append_escaped (out, text, FALSE);
  g_string_append_printf (out, "</%s>", name);
}

static const char *
get (const SarapXlsElement *element, const char *key)
{
  return sarap_xls_map_peek_text (element->values, key);
}

static void
append_setting (SarapXlsForm *self, GString *out, const char *setting, const char *attribute)
{
  const char *value = sarap_xls_map_peek_text (self->settings, setting);

  if (value != NULL)
    sarap_xls_append_attribute (out, attribute, value);
}

static void
write_submission (SarapXlsForm *self, GString *out)
{
  g_autoptr (GString) attributes = g_string_new (NULL);
  gboolean is_editable = FALSE;

  append_setting (self, attributes, "submission_url", "action");
  if (attributes->len > 0)
    sarap_xls_append_attribute (attributes, "method", "post");
  append_setting (self, attributes, "public_key", "base64RsaPublicKey");
  append_setting (self, attributes, "auto_send", "orx:auto-send");
  append_setting (self, attributes, "auto_delete", "orx:auto-delete");
  sarap_xls_parse_yes_no (sarap_xls_map_peek_text (self->settings, "client_editable"), &is_editable);
  if (is_editable)
    sarap_xls_append_attribute (attributes, "odk:client-editable", "true");
  if (attributes->len > 0)
    g_string_append_printf (out, "<submission%s/>", attributes->str);
}

static void write_instance (SarapXlsForm *self, GString *out, const SarapXlsElement *element, gboolean in_instance);

static void
append_own_attributes (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  const SarapXlsValue *instance = sarap_xls_map_peek (element->values, "instance");

  for (guint i = 0; i < sarap_xls_map_get_length (instance); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (instance, i);
      g_autofree char *value = entry->value->text ? sarap_xls_resolve (self, entry->value->text, element, SARAP_XLS_PLAIN) : NULL;

      if (value != NULL && sarap_xls_is_name (entry->key))
        sarap_xls_append_attribute (out, entry->key, value);
    }
  for (guint i = 0; i < element->children->len; i++)
    {
      const SarapXlsElement *child = g_ptr_array_index (element->children, i);

      if (child->kind == SARAP_XLS_ATTRIBUTE)
        sarap_xls_append_attribute (out, child->name, get (child, "value"));
    }
}

static void
write_template (SarapXlsForm *self, GString *out, const SarapXlsElement *repeat)
{
  g_string_append_printf (out, "<%s jr:template=\"\">", repeat->name);
  for (guint i = 0; i < repeat->children->len; i++)
    {
      const SarapXlsElement *child = g_ptr_array_index (repeat->children, i);

      if (child->kind == SARAP_XLS_REPEAT)
        write_template (self, out, child);
      else
        write_instance (self, out, child, FALSE);
    }
  g_string_append_printf (out, "</%s>", repeat->name);
}

static void
write_children (SarapXlsForm *self, GString *out, const SarapXlsElement *element, gboolean in_instance)
{
  for (guint i = 0; i < element->children->len; i++)
    {
      const SarapXlsElement *child = g_ptr_array_index (element->children, i);
      gboolean is_repeat = child->kind == SARAP_XLS_REPEAT;

      if (is_repeat && !in_instance)
        write_template (self, out, child);
      write_instance (self, out, child, in_instance || is_repeat);
    }
}

static const char *
get_static_default (const SarapXlsElement *element)
{
  return element->kind == SARAP_XLS_QUESTION && !element->is_dynamic ? get (element, "default") : NULL;
}

/* @in_instance: inside the first instance of a repeat. */
static void
write_instance (SarapXlsForm *self, GString *out, const SarapXlsElement *element, gboolean in_instance)
{
  const char *text = get_static_default (element);
  gsize before;

  if (element->kind == SARAP_XLS_ATTRIBUTE || element->kind == SARAP_XLS_EXTERNAL)
    return;
  if (sarap_xls_is_flat (element))
    {
      write_children (self, out, element, in_instance);
      return;
    }
  g_string_append_printf (out, "<%s", element->name);
  append_own_attributes (self, out, element);
  g_string_append_c (out, '>');
  before = out->len;
  if (text != NULL)
    sarap_xml_append_escaped (out, text, FALSE);
  else if (element->kind != SARAP_XLS_QUESTION)
    write_children (self, out, element, in_instance);
  if (out->len == before)
    g_string_overwrite (out, out->len - 1, "/>");
  else
    g_string_append_printf (out, "</%s>", element->name);
}

/* Settings with a column of their own count more than `attribute::` columns of the same name. */
static void
append_root_attributes (SarapXlsForm *self, GString *out)
{
  static const char *const settings[][2] = { { "id_string", "id" }, { "instance_xmlns", "xmlns" }, { "version", "version" }, { "prefix", "odk:prefix" }, { "delimiter", "odk:delimiter" } };
  g_autoptr (SarapXlsValue) attributes = sarap_xls_map_new ();
  const SarapXlsValue *own = sarap_xls_map_peek (self->settings, "attribute");

  for (guint i = 0; i < sarap_xls_map_get_length (own); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (own, i);

      if (entry->value->text != NULL && sarap_xls_is_name (entry->key))
        sarap_xls_map_set (attributes, entry->key, entry->value->text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (sarap_xls_map_peek_text (self->settings, settings[i][0]) != NULL)
      sarap_xls_map_set (attributes, settings[i][1], sarap_xls_map_peek_text (self->settings, settings[i][0]));
  for (guint i = 0; i < sarap_xls_map_get_length (attributes); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (attributes, i);

      sarap_xls_append_attribute (out, entry->key, entry->value->text);
    }
}

static void
write_primary_instance (SarapXlsForm *self, GString *out)
{
  g_string_append_printf (out, "<instance><%s", self->root_name);
  append_root_attributes (self, out);
  g_string_append_c (out, '>');
  write_children (self, out, self->root, FALSE);
  g_string_append_printf (out, "</%s></instance>", self->root_name);
}

/* yes and no in the columns that are expressions. */
static const char *
convert_yes_no (const char *name, const char *text)
{
  static const char *const names[] = { "readonly", "required", "relevant", "constraint", "calculate", "sarap:sensitive", NULL };
  gboolean value;

  if (!g_strv_contains (names, name) || !sarap_xls_parse_yes_no (text, &value))
    return text;
  return value ? "true()" : "false()";
}

/* A message with languages or references is a text of its own. */
static char *
dup_message (const SarapXlsElement *element, const SarapXlsEntry *entry)
{
  gboolean may_refer = strcmp (entry->key, "jr:constraintMsg") == 0 || strcmp (entry->key, "jr:requiredMsg") == 0;

  if (!may_refer && strcmp (entry->key, "jr:noAppErrorString") != 0)
    return NULL;
  if (sarap_xls_value_is_map (entry->value) || (may_refer && sarap_xls_has_reference (entry->value->text)))
    return g_strdup_printf ("jr:itext('%s:%s')", element->path, entry->key);
  return NULL;
}

static void
append_bind (SarapXlsForm *self, GString *out, const SarapXlsElement *element, const SarapXlsEntry *entry)
{
  g_autofree char *message = dup_message (element, entry);
  g_autofree char *value = NULL;

  if (message != NULL)
    {
      sarap_xls_append_attribute (out, entry->key, message);
      return;
    }
  if (entry->value->text == NULL || !sarap_xls_is_name (entry->key) || strcmp (entry->key, "nodeset") == 0)
    {
      sarap_xls_error (self, "survey", element->row, entry->key, "this column cannot have languages or further words");
      return;
    }
  value = sarap_xls_resolve (self, convert_yes_no (entry->key, entry->value->text), element, SARAP_XLS_PLAIN);
  sarap_xls_append_attribute (out, entry->key, value);
}

static void
write_bind (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  const SarapXlsValue *bind = sarap_xls_map_peek (element->values, "bind");

  if (element->kind == SARAP_XLS_EXTERNAL || sarap_xls_is_flat (element) || sarap_xls_map_get_length (bind) == 0)
    return;
  g_string_append (out, "<bind");
  sarap_xls_append_attribute (out, "nodeset", element->path);
  for (guint i = 0; i < sarap_xls_map_get_length (bind); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (bind, i);

      if (element->triggers == NULL || strcmp (entry->key, "calculate") != 0)
        append_bind (self, out, element, entry);
    }
  g_string_append (out, "/>");
}

/* An action of @element itself; its value is the action's own or the default. */
void
sarap_xls_write_action (SarapXlsForm *self, GString *out, const SarapXlsElement *element, const SarapXlsAction *action)
{
  const char *text = action->value ? action->value : get (element, "default");
  g_autofree char *value = text ? sarap_xls_resolve (self, text, element, SARAP_XLS_PLAIN) : NULL;

  g_string_append_printf (out, "<%s", action->name);
  sarap_xls_append_attribute (out, "ref", element->path);
  sarap_xls_append_attribute (out, "event", action->event);
  if (value != NULL && strcmp (action->name, "setvalue") == 0)
    sarap_xls_append_attribute (out, "value", value);
  if (action->quality != NULL)
    sarap_xls_append_attribute (out, "odk:quality", action->quality);
  g_string_append (out, "/>");
}

static void
write_bind_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  write_bind (self, data, element);
  for (guint i = 0; i < element->actions->len; i++)
    {
      const SarapXlsAction *action = g_ptr_array_index (element->actions, i);

      if (strcmp (action->event, "odk-new-repeat") != 0)
        sarap_xls_write_action (self, data, element, action);
    }
}

void
sarap_xls_write_model (SarapXlsForm *self, GString *out)
{
  g_string_append (out, "<model");
  sarap_xls_append_attribute (out, "odk:xforms-version", "1.0.0");
  if (self->entities_version != NULL)
    sarap_xls_append_attribute (out, "entities:entities-version", self->entities_version);
  g_string_append_c (out, '>');
  write_submission (self, out);
  sarap_xls_write_itext (self, out);
  write_primary_instance (self, out);
  sarap_xls_write_instances (self, out);
  sarap_xls_visit (self, self->root, write_bind_cb, out);
  g_string_append (out, "</model>");
}
