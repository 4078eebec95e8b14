#include "app/form/xlsform/sarap-xlsform.h"

#include "app/base/sarap-file.h"
#include "app/base/sarap-xml.h"
#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

#define MAX_WORKBOOK (200u * 1024 * 1024)

static void
form_clear (SarapXlsForm *self)
{
  sarap_xls_table_free (self->survey);
  sarap_xls_table_free (self->choices);
  sarap_xls_table_free (self->external_choices);
  sarap_xls_table_free (self->osm);
  sarap_xls_table_free (self->entities);
  sarap_xls_table_free (self->settings_table);
  sarap_xls_value_free (self->settings);
  g_free (self->default_language);
  g_free (self->root_name);
  g_free (self->id);
  g_clear_pointer (&self->lists_by_name, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->triggered, g_hash_table_unref);
  g_clear_pointer (&self->meta, g_ptr_array_unref);
  g_clear_pointer (&self->declarations, g_ptr_array_unref);
  sarap_xls_element_free (self->root);
  sarap_workbook_free (self->workbook);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapXlsForm, form_clear)

/* "My form.xlsx" → "My form". */
static char *
dup_stem (const char *file)
{
  g_autofree char *base = g_path_get_basename (file ? file : "data");
  char *point = strrchr (base, '.');

  if (point != NULL && point != base)
    *point = '\0';
  return g_steal_pointer (&base);
}

static void
read_settings (SarapXlsForm *self, const char *file)
{
  const char *name = sarap_xls_map_peek_text (self->settings, "name");

  if (name != NULL && !sarap_xls_is_name (name))
    sarap_xls_error (self, "settings", 2, "name", "'%s' is no name: it must begin with a letter or '_', then letters, digits, '_', '-' or '.'", name);
  self->root_name = g_strdup (name ? name : "data");
  if (sarap_xls_map_peek (self->settings, "id_string") == NULL)
    {
      g_autofree char *stem = dup_stem (file);

      sarap_xls_map_set (self->settings, "id_string", stem);
    }
}

static gboolean
has_sensitive_column (const SarapXlsTable *table)
{
  for (guint i = 0; table != NULL && i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);

      if (column->path != NULL && column->path[0] != NULL && g_strcmp0 (column->path[1], "sarap:sensitive") == 0)
        return TRUE;
    }
  return FALSE;
}

static const char *const standard_namespaces[][2] = {
  { "xmlns", "http://www.w3.org/2002/xforms" },
  { "xmlns:h", "http://www.w3.org/1999/xhtml" },
  { "xmlns:ev", "http://www.w3.org/2001/xml-events" },
  { "xmlns:xsd", "http://www.w3.org/2001/XMLSchema" },
  { "xmlns:jr", "http://openrosa.org/javarosa" },
  { "xmlns:orx", "http://openrosa.org/xforms" },
  { "xmlns:odk", "http://www.opendatakit.org/xforms" },
};

/* Prefix → URI of the setting `namespaces` (a="http://…" b="…"), in order and without those of the
 * standard. Returns: (transfer full) a map */
static SarapXlsValue *
read_namespaces (SarapXlsForm *self)
{
  const char *own = sarap_xls_map_peek_text (self->settings, "namespaces");
  g_auto (GStrv) words = g_strsplit_set (own ? own : "", " \t\r\n", -1);
  SarapXlsValue *namespaces = sarap_xls_map_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');
      gboolean is_standard = FALSE;

      if (equals == NULL || strchr (equals + 1, '=') != NULL)
        continue;
      *equals = '\0';
      g_strdelimit (equals + 1, "\"'", ' ');
      for (guint j = 1; j < G_N_ELEMENTS (standard_namespaces); j++)
        is_standard |= strcmp (standard_namespaces[j][0] + strlen ("xmlns:"), words[i]) == 0;
      if (sarap_xls_is_name (words[i]) && strchr (words[i], ':') == NULL && !is_standard && sarap_xls_map_peek (namespaces, words[i]) == NULL)
        sarap_xls_map_set (namespaces, words[i], g_strstrip (equals + 1));
    }
  if (self->entities_version != NULL)
    sarap_xls_map_set (namespaces, "entities", "http://www.opendatakit.org/xforms/entities");
  if (has_sensitive_column (self->survey))
    sarap_xls_map_set (namespaces, "sarap", "https://sarap.org/xforms");
  return namespaces;
}

static void
append_namespaces (SarapXlsForm *self, GString *out)
{
  g_autoptr (SarapXlsValue) namespaces = read_namespaces (self);

  for (guint i = 0; i < G_N_ELEMENTS (standard_namespaces); i++)
    sarap_xls_append_attribute (out, standard_namespaces[i][0], standard_namespaces[i][1]);
  for (guint i = 0; i < sarap_xls_map_get_length (namespaces); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (namespaces, i);
      g_autofree char *attribute = g_strconcat ("xmlns:", entry->key, NULL);

      sarap_xls_append_attribute (out, attribute, entry->value->text);
    }
}

