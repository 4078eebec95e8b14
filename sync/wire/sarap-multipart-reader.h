#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* multipart/form-data as it arrives, in pieces of any size: nothing but a part's header and a
 * possible piece of the delimiter is kept. */

#define SARAP_MULTIPART_ERROR (sarap_multipart_error_quark ())
GQuark sarap_multipart_error_quark (void);

typedef enum
{
  SARAP_MULTIPART_ERROR_TYPE,    /* not multipart/form-data with a boundary */
  SARAP_MULTIPART_ERROR_FRAMING, /* delimiters, headers or end are wrong: drop the message */
  SARAP_MULTIPART_ERROR_LIMIT,   /* more or longer headers or parts than accepted */
} SarapMultipartError;

/* Each returns FALSE with an error to stop reading. Strings are borrowed, valid UTF-8. */
typedef struct
{
  gboolean (*begin) (const char *name, const char *filename, const char *content_type, gpointer data, GError **error);
  gboolean (*content) (const guint8 *bytes, gsize length, gpointer data, GError **error);
  gboolean (*end) (gpointer data, GError **error);
} SarapMultipartSink;

typedef struct _SarapMultipartReader SarapMultipartReader;

SarapMultipartReader *sarap_multipart_reader_new (const char *content_type, const SarapMultipartSink *sink, gpointer data, GError **error);
void sarap_multipart_reader_free (SarapMultipartReader *self);
gboolean sarap_multipart_reader_feed (SarapMultipartReader *self, const guint8 *bytes, gsize length, GError **error);
gboolean sarap_multipart_reader_finish (SarapMultipartReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapMultipartReader, sarap_multipart_reader_free)

G_END_DECLS
