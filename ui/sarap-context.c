#include "ui/sarap-context.h"

#include "app/base/sarap-csv.h"
#include "app/base/sarap-language.h"
#include "app/form/sarap-names.h"
#include "app/store/sarap-store-forms.h"
#include "sync/client/sarap-enrolment.h"

struct _SarapContext
{
  GObject parent_instance;

  SarapStore *store;
  SarapSyncer *syncer;
  GSettings *settings;
  char *language;
  char *device_id;
  char *username;
  GHashTable *names; /* (element-type utf8 SarapNames) by id and version, in this language; NULL: the form is not here */
  SarapRole role;
};

G_DEFINE_FINAL_TYPE (SarapContext, sarap_context, G_TYPE_OBJECT)

enum
{
  PROP_LANGUAGE = 1,
  PROP_ROLE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static const char *const role_names[] = {
  [SARAP_ROLE_NONE] = "",
  [SARAP_ROLE_VOLUNTEER] = "volunteer",
  [SARAP_ROLE_STAFF] = "staff",
  [SARAP_ROLE_SUPERVISOR] = "supervisor",
  [SARAP_ROLE_KIOSK] = "kiosk",
};

static char *
take_device_id (SarapStore *store)
{
  g_autofree char *uuid = NULL;
  g_autoptr (GError) error = NULL;
  char *id = sarap_store_dup_setting (store, "device.id");

  if (id != NULL)
    return id;
  uuid = g_uuid_string_random ();
  id = g_strconcat ("sarap:", uuid, NULL);
  if (!sarap_store_set_setting (store, "device.id", id, &error))
    g_warning ("the device's id was not kept: %s", error->message);
  return id;
}

static void
sarap_context_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  SarapContext *self = SARAP_CONTEXT (object);

  switch (property)
    {
    case PROP_LANGUAGE:
      g_value_set_string (value, self->language);
      break;
    case PROP_ROLE:
      g_value_set_int (value, self->role);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
sarap_context_finalize (GObject *object)
{
  SarapContext *self = SARAP_CONTEXT (object);

  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_free (self->language);
  g_free (self->device_id);
  g_free (self->username);
  g_hash_table_unref (self->names);
  G_OBJECT_CLASS (sarap_context_parent_class)->finalize (object);
}

static void
sarap_context_class_init (SarapContextClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = sarap_context_get_property;
  object_class->finalize = sarap_context_finalize;
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ROLE] = g_param_spec_int ("role", NULL, NULL, SARAP_ROLE_NONE, SARAP_ROLE_KIOSK, SARAP_ROLE_NONE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
free_names (gpointer names)
{
  if (names != NULL)
    sarap_names_free (names);
}

static void
sarap_context_init (SarapContext *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_names);
}

static void
store_changed_cb (SarapContext *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_FORMS)
    g_hash_table_remove_all (self->names);
}

/* The language is the one chosen earlier (key "language"), else the system's, else English. */
SarapContext *
sarap_context_new (SarapStore *store, GSettings *settings)
{
  SarapContext *self = g_object_new (SARAP_TYPE_CONTEXT, NULL);
  g_autofree char *chosen = g_settings_get_string (settings, "language");

  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  self->language = g_strdup (*chosen != '\0' && sarap_language_set (chosen) ? chosen : sarap_language_guess ());
  sarap_language_set (self->language);
  self->device_id = take_device_id (store);
  self->syncer = sarap_syncer_new (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

SarapStore *
sarap_context_get_store (SarapContext *self)
{
  return self->store;
}

SarapSyncer *
sarap_context_get_syncer (SarapContext *self)
{
  return self->syncer;
}

SarapClock *
sarap_context_get_clock (SarapContext *self)
{
  return sarap_store_get_clock (self->store);
}

GSettings *
sarap_context_get_settings (SarapContext *self)
{
  return self->settings;
}

const char *
sarap_context_get_language (SarapContext *self)
{
  return self->language;
}

/* Not kept in the settings: a kiosk's visitor changes it for the visit only. */
void
sarap_context_set_language (SarapContext *self, const char *code)
{
  if (g_str_equal (self->language, code) || !sarap_language_set (code))
    return;
  g_free (self->language);
  self->language = g_strdup (code);
  g_hash_table_remove_all (self->names);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LANGUAGE]);
}

SarapRole
sarap_context_get_role (SarapContext *self)
{
  return self->role;
}

void
sarap_context_set_role (SarapContext *self, SarapRole role)
{
  if (self->role == role)
    return;
  self->role = role;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
}

const char *
sarap_role_to_string (SarapRole role)
{
  return role_names[role];
}

/* Returns: SARAP_ROLE_NONE for an unknown name. */
SarapRole
sarap_role_from_string (const char *name)
{
  for (guint i = 1; i < G_N_ELEMENTS (role_names); i++)
    if (g_strcmp0 (role_names[i], name) == 0)
      return i;
  return SARAP_ROLE_NONE;
}

/* @settings: (out caller-allocates): its strings belong to the context until the next call. */
void
sarap_context_get_interview_settings (SarapContext *self, SarapInterviewSettings *settings)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (self->store);