static gboolean
is_declared (const SarapXlsValue *namespaces, const char *prefix)
{
  for (guint i = 1; i < G_N_ELEMENTS (standard_namespaces); i++)
    if (strcmp (standard_namespaces[i][0] + strlen ("xmlns:"), prefix) == 0)
      return TRUE;
  return sarap_xls_map_peek (namespaces, prefix) != NULL;
}

/* Attributes that the author adds (bind::a:b) need a declaration of their prefix. */
static void
check_prefixes (SarapXlsForm *self, const SarapXlsTable *table)
{
  static const char *const adding[] = { "bind", "control", "instance", "attribute", NULL };
  g_autoptr (SarapXlsValue) namespaces = read_namespaces (self);

  for (guint i = 0; table != NULL && i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);
      const char *name = column->path && column->path[0] ? column->path[1] : NULL;
      const char *colon = name ? strchr (name, ':') : NULL;
      g_autofree char *prefix = colon ? g_strndup (name, colon - name) : NULL;

      if (prefix != NULL && g_strv_contains (adding, column->path[0]) && strcmp (prefix, "entities") != 0 && !is_declared (namespaces, prefix))
        sarap_xls_warn (self, table->name, 1, column->header, "the prefix '%s' is declared nowhere; add %s=\"URI\" to the setting namespaces", prefix, prefix);
    }
}

static GBytes *
write_form (SarapXlsForm *self)
{
  GString *out = g_string_new ("<?xml version=\"1.0\"?><h:html");
  g_autoptr (GString) body = g_string_new (NULL);
  const char *title = sarap_xls_map_peek_text (self->settings, "title");

  g_free (self->id);
  self->id = g_strdup (sarap_xls_map_peek_text (self->settings, "id_string"));
  sarap_xls_write_body (self, body);
  append_namespaces (self, out);
  g_string_append (out, "><h:head>");
  sarap_xls_append_text_element (out, "h:title", title ? title : self->id);
  sarap_xls_write_model (self, out);
  g_string_append (out, "</h:head>");
  g_string_append_len (out, body->str, body->len);
  g_string_append (out, "</h:html>");
  return g_string_free_to_bytes (out);
}

/* NULL when there are problems that stop it. */
static GBytes *
convert (SarapXlsForm *self, const char *file)
{
  if (!sarap_xls_read_sheets (self))
    return NULL;
  read_settings (self, file);
  sarap_xls_read_choices (self);
  sarap_xls_read_entities (self);
  if (sarap_problems_has_errors (self->problems))
    return NULL;
  sarap_xls_read_survey (self);
  sarap_xls_check_translations (self);
  sarap_xls_check_scales (self);
  check_prefixes (self, self->survey);
  check_prefixes (self, self->settings_table);
  if (sarap_problems_has_errors (self->problems))
    return NULL;
  sarap_xls_place_entities (self);
  sarap_xls_index_names (self);
  sarap_xls_check_references (self);
  sarap_xls_check_geometry_references (self);
  sarap_xls_prepare_lists (self);
  if (sarap_problems_has_errors (self->problems))
    return NULL;
  sarap_xls_check_expressions (self);
  return write_form (self);
}

/* @file is for messages, and for the id of a form whose settings have none. */
GBytes *
sarap_xlsform_convert_bytes (GBytes *workbook, const char *file, SarapProblems *problems, GError **error)
{
  g_auto (SarapXlsForm) self = { .problems = problems };
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (xmlDoc) doc = NULL;

  if (!sarap_xlsform_is_workbook (workbook))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: no .xlsx workbook; open it in a spreadsheet program and save it as .xlsx, without a password", file ? file : "the form");
      return NULL;
    }
  self.workbook = sarap_workbook_read (workbook, file, error);
  if (self.workbook == NULL)
    return NULL;
  xml = convert (&self, file);
  if (sarap_problems_has_errors (problems))
    {
      sarap_problems_to_error (problems, error);
      return NULL;
    }
  doc = sarap_xml_parse (xml, file, error);
  return doc ? g_steal_pointer (&xml) : NULL;
}

GBytes *
sarap_xlsform_convert (const char *path, SarapProblems *problems, GError **error)
{
  g_autoptr (GBytes) workbook = sarap_file_read (path, MAX_WORKBOOK, error);
  g_autofree char *file = g_path_get_basename (path);

  return workbook ? sarap_xlsform_convert_bytes (workbook, file, problems, error) : NULL;
}

gboolean
sarap_xlsform_is_workbook (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size >= 4 && memcmp (data, "PK\3\4", 4) == 0;
}
