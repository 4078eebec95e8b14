#pragma once

#include "app/store/sarap-store-records.h"
#include "sync/client/sarap-sync.h"
#include "tests/support/sarap-fault-server.h"

G_BEGIN_DECLS

/* A device with an empty store, enrolled at a server of the test's own. */

typedef struct
{
  char *folder;
  SarapStore *store;
  SarapTestCa *ca;
  SarapFaultServer *server;
} Device;

#define N_PHOTOS 4

/* The parts of device_fill() for a store of another kind of test. */
char *support_fill (SarapStore *store, const char *note, guint n_photos, gsize size);

Device *device_new (void);
void device_free (Device *self);
void device_enrol (Device *self, const char *host);
void device_add_form (Device *self);
char *device_fill (Device *self, const char *note, guint n_photos, gsize size);
SarapRecordState device_get_state (Device *self, const char *id);
char *device_get_message (Device *self, const char *id);
gboolean device_sync (Device *self, SarapSyncResult *result, GError **error);

char *support_form (const char *id, const char *version, gboolean has_list);
GBytes *support_bytes (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Device, device_free)

G_END_DECLS
