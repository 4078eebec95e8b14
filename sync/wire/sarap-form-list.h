#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OpenRosa form list and manifest, both ways. Errors are SARAP_INPUT_ERROR. */

typedef struct
{
  char *id;
  char *name;
  char *version;      /* "" when the form has none */
  char *hash;         /* "md5:" and 32 hex digits of the form's XML, or NULL (old servers) */
  char *download_url; /* as the server writes it: absolute, perhaps under another name of its host */
  char *manifest_url; /* or NULL: the form has no media */
} SarapListedForm;

typedef struct
{
  char *name;
  char *hash; /* "md5:…" of the content, but of an entity list an opaque mark of its state */
  char *download_url;
  gboolean is_entity_list;
} SarapListedMedia;

void sarap_listed_form_free (SarapListedForm *form);
void sarap_listed_media_free (SarapListedMedia *media);

GPtrArray *sarap_form_list_parse (GBytes *bytes, GError **error);
GBytes *sarap_form_list_serialize (GPtrArray *forms);
GPtrArray *sarap_manifest_parse (GBytes *bytes, GError **error);
GBytes *sarap_manifest_serialize (GPtrArray *media);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapListedForm, sarap_listed_form_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapListedMedia, sarap_listed_media_free)

G_END_DECLS
