#pragma once

#include "sync/server/sqlite/sarap-central-sqlite.h"
#include "sync/server/sqlite/sarap-sqlite.h"

G_BEGIN_DECLS

struct _SarapCentralSqlite
{
  GObject parent_instance;
  int lock;
  SarapSqlite *writer;
  SarapSqlite *reader;
};

/* A transaction of the one connection that writes, which stays locked until its end. */
gboolean sarap_central_sqlite_begin (SarapCentralSqlite *self, GError **error);
gboolean sarap_central_sqlite_end (SarapCentralSqlite *self, gboolean ok, GError **error);

/* Whether the last statement found its row; else G_IO_ERROR_NOT_FOUND. */
gboolean sarap_central_sqlite_has_changed (SarapCentralSqlite *self, const char *what, GError **error);

void sarap_central_sqlite_implement_accounts (SarapCentralStoreInterface *iface);
void sarap_central_sqlite_implement_forms (SarapCentralStoreInterface *iface);
void sarap_central_sqlite_implement_accept (SarapCentralStoreInterface *iface);
void sarap_central_sqlite_implement_keys (SarapCentralStoreInterface *iface);
void sarap_central_sqlite_implement_quarantine (SarapCentralStoreInterface *iface);
void sarap_central_sqlite_implement_submissions (SarapCentralStoreInterface *iface);

/* The next place in the feed; inside a transaction. 0 on error. */
gint64 sarap_central_sqlite_next_sequence (SarapCentralSqlite *self, GError **error);

G_END_DECLS
