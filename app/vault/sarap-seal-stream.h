#pragma once

#include "app/vault/sarap-seal.h"

G_BEGIN_DECLS

/* Files too large for memory, sealed while they are written and opened while they are read. */

#define SARAP_TYPE_SEAL_WRITER (sarap_seal_writer_get_type ())
G_DECLARE_FINAL_TYPE (SarapSealWriter, sarap_seal_writer, SARAP, SEAL_WRITER, GFilterOutputStream)
#define SARAP_TYPE_SEAL_READER (sarap_seal_reader_get_type ())
G_DECLARE_FINAL_TYPE (SarapSealReader, sarap_seal_reader, SARAP, SEAL_READER, GFilterInputStream)

GOutputStream *sarap_seal_writer_new (SarapSecret *key, const char *context, GOutputStream *base);
GInputStream *sarap_seal_reader_new (SarapSecret *key, const char *context, GInputStream *base);

G_END_DECLS