  g_free (self->username);
  self->username = g_strdup (enrolment != NULL ? enrolment->username : NULL);
  *settings = (SarapInterviewSettings){ .device_id = self->device_id, .username = self->username };
}

/* Lists ask for each row, so a form is loaded once. */
static const SarapNames *
peek_names (SarapContext *self, const char *form_id, const char *form_version)
{
  g_autofree char *key = g_strconcat (form_id, "\n", form_version, NULL);
  g_autoptr (SarapForm) form = NULL;
  SarapNames *names;

  if (g_hash_table_lookup_extended (self->names, key, NULL, (gpointer *) &names))
    return names;
  form = sarap_store_load_form (self->store, form_id, form_version, NULL);
  names = form != NULL ? sarap_names_new (form, self->language) : NULL;
  g_hash_table_insert (self->names, g_steal_pointer (&key), names);
  return names;
}

/* Without the form: the name as it is, else @form_title. */
char *
sarap_context_dup_title (SarapContext *self, const char *form_id, const char *form_version, const char *form_title, const char *name)
{
  const SarapNames *names = peek_names (self, form_id, form_version);

  if (names != NULL)
    return sarap_names_dup_title (names, name);
  return *name != '\0' ? g_utf8_make_valid (name, -1) : sarap_form_dup_title_part (form_title, self->language);
}

char *
sarap_context_dup_place (SarapContext *self, const char *form_id, const char *form_version, const char *page_key)
{
  const SarapNames *names = peek_names (self, form_id, form_version);

  return names != NULL ? sarap_names_dup_place (names, page_key) : NULL;
}

static char *
form_roles_key (const char *form_id)
{
  return g_strconcat ("form-roles.", form_id, NULL);
}

/* Whom the form itself is for: roles.csv attached to its current version, a role a line. */
static gboolean
is_meant_for (SarapContext *self, const char *form_id, const char *role)
{
  g_autoptr (GBytes) bytes = sarap_store_dup_form_media (self->store, form_id, NULL, "roles.csv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCsv) csv = bytes != NULL ? sarap_csv_parse (bytes, "roles.csv", &error) : NULL;
  gboolean has_role = FALSE;

  if (error != NULL)
    g_warning ("form %s: %s", form_id, error->message);
  for (guint i = 0; csv != NULL && i < sarap_csv_get_n_rows (csv); i++)
    {
      const char *name = sarap_csv_peek (csv, i, "role");

      has_role |= sarap_role_from_string (name) != SARAP_ROLE_NONE;
      if (g_strcmp0 (name, role) == 0)
        return TRUE;
    }
  return !has_role;
}

/* What an administrator says on this device (store setting "form-roles.ID": role names separated by
 * spaces), else what the form says, else everybody who interviews. */
gboolean
sarap_context_offers_form (SarapContext *self, const char *form_id, SarapRole role)
{
  g_autofree char *key = form_roles_key (form_id);
  g_autofree char *roles = sarap_store_dup_setting (self->store, key);
  g_auto (GStrv) names = NULL;

  if (roles == NULL)
    return is_meant_for (self, form_id, sarap_role_to_string (role));
  names = g_strsplit (roles, " ", -1);
  return g_strv_contains ((const char *const *) names, sarap_role_to_string (role));
}

gboolean
sarap_context_set_form_roles (SarapContext *self, const char *form_id, const SarapRole *roles, gsize n_roles, GError **error)
{
  g_autofree char *key = form_roles_key (form_id);
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < n_roles; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", sarap_role_to_string (roles[i]));
  return sarap_store_set_setting (self->store, key, names->str, error);
}
