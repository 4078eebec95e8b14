#pragma once

#include <gtk/gtk.h>

#include "app/base/sarap-clock.h"
#include "app/form/sarap-interview.h"
#include "app/store/sarap-store.h"
#include "sync/client/sarap-sync.h"

G_BEGIN_DECLS

/* What every screen is given: made once by the application and passed down.
 * Properties: "language" (string), "role" (int, SarapRole). */

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
const char *sarap_role_to_string (SarapRole role); /* "volunteer", "staff"…: owner of records; "" for none */
SarapRole sarap_role_from_string (const char *name);
void sarap_context_get_interview_settings (SarapContext *self, SarapInterviewSettings *settings);
/* Whether new interviews with the form are offered to the role; an administrator may narrow it. */
gboolean sarap_context_offers_form (SarapContext *self, const char *form_id, SarapRole role);
/* What a record is called on screen: everywhere by this. */
char *sarap_context_dup_title (SarapContext *self, const char *form_id, const char *form_version, const char *form_title, const char *name);
/* The label of the place where a page stands, or NULL. */
char *sarap_context_dup_place (SarapContext *self, const char *form_id, const char *form_version, const char *page_key);
gboolean sarap_context_set_form_roles (SarapContext *self, const char *form_id, const SarapRole *roles, gsize n_roles, GError **error);

G_END_DECLS
