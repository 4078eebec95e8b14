#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* multipart/form-data as a list of pieces that share the bytes they are given. */

typedef struct _SarapMultipartWriter SarapMultipartWriter;

SarapMultipartWriter *sarap_multipart_writer_new (void);
void sarap_multipart_writer_free (SarapMultipartWriter *self);
void sarap_multipart_writer_add_field (SarapMultipartWriter *self, const char *name, const char *value);
void sarap_multipart_writer_add_file (SarapMultipartWriter *self, const char *name, const char *filename, const char *content_type, GBytes *content);
GPtrArray *sarap_multipart_writer_finish (SarapMultipartWriter *self, gsize *length);
const char *sarap_multipart_writer_get_content_type (SarapMultipartWriter *self);

const char *sarap_content_type_of (const char *name);

/* How many of the next files one POST may carry. */
guint sarap_multipart_count_fitting (guint64 xml_size, const char *const *names, const guint64 *sizes, guint n, guint64 limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapMultipartWriter, sarap_multipart_writer_free)

G_END_DECLS
