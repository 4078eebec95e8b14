#pragma once

#include "sync/server/sarap-central-store.h"

G_BEGIN_DECLS

#define SARAP_TYPE_CENTRAL_SQLITE (sarap_central_sqlite_get_type ())
G_DECLARE_FINAL_TYPE (SarapCentralSqlite, sarap_central_sqlite, SARAP, CENTRAL_SQLITE, GObject)

SarapCentralStore *sarap_central_sqlite_open (const char *path, GError **error);
SarapCentralStore *sarap_central_sqlite_open_reader (const char *path, GError **error);

G_END_DECLS
