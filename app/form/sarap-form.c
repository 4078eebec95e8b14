#include "app/form/sarap-form-private.h"

#include "app/base/sarap-file.h"
#include "app/form/xforms/sarap-xforms.h"
#include "app/form/sarap-rows.h"
#include "app/form/xlsform/sarap-xlsform.h"

#include <glib/gstdio.h>
#include <string.h>

/* A form, compiled: what every interview with it shares and none changes.
 *
 *  1. Loading goes: a workbook becomes XForms XML (xlsform/), the XML becomes binds, elements, texts and actions
 *     (xforms/), lists are opened, the graph of dependencies is built (sarap-graph.c).
 *  2. A CSV list from LARGE_LIST on goes to the library of the store, if there is one; other lists become trees.
 *  3. A list that is missing is a warning and an empty list; one that cannot be read is an error.
 */

#define MAX_FORM_BYTES (200 * 1024 * 1024)
#define LARGE_LIST (256 * 1024) /* bytes; some thousand rows */

G_DEFINE_FINAL_TYPE (SarapForm, sarap_form, G_TYPE_OBJECT)

static void
secondary_free (gpointer data)
{
  SarapSecondary *secondary = data;

  g_clear_pointer (&secondary->tree, sarap_tree_free);
  g_free (secondary);
}

static void
sarap_form_finalize (GObject *object)
{
  SarapForm *self = SARAP_FORM (object);

  g_clear_pointer (&self->body, sarap_element_free);
  g_ptr_array_unref (self->actions);
  g_ptr_array_unref (self->facets);
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->scopes);
  g_ptr_array_unref (self->binds);
  g_ptr_array_unref (self->secondaries);
  g_ptr_array_unref (self->media_names);
  g_hash_table_unref (self->bind_of);
  g_hash_table_unref (self->element_of);
  g_hash_table_unref (self->submission);
  g_hash_table_unref (self->question_of);
  g_hash_table_unref (self->secondary_of);
  g_hash_table_unref (self->namespaces);
  g_clear_pointer (&self->instance, sarap_tree_free);
  sarap_itext_free (self->itext);
  g_string_chunk_free (self->strings);
  g_clear_pointer (&self->xml, g_bytes_unref);
  g_free (self->file);
  if (self->media.destroy != NULL)
    self->media.destroy (self->media.data);
  g_clear_object (&self->media.lists);
  G_OBJECT_CLASS (sarap_form_parent_class)->finalize (object);
}

static void
sarap_form_class_init (SarapFormClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_form_finalize;
}

static void
sarap_form_init (SarapForm *self)
{
  self->strings = g_string_chunk_new (4096);
  self->namespaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (self->namespaces, g_strdup (""), g_strdup ("")); /* paths do not mind default namespaces */
  self->binds = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_bind_free);
  self->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_scope_free);
  self->facets = g_ptr_array_new_with_free_func (g_free);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_action_free);
  self->secondaries = g_ptr_array_new_with_free_func (secondary_free);
  self->media_names = g_ptr_array_new ();
  self->bind_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->submission = g_hash_table_new (g_str_hash, g_str_equal);
  self->element_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->question_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->secondary_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->itext = sarap_itext_new ();
}

static const char *
media_name (const char *source)
{
  const char *slash = strrchr (source, '/');

  return slash ? slash + 1 : source;
}

static void
collect_media_names (SarapForm *self)
{
  for (guint i = 0; i < self->secondaries->len; i++)
    {
      const SarapSecondary *secondary = g_ptr_array_index (self->secondaries, i);

      if (secondary->source != NULL && !secondary->is_last_saved)
        g_ptr_array_add (self->media_names, (gpointer) media_name (secondary->source));
    }
  sarap_itext_foreach_media (self->itext, self->media_names);
  g_ptr_array_add (self->media_names, NULL);
}

static gboolean
is_csv (const SarapSecondary *secondary)
{
  g_autofree char *lower = g_ascii_strdown (secondary->source, -1);

  return g_str_has_prefix (secondary->source, "jr://file-csv/") || g_str_has_suffix (lower, ".csv");
}

static SarapTree *
parse_list (const SarapSecondary *secondary, GBytes *bytes, GError **error)
{
  const char *name = media_name (secondary->source);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (is_csv (secondary))
    return sarap_tree_new_from_csv (bytes, name, error);
  if (g_str_has_suffix (lower, ".geojson"))
    return sarap_tree_new_from_geojson (bytes, name, error);
  return sarap_tree_new_from_xml (bytes, name, error);
}

