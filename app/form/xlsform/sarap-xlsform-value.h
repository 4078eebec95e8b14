#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cell or, when columns share a first word (label::English, bind::relevant), an ordered map of
 * further values. A row of a sheet is such a map. */

typedef struct _SarapXlsValue SarapXlsValue;

typedef struct
{
  char *key;
  SarapXlsValue *value;
} SarapXlsEntry;

struct _SarapXlsValue
{
  char *text;         /* NULL in a map */
  GPtrArray *entries; /* SarapXlsEntry, NULL in a text */
};

SarapXlsValue *sarap_xls_map_new (void);
void sarap_xls_value_free (SarapXlsValue *self);
SarapXlsValue *sarap_xls_value_copy (const SarapXlsValue *self);
gboolean sarap_xls_value_is_map (const SarapXlsValue *self);
guint sarap_xls_map_get_length (const SarapXlsValue *self);
const SarapXlsEntry *sarap_xls_map_peek_entry (const SarapXlsValue *self, guint index);
SarapXlsValue *sarap_xls_map_peek (const SarapXlsValue *self, const char *key);
const char *sarap_xls_map_peek_text (const SarapXlsValue *self, const char *key);
const char *sarap_xls_map_peek_text2 (const SarapXlsValue *self, const char *key, const char *key2);
void sarap_xls_map_set (SarapXlsValue *self, const char *key, const char *text);
void sarap_xls_map_take (SarapXlsValue *self, const char *key, SarapXlsValue *value);
void sarap_xls_map_set_path (SarapXlsValue *self, char **path, const char *text, const char *default_key);
SarapXlsValue *sarap_xls_map_ensure (SarapXlsValue *self, const char *key);
void sarap_xls_map_remove (SarapXlsValue *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapXlsValue, sarap_xls_value_free)

G_END_DECLS
