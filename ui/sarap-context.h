#pragma once

#include <gtk/gtk.h>

#include "app/base/sarap-clock.h"
#include "app/store/sarap-store.h"
#include "sync/client/sarap-sync.h"

G_BEGIN_DECLS

/* What every screen is given: made once by the application and passed down. */

#define SARAP_TYPE_CONTEXT (sarap_context_get_type ())
G_DECLARE_FINAL_TYPE (SarapContext, sarap_context, SARAP, CONTEXT, GObject)

typedef enum
{
  SARAP_ROLE_NONE,
  SARAP_ROLE_VOLUNTEER,
  SARAP_ROLE_STAFF,
  SARAP_ROLE_SUPERVISOR,
  SARAP_ROLE_KIOSK,
} SarapRole;

SarapContext *sarap_context_new (SarapStore *store, GSettings *settings);
SarapStore *sarap_context_get_store (SarapContext *self);
SarapSyncer *sarap_context_get_syncer (SarapContext *self);
SarapClock *sarap_context_get_clock (SarapContext *self);
GSettings *sarap_context_get_settings (SarapContext *self);
/* "en", "ru", "kk": of the application; forms open in the same one. Changing it retranslates the window. */
const char *sarap_context_get_language (SarapContext *self);
void sarap_context_set_language (SarapContext *self, const char *code);
SarapRole sarap_context_get_role (SarapContext *self);
void sarap_context_set_role (SarapContext *self, SarapRole role);

G_END_DECLS