/* A CSV file that is worth it goes to the library. NULL without @error: keep it in memory. */
static SarapTree *
open_large (SarapForm *self, const SarapSecondary *secondary, SarapListFile *file, SarapProblems *problems, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (SarapList) list = NULL;
  GStatBuf status;
  gsize size = file->bytes ? g_bytes_get_size (file->bytes) : file->path && g_stat (file->path, &status) == 0 ? (gsize) status.st_size
                                                                                                              : 0;

  if (self->media.lists == NULL || size < LARGE_LIST || !is_csv (secondary))
    return NULL;
  list = sarap_list_library_open (self->media.lists, file, &failure);
  if (list != NULL)
    return sarap_tree_new_from_list (list);
  if (failure->domain == SARAP_INPUT_ERROR)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    sarap_problems_add (problems, SARAP_PROBLEM_WARNING, NULL, 0, NULL, "The list %s is kept in memory: %s.", file->name, failure->message);
  return NULL;
}

/* A list that is not there is empty until it comes: the form can be looked at without it. */
static gboolean
load_list (SarapForm *self, SarapSecondary *secondary, SarapProblems *problems, GError **error)
{
  const char *name = media_name (secondary->source);
  g_autofree char *sha256 = NULL;
  g_autofree char *path = self->media.find_path ? self->media.find_path (name, &sha256, self->media.data) : NULL;
  SarapListFile file = { name, path, sha256, NULL };
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (path != NULL)
    secondary->tree = open_large (self, secondary, &file, problems, &failure);
  if (secondary->tree == NULL && failure == NULL)
    bytes = file.bytes = sarap_form_dup_media (self, name);
  if (bytes != NULL && path == NULL)
    secondary->tree = open_large (self, secondary, &file, problems, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (secondary->tree != NULL)
    return TRUE;
  if (bytes == NULL)
    {
      sarap_problems_add (problems, SARAP_PROBLEM_WARNING, NULL, 0, NULL, "The list %s (instance \"%s\") is missing: put it into the media folder of the form.", name, secondary->id);
      secondary->tree = sarap_tree_new ();
      return TRUE;
    }
  secondary->tree = parse_list (secondary, bytes, error);
  return secondary->tree != NULL;
}

static gboolean
load_lists (SarapForm *self, SarapProblems *problems, GError **error)
{
  for (guint i = 0; i < self->secondaries->len; i++)
    {
      SarapSecondary *secondary = g_ptr_array_index (self->secondaries, i);

      if (secondary->source != NULL && !secondary->is_last_saved && !load_list (self, secondary, problems, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_bytes (SarapForm *self, GBytes *bytes, SarapProblems *problems, GError **error)
{
  g_autofree char *digest = NULL;

  self->is_converted = sarap_xlsform_is_workbook (bytes);
  self->xml = self->is_converted ? sarap_xlsform_convert_bytes (bytes, self->file, problems, error) : g_bytes_ref (bytes);
  if (self->xml == NULL)
    return FALSE;
  if (g_bytes_get_size (self->xml) > MAX_FORM_BYTES)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: larger than 200 MB; put long lists into CSV files", self->file);
      return FALSE;
    }
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, self->xml);
  g_snprintf (self->hash, sizeof self->hash, "md5:%s", digest);
  return TRUE;
}

static gboolean
load (SarapForm *self, GBytes *bytes, SarapProblems *problems, GError **error)
{
  if (!take_bytes (self, bytes, problems, error) || !sarap_xforms_parse (self, self->xml, problems, error))
    return FALSE;
  if (!sarap_graph_build (self, problems))
    {
      sarap_problems_to_error (problems, error);
      return FALSE;
    }
  collect_media_names (self);
  return load_lists (self, problems, error);
}

/* A form from XForms XML or an XLSForm workbook. @file is the name that people know it by.
 * @media finds its lists. @problems (may be NULL) gathers errors and warnings. */
SarapForm *
sarap_form_load_with (GBytes *bytes, const char *file, const SarapFormMedia *media, SarapProblems *problems, GError **error)
{
  g_autoptr (SarapForm) self = g_object_new (SARAP_TYPE_FORM, NULL);
  g_autoptr (SarapProblems) own = problems ? sarap_problems_ref (problems) : sarap_problems_new (file);

  self->file = g_strdup (file ? file : "form");
  self->media = *media;
  if (self->media.lists != NULL)
    g_object_ref (self->media.lists);
  if (!load (self, bytes, own, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The same with all lists in memory. @media may be NULL: the form has none. */
SarapForm *
sarap_form_load (GBytes *bytes, const char *file, SarapFormMediaFunc media, gpointer media_data, GDestroyNotify media_destroy, SarapProblems *problems, GError **error)
{
  const SarapFormMedia all = { .read = media, .data = media_data, .destroy = media_destroy };

  return sarap_form_load_with (bytes, file, &all, problems, error);
}

static char *
find_in_folder (const char *name, char **sha256, gpointer folder)
{
  return strchr (name, '/') == NULL && strcmp (name, "..") != 0 ? g_build_filename (folder, name, NULL) : NULL;
}

static GBytes *
read_from_folder (const char *name, gpointer folder)
{
  g_autofree char *path = find_in_folder (name, NULL, folder);

  return path ? sarap_file_read (path, 0, NULL) : NULL;
}

/* @media_folder NULL: the folder of @path. @lists may be NULL. */
SarapForm *
sarap_form_load_file_with (const char *path, const char *media_folder, SarapListLibrary *lists, SarapProblems *problems, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_FORM_BYTES, error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  SarapFormMedia media = { read_from_folder, find_in_folder, NULL, g_free, lists };

  if (bytes == NULL)
    return NULL;
  if (media_folder != NULL && !g_file_test (media_folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: there is no such folder of media", media_folder);
      return NULL;
    }
  if (g_str_has_suffix (lower, ".xlsx") && !sarap_xlsform_is_workbook (bytes))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: not an .xlsx workbook; save it as Excel Workbook (.xlsx)", name);
      return NULL;
    }
  media.data = media_folder ? g_strdup (media_folder) : g_path_get_dirname (path);
  return sarap_form_load_with (bytes, name, &media, problems, error);
}

SarapForm *
sarap_form_load_file (const char *path, const char *media_folder, SarapProblems *problems, GError **error)
{
  return sarap_form_load_file_with (path, media_folder, NULL, problems, error);
}

const char *
sarap_form_get_id (SarapForm *self)
{
  return self->id;
}

const char *
sarap_form_get_version (SarapForm *self)
{
  return self->version;
}

const char *
sarap_form_get_title (SarapForm *self)
{
  return self->title;
}

/* ODK forms have one title for all languages. Ours write it as "English / Russian / Kazakh": of such
 * a title the part in @language ("en", "ru", "kk") is shown, any other as it is. */
char *
sarap_form_dup_title_part (const char *title, const char *language)
{
  static const char *const order[] = { "en", "ru", "kk" };
  g_auto (GStrv) parts = g_strsplit (title, " / ", -1);

  if (g_strv_length (parts) == G_N_ELEMENTS (order))
    for (guint i = 0; i < G_N_ELEMENTS (order); i++)
      if (g_strcmp0 (order[i], language) == 0)
        return g_strdup (parts[i]);
  return g_strdup (title);
}

GBytes *
sarap_form_peek_xml (SarapForm *self)
{
  return self->xml;
}

const char *
sarap_form_get_hash (SarapForm *self)
{
  return self->hash;
}

const char *const *
sarap_form_get_languages (SarapForm *self)
{
  return sarap_itext_get_languages (self->itext);
}

/* Returns: (nullable): NULL for a form without translations. */
const char *
sarap_form_get_default_language (SarapForm *self)
{
  int language = sarap_itext_get_default (self->itext);

  return language < 0 ? NULL : sarap_itext_get_languages (self->itext)[language];
}

const char *
sarap_form_find_language (SarapForm *self, const char *code)
{
  int language = sarap_itext_find_language (self->itext, code);

  return language < 0 ? NULL : sarap_itext_get_languages (self->itext)[language];
}

gboolean
sarap_form_has_style (SarapForm *self, const char *word)
{
  g_auto (GStrv) words = g_strsplit_set (self->body_class, " \t\n", -1);

  return g_strv_contains ((const char *const *) words, word);
}

const char *const *
sarap_form_get_media_names (SarapForm *self)
{
  return (const char *const *) self->media_names->pdata;
}

const char *
sarap_form_get_submission_key (SarapForm *self)
{
  return sarap_form_get_submission_parameter (self, "base64RsaPublicKey");
}

const char *
sarap_form_get_submission_parameter (SarapForm *self, const char *name)
{
  return g_hash_table_lookup (self->submission, name);
}

const char *
sarap_form_get_audit_parameter (SarapForm *self, const char *name)
{
  const char **parameters = self->audit ? self->audit->parameters : NULL;

  for (; parameters != NULL && *parameters != NULL; parameters += 2)
    if (strcmp (parameters[0], name) == 0)
      return parameters[1];
  return NULL;
}

SarapAuditColumns
sarap_form_get_audit_columns (SarapForm *self)
{
  SarapAuditColumns columns = SARAP_AUDIT_PLAIN;

  if (sarap_form_get_audit_parameter (self, "location-priority") != NULL && sarap_form_get_audit_parameter (self, "location-min-interval") != NULL && sarap_form_get_audit_parameter (self, "location-max-age") != NULL)
    columns |= SARAP_AUDIT_LOCATION;
  if (g_strcmp0 (sarap_form_get_audit_parameter (self, "track-changes"), "true") == 0)
    columns |= SARAP_AUDIT_CHANGES;
  if (g_strcmp0 (sarap_form_get_audit_parameter (self, "identify-user"), "true") == 0)
    columns |= SARAP_AUDIT_USER;
  if (g_strcmp0 (sarap_form_get_audit_parameter (self, "track-changes-reasons"), "on-form-edit") == 0)
    columns |= SARAP_AUDIT_REASON;
  return columns;
}

GBytes *
sarap_form_dup_media (SarapForm *self, const char *name)
{
  return self->media.read ? self->media.read (name, self->media.data) : NULL;
}

const SarapElement *
sarap_form_get_body (SarapForm *self)
{
  return self->body;
}

/* A question or repeat, else a group, whose node is @path (positions are ignored). */
const SarapElement *
sarap_form_find_element (SarapForm *self, const char *path)
{
  SarapBind *bind = sarap_form_find_bind (self, path);

  return bind ? g_hash_table_lookup (self->element_of, bind->path) : NULL;
}

gboolean
sarap_form_is_number (SarapForm *self, const char *path)
{
  SarapBind *bind = sarap_form_find_bind (self, path);

  return bind != NULL && (bind->type == SARAP_DATA_INT || bind->type == SARAP_DATA_DECIMAL);
}

char **
sarap_form_dup_sensitive_paths (SarapForm *self)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < self->binds->len; i++)
    {
      const SarapBind *bind = g_ptr_array_index (self->binds, i);

      if (bind->is_sensitive)
        g_strv_builder_add (paths, bind->path);
    }
  return g_strv_builder_end (paths);
}

const SarapElement *
sarap_form_find_question (SarapForm *self, const char *name)
{
  return g_hash_table_lookup (self->question_of, name);
}

SarapScope *
sarap_form_peek_root_scope (SarapForm *self)
{
  return g_ptr_array_index (self->scopes, 0);
}

/* Document node of the secondary instance @id; NULL when there is none, or when it belongs to
 * an interview (last-saved). */
SarapNode *
sarap_form_peek_secondary (SarapForm *self, const char *id)
{
  SarapSecondary *secondary = g_hash_table_lookup (self->secondary_of, id);

  return secondary != NULL && secondary->tree != NULL ? sarap_tree_get_document (secondary->tree) : NULL;
}

static int
pick_language (SarapForm *self, const char *language)
{
  int index = language ? sarap_itext_find_language (self->itext, language) : -1;

  return index < 0 ? sarap_itext_get_default (self->itext) : index;
}

char *
sarap_form_dup_label (SarapForm *self, const SarapElement *element, const char *language)
{
  const SarapText *text = element->label;

  if (text != NULL && text->itext != NULL)
    text = sarap_itext_find (self->itext, pick_language (self, language), text->itext, NULL);
  return text ? g_strstrip (sarap_text_dup_literals (text)) : g_strdup ("");
}

void
sarap_choice_free (SarapChoice *choice)
{
  g_free (choice->value);
  g_free (choice->label);
  g_free (choice->image);
  g_free (choice);
}
