#include "app/vault/sarap-keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/vault/sarap-pin-tries.h"

/*  1. The user key is chance. `user` keeps it under BLAKE2b (Argon2id (PIN), device secret), so a new PIN
 *     rewrites one small file, and the file is worth nothing without the device's.
 *  2. `user` always has a second slot: under the duress PIN, or chance. Which one, nobody can tell.
 *  3. The duress PIN overwrites the user key and begins a new, empty one. `escrow` stays: with the project
 *     key the first user key comes back.
 *  4. Wrong PINs are counted before they are tried (sarap-pin-tries.c). */

#define PASSES 3
#define MEMORY (192 * 1024 * 1024)
#define USER_CONTEXT "sarap/1/user key"
#define ESCROW_CONTEXT "sarap/1/escrow"
#define GROUP "key"

struct _SarapKeyring
{
  GObject parent_instance;
  char *folder;
  GMutex mutex; /* of everything below */
  SarapSecret *device;
  SarapSecret *sync;
  SarapSecret *signing; /* Ed25519 seed */
  SarapSecret *user;    /* NULL: locked */
  char *user_id;
  guint passes; /* 0: no PIN */
  guint64 memory;
  guint8 salt[crypto_pwhash_SALTBYTES];
  GBytes *slots[2];        /* PIN, duress */
  GPtrArray *project_keys; /* SarapProjectKey */
};

G_DEFINE_TYPE (SarapKeyring, sarap_keyring, G_TYPE_OBJECT)

enum
{
  SLOT_PIN,
  SLOT_DURESS,
};

static const char *const slot_names[] = { "pin", "other" };

static char *
dup_path (SarapKeyring *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static gboolean
set_malformed (SarapKeyring *self, const char *name, GError **error)
{
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED, "%s/%s: damaged key file; restore it from a backup, or recover with the project key", self->folder, name);
  return FALSE;
}

static gboolean
save_file (SarapKeyring *self, const char *name, GKeyFile *file, GError **error)
{
  g_autofree char *path = dup_path (self, name);
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  char *text = g_key_file_to_data (file, &size, NULL);

  bytes = g_bytes_new_with_free_func (text, size, (GDestroyNotify) sarap_secret_wipe_text, text);
  return sarap_file_write (path, bytes, 0600, error);
}

static GKeyFile *
load_file (SarapKeyring *self, const char *name, GError **error)
{
  g_autofree char *path = dup_path (self, name);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) && g_key_file_has_group (file, GROUP))
    return g_steal_pointer (&file);
  set_malformed (self, name, error);
  return NULL;
}

static GBytes *
get_bytes (GKeyFile *file, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);
  gsize size = 0;
  guint8 *bytes = text != NULL ? g_base64_decode (text, &size) : NULL;

  return size > 0 ? g_bytes_new_take (bytes, size) : (g_free (bytes), NULL);
}

static void
set_bytes (GKeyFile *file, const char *key, const void *data, gsize size)
{
  g_autofree char *text = g_base64_encode (data, size);

  g_key_file_set_string (file, GROUP, key, text);
}

static void
set_secret (GKeyFile *file, const char *key, SarapSecret *secret)
{
  char *text = sarap_secret_to_text (secret);

  g_key_file_set_string (file, GROUP, key, text);
  sarap_secret_wipe_text (text);
}

static SarapSecret *
get_secret (GKeyFile *file, const char *key)
{
  char *text = g_key_file_get_string (file, GROUP, key, NULL);
  SarapSecret *secret = sarap_secret_new_from_text (text);

  sarap_secret_wipe_text (text);
  return secret;
}

/* --- device ------------------------------------------------------------------------------------ */

static gboolean
save_device (SarapKeyring *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  set_secret (file, "device", self->device);
  set_secret (file, "sync", self->sync);
  set_secret (file, "signing", self->signing);
  return save_file (self, "device", file, error);
}

static gboolean
load_device (SarapKeyring *self, GError **error)
{
  g_autoptr (GKeyFile) file = load_file (self, "device", error);

  if (file == NULL)
    return FALSE;
  self->device = get_secret (file, "device");
  self->sync = get_secret (file, "sync");
  self->signing = get_secret (file, "signing");
  return (self->device && self->sync && self->signing) || set_malformed (self, "device", error);
}

/* --- user -------------------------------------------------------------------------------------- */

/* Overwrites what stood in the file before it goes: the old bytes open to the old PIN. */
static void
wipe_file (const char *path)
{
  g_autofree guint8 *chance = NULL;
  int descriptor = open (path, O_WRONLY | O_CLOEXEC);
  off_t size = descriptor < 0 ? 0 : lseek (descriptor, 0, SEEK_END);

  if (size > 0)
    {
      chance = g_malloc (size);
      randombytes_buf (chance, size);
      if (pwrite (descriptor, chance, size, 0) != size || fsync (descriptor) != 0)
        g_warning ("%s: cannot overwrite: %s", path, g_strerror (errno));
    }
  if (descriptor >= 0)
    close (descriptor);
}

/* The new file stands before the old bytes are overwritten: a power cut loses neither. */
static gboolean
save_user (SarapKeyring *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = dup_path (self, "user");
  g_autofree char *old = g_strconcat (path, ".old", NULL);
  gboolean has_old = g_file_test (path, G_FILE_TEST_EXISTS) && (g_unlink (old) == 0 || errno == ENOENT) && link (path, old) == 0;
  gboolean ok;

  g_key_file_set_string (file, GROUP, "id", self->user_id);
  g_key_file_set_integer (file, GROUP, "passes", self->passes);
  g_key_file_set_uint64 (file, GROUP, "memory", self->memory);
  set_bytes (file, "salt", self->salt, sizeof self->salt);
  for (guint i = 0; i < G_N_ELEMENTS (slot_names); i++)
    set_bytes (file, slot_names[i], g_bytes_get_data (self->slots[i], NULL), g_bytes_get_size (self->slots[i]));
  ok = save_file (self, "user", file, error);
  if (has_old && ok)
    wipe_file (old);
  if (has_old)
    g_unlink (old);
  return ok;
}

static gboolean
load_user (SarapKeyring *self, GError **error)
{
  g_autoptr (GKeyFile) file = load_file (self, "user", error);
  g_autofree char *old = dup_path (self, "user.old");
  g_autoptr (GBytes) salt = NULL;

  if (file == NULL)
    return FALSE;
  if (g_file_test (old, G_FILE_TEST_EXISTS))
    {
      wipe_file (old);
      g_unlink (old);
    }
  self->user_id = g_key_file_get_string (file, GROUP, "id", NULL);
  self->passes = CLAMP (g_key_file_get_integer (file, GROUP, "passes", NULL), 0, 64);
  self->memory = MIN (g_key_file_get_uint64 (file, GROUP, "memory", NULL), G_GUINT64_CONSTANT (1) << 31);
  salt = get_bytes (file, "salt");
  for (guint i = 0; i < G_N_ELEMENTS (slot_names); i++)
    self->slots[i] = get_bytes (file, slot_names[i]);
  if (self->user_id == NULL || salt == NULL || g_bytes_get_size (salt) != sizeof self->salt || self->slots[SLOT_PIN] == NULL || self->slots[SLOT_DURESS] == NULL)
    return set_malformed (self, "user", error);
  memcpy (self->salt, g_bytes_get_data (salt, NULL), sizeof self->salt);
  return TRUE;
}

/* BLAKE2b (Argon2id (PIN, salt), device secret); without a PIN the device secret alone. */
static SarapSecret *
derive_pin_key (SarapKeyring *self, const char *pin, GError **error)
{
  guint8 hash[SARAP_SECRET_SIZE];
  g_autoptr (SarapSecret) stretched = NULL;
  g_autofree char *purpose = NULL;
  SarapSecret *key;

  if (self->passes == 0)
    return sarap_secret_new_derived (self->device, "no PIN");
  if (crypto_pwhash (hash, sizeof hash, pin, strlen (pin), self->salt, self->passes, self->memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "not enough memory to check the PIN (%" G_GUINT64_FORMAT " MiB)", self->memory >> 20);
      return NULL;
    }
  stretched = sarap_secret_new_derived (self->device, "PIN");
  key = sarap_secret_new (hash);
  crypto_generichash (hash, sizeof hash, sarap_secret_peek (key), SARAP_SECRET_SIZE, sarap_secret_peek (stretched), SARAP_SECRET_SIZE);
  sarap_secret_unref (key);
  key = sarap_secret_new (hash);
  sodium_memzero (hash, sizeof hash);
  return key;
}

static GBytes *
seal_slot (SarapSecret *key, SarapSecret *user)
{
  return sarap_seal_secret (key, USER_CONTEXT, user);
}

static GBytes *
seal_chance (void)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (SarapSecret) user = sarap_secret_new_random ();

  return seal_slot (key, user);
}

static void
take_slot (SarapKeyring *self, guint slot, GBytes *bytes)
{
  g_clear_pointer (&self->slots[slot], g_bytes_unref);
  self->slots[slot] = bytes;
}

static void
take_user (SarapKeyring *self, SarapSecret *user)
{
  g_clear_pointer (&self->user, sarap_secret_unref);
  self->user = user;
}

static char *
new_id (void)
{
  guint8 bytes[8];
  char text[17];

  randombytes_buf (bytes, sizeof bytes);
  return g_strdup (sodium_bin2hex (text, sizeof text, bytes, sizeof bytes));
}

/* Puts self->user under @pin; the other slot becomes chance. */
static gboolean
write_pin (SarapKeyring *self, const char *pin, GError **error)
{
  g_autoptr (SarapSecret) key = NULL;

  self->passes = pin == NULL || *pin == '\0' ? 0 : PASSES;
  self->memory = MEMORY;
  randombytes_buf (self->salt, sizeof self->salt);
  key = derive_pin_key (self, pin, error);
  if (key == NULL)
    return FALSE;
  take_slot (self, SLOT_PIN, seal_slot (key, self->user));
  take_slot (self, SLOT_DURESS, seal_chance ());
  return save_user (self, error);
}

/* --- escrow ------------------------------------------------------------------------------------ */

static gboolean
write_escrow (SarapKeyring *self, GError **error)
{
  g_autofree char *path = dup_path (self, "escrow");
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *id = NULL;
  gboolean is_changed;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return set_malformed (self, "escrow", error);
  id = g_key_file_get_string (file, GROUP, "id", NULL);
  if (id != NULL && strcmp (id, self->user_id) != 0)
    return TRUE; /* a user key made under duress is nobody's loss, and must not take the place of the first */
  is_changed = id == NULL;
  g_key_file_set_string (file, GROUP, "id", self->user_id);
  for (guint i = 0; i < self->project_keys->len; i++)
    {
      SarapProjectKey *key = g_ptr_array_index (self->project_keys, i);
      g_autoptr (GBytes) sealed = NULL;

      if (g_key_file_has_key (file, GROUP, sarap_project_key_peek_fingerprint (key), NULL))
        continue;
      is_changed = TRUE;
      sealed = sarap_project_key_seal_secret (key, ESCROW_CONTEXT, self->user);
      set_bytes (file, sarap_project_key_peek_fingerprint (key), g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
    }
  return !is_changed || save_file (self, "escrow", file, error);
}

static SarapSecret *
read_escrow (SarapKeyring *self, SarapProjectKey *key, char **id, GError **error)
{
  g_autoptr (GKeyFile) file = load_file (self, "escrow", error);
  g_autoptr (GBytes) sealed = NULL;

  if (file == NULL)
    return NULL;
  sealed = get_bytes (file, sarap_project_key_peek_fingerprint (key));
  if (sealed == NULL)
    {
      g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "this device was never given project key %s", sarap_project_key_peek_fingerprint (key));
      return NULL;
    }
  *id = g_key_file_get_string (file, GROUP, "id", NULL);
  return sarap_project_key_unseal_secret (key, ESCROW_CONTEXT, sealed, error);
}

/* --- project keys ------------------------------------------------------------------------------ */

static gboolean
load_project_keys (SarapKeyring *self, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = dup_path (self, name);
      SarapProjectKey *key;

      if (!g_str_has_suffix (name, ".pub"))
        continue;
      key = sarap_project_key_read (path, error);
      if (key == NULL)
        return FALSE;
      g_ptr_array_add (self->project_keys, key);
    }
  return dir != NULL;
}

static guint
find_project_key (SarapKeyring *self, SarapProjectKey *key)
{
  for (guint i = 0; i < self->project_keys->len; i++)
    if (strcmp (sarap_project_key_peek_fingerprint (g_ptr_array_index (self->project_keys, i)), sarap_project_key_peek_fingerprint (key)) == 0)
      return i;
  return G_MAXUINT;
}

/* --- type -------------------------------------------------------------------------------------- */

static void
sarap_keyring_finalize (GObject *object)
{
  SarapKeyring *self = SARAP_KEYRING (object);

  g_clear_pointer (&self->device, sarap_secret_unref);
  g_clear_pointer (&self->sync, sarap_secret_unref);
  g_clear_pointer (&self->signing, sarap_secret_unref);
  g_clear_pointer (&self->user, sarap_secret_unref);
  g_clear_pointer (&self->slots[SLOT_PIN], g_bytes_unref);
  g_clear_pointer (&self->slots[SLOT_DURESS], g_bytes_unref);
  g_ptr_array_unref (self->project_keys);
  g_free (self->user_id);
  g_free (self->folder);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (sarap_keyring_parent_class)->finalize (object);
}

static void
sarap_keyring_class_init (SarapKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sarap_keyring_finalize;
}

static void
sarap_keyring_init (SarapKeyring *self)
{
  g_mutex_init (&self->mutex);
  self->project_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_project_key_unref);
}

static SarapKeyring *
new_in (const char *folder)
{
  SarapKeyring *self = g_object_new (SARAP_TYPE_KEYRING, NULL);

  self->folder = g_strdup (folder);
  return self;
}

static gboolean
fail_errno (const char *path, GError **error)
{
  int number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", path, g_strerror (number));
  return FALSE;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
publish (SarapKeyring *self, const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (!sarap_file_sync_folder (self->folder, error))
    return FALSE;
  if (g_rename (self->folder, folder) != 0)
    return fail_errno (folder, error);
  g_free (self->folder);
  self->folder = g_strdup (folder);
  return sarap_file_sync_folder (parent, error);
}

/* Makes the keys of a new store: @folder, missing or empty, appears with all of them or not at all. Unlocked. @pin:
 * NULL or "" for none; @project_key: NULL for none yet. Returns: (transfer full) */
SarapKeyring *
sarap_keyring_create (const char *folder, const char *pin, SarapProjectKey *project_key, GError **error)
{
  g_autofree char *temporary = g_strconcat (folder, ".new", NULL);
  g_autoptr (SarapKeyring) self = new_in (temporary);

  remove_folder (temporary);
  if (g_mkdir_with_parents (temporary, 0700) != 0)
    {
      fail_errno (temporary, error);
      return NULL;
    }
  self->device = sarap_secret_new_random ();
  self->sync = sarap_secret_new_random ();
  self->signing = sarap_secret_new_random ();
  self->user = sarap_secret_new_random ();
  self->user_id = new_id ();
  if (!save_device (self, error) || !write_pin (self, pin, error) || !write_escrow (self, error))
    return NULL;
  if (project_key != NULL && !sarap_keyring_add_project_key (self, project_key, error))
    return NULL;
  return publish (self, folder, error) ? g_steal_pointer (&self) : NULL;
}

/* Locked when there is a PIN. Errors: MALFORMED. */
SarapKeyring *
sarap_keyring_open (const char *folder, GError **error)
{
  g_autoptr (SarapKeyring) self = new_in (folder);

  if (!load_device (self, error) || !load_user (self, error) || !load_project_keys (self, error))
    return NULL;
  if (self->passes == 0 && !sarap_keyring_unlock (self, NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
sarap_keyring_has_pin (SarapKeyring *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->passes > 0;
}

gboolean
sarap_keyring_is_locked (SarapKeyring *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->user == NULL;
}

/* The duress PIN was given: forget the user key, begin an empty one that this PIN opens. */
static gboolean
begin_decoy (SarapKeyring *self, const char *pin, GError **error)
{
  take_user (self, sarap_secret_new_random ());
  g_free (self->user_id);
  self->user_id = new_id ();
  return write_pin (self, pin, error);
}

static gboolean
try_pin (SarapKeyring *self, const char *pin, GError **error)
{
  g_autoptr (SarapSecret) key = derive_pin_key (self, pin, error);
  g_autoptr (SarapSecret) duress = NULL;
  SarapSecret *user;

  if (key == NULL)
    return FALSE;
  user = sarap_unseal_secret (key, USER_CONTEXT, self->slots[SLOT_PIN], NULL);
  duress = sarap_unseal_secret (key, USER_CONTEXT, self->slots[SLOT_DURESS], NULL);
  if (user != NULL)
    {
      take_user (self, user);
      return write_escrow (self, error);
    }
  if (duress != NULL)
    return begin_decoy (self, pin, error);
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN, "wrong PIN");
  return FALSE;
}

static gboolean
check_wait (const char *tries, GError **error)
{
  g_autoptr (GError) own = NULL;
  guint wait = sarap_pin_tries_get_wait (tries, &own);

  if (own != NULL)
    g_propagate_error (error, g_steal_pointer (&own));
  else if (wait > 0)
    g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WAIT, "too many wrong PINs: try again in %u seconds", wait);
  return wait == 0;
}

/* Errors: WRONG_PIN, WAIT; MALFORMED or those of the disk. */
gboolean
sarap_keyring_unlock (SarapKeyring *self, const char *pin, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *tries = dup_path (self, "tries");

  if (self->passes == 0)
    return try_pin (self, "", error);
  if (!check_wait (tries, error) || !sarap_pin_tries_begin (tries, error))
    return FALSE;
  return try_pin (self, pin ? pin : "", error) && sarap_pin_tries_forget (tries, error);
}

/* Seconds until sarap_keyring_unlock() tries again; 0: at once. */
guint
sarap_keyring_get_wait (SarapKeyring *self)
{
  g_autofree char *tries = dup_path (self, "tries");

  return sarap_pin_tries_get_wait (tries, NULL);
}

/* Wipes the user key and opened private halves. References that were given still hold theirs: drop them first. */
void
sarap_keyring_lock (SarapKeyring *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  take_user (self, NULL);
  for (guint i = 0; i < self->project_keys->len; i++)
    {
      SarapProjectKey *key = g_ptr_array_index (self->project_keys, i);
      g_autofree char *text = sarap_project_key_to_public_text (key);

      if (!sarap_project_key_is_private (key))
        continue;
      g_ptr_array_index (self->project_keys, i) = sarap_project_key_new_from_text (text, NULL);
      sarap_project_key_unref (key);
    }
}

static gboolean
check_unlocked (SarapKeyring *self, GError **error)
{
  if (self->user != NULL)
    return TRUE;
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "locked: the PIN is needed");
  return FALSE;
}

/* NULL or "": none from now on. Nothing but the small file is written again; a duress PIN is forgotten. */
gboolean
sarap_keyring_set_pin (SarapKeyring *self, const char *pin, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return check_unlocked (self, error) && write_pin (self, pin, error);
}

/* Only with a PIN set, and another one than that. NULL: none. The PIN's own slot stays as it is. */
gboolean
sarap_keyring_set_duress_pin (SarapKeyring *self, const char *pin, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (SarapSecret) key = NULL;
  g_autoptr (SarapSecret) same = NULL;
  g_autoptr (SarapSecret) chance = sarap_secret_new_random ();

  if (!check_unlocked (self, error))
    return FALSE;
  if (self->passes == 0)
    {
      g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN, "set a PIN first");
      return FALSE;
    }
  if (pin == NULL)
    {
      take_slot (self, SLOT_DURESS, seal_chance ());
      return save_user (self, error);
    }
  key = derive_pin_key (self, pin, error);
  if (key == NULL)
    return FALSE;
  same = sarap_unseal_secret (key, USER_CONTEXT, self->slots[SLOT_PIN], NULL);
  if (same != NULL)
    {
      g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN, "the same as the PIN itself");
      return FALSE;
    }
  take_slot (self, SLOT_DURESS, seal_slot (key, chance));
  return save_user (self, error);
}

/* A forgotten PIN: the private half of a project key opens the escrowed user key, and @pin becomes its PIN.
 * Also brings back what a duress PIN hid. Errors: LOCKED when the key is not one of this device's. */
gboolean
sarap_keyring_recover (SarapKeyring *self, SarapProjectKey *key, const char *pin, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *tries = dup_path (self, "tries");
  g_autofree char *id = NULL;
  SarapSecret *user = read_escrow (self, key, &id, error);

  if (user == NULL)
    return FALSE;
  take_user (self, user);
  g_free (self->user_id);
  self->user_id = id != NULL ? g_steal_pointer (&id) : new_id ();
  return write_pin (self, pin, error) && sarap_pin_tries_forget (tries, error);
}

/* Errors: LOCKED. Returns: (transfer full) */
SarapSecret *
sarap_keyring_ref_user_key (SarapKeyring *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return check_unlocked (self, error) ? sarap_secret_ref (self->user) : NULL;
}

/* Names the user key, not a person: records of another one are not shown. Returns: (transfer full) */
char *
sarap_keyring_dup_user_id (SarapKeyring *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->user_id);
}

/* Open without a PIN: the outbox is sent while nobody is there. Returns: (transfer full) */
SarapSecret *
sarap_keyring_ref_sync_key (SarapKeyring *self)
{
  return sarap_secret_ref (self->sync);
}

/* From now on records are sealed to @key's public half too; needs the user key, which goes into escrow with it.
 * Errors: LOCKED. */
gboolean
sarap_keyring_add_project_key (SarapKeyring *self, SarapProjectKey *key, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *name = g_strconcat (sarap_project_key_peek_fingerprint (key), ".pub", NULL);
  g_autofree char *path = dup_path (self, name);
  g_autofree char *text = sarap_project_key_to_public_text (key);

  if (find_project_key (self, key) != G_MAXUINT)
    return TRUE;
  if (!check_unlocked (self, error) || !sarap_project_key_write (key, FALSE, path, error))
    return FALSE;
  g_ptr_array_add (self->project_keys, sarap_project_key_new_from_text (text, NULL));
  return write_escrow (self, error);
}

/* New records are not sealed to @key any more. What was sealed to it stays so, the escrow too. */
gboolean
sarap_keyring_drop_project_key (SarapKeyring *self, SarapProjectKey *key, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *name = g_strconcat (sarap_project_key_peek_fingerprint (key), ".pub", NULL);
  g_autofree char *path = dup_path (self, name);
  guint place = find_project_key (self, key);

  if (place == G_MAXUINT)
    return TRUE;
  if (g_unlink (path) != 0 && errno != ENOENT)
    return fail_errno (path, error);
  g_ptr_array_remove_index (self->project_keys, place);
  return sarap_file_sync_folder (self->folder, error);
}

/* @key: a private half. In memory only, until sarap_keyring_lock(). FALSE: no record here was sealed to it. */
gboolean
sarap_keyring_open_project_key (SarapKeyring *self, SarapProjectKey *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint place = find_project_key (self, key);

  if (place == G_MAXUINT)
    return FALSE;
  sarap_project_key_unref (g_ptr_array_index (self->project_keys, place));
  g_ptr_array_index (self->project_keys, place) = sarap_project_key_ref (key);
  return TRUE;
}

/* Returns: (transfer full) (element-type SarapProjectKey) */
GPtrArray *
sarap_keyring_list_project_keys (SarapKeyring *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_ptr_array_copy (self->project_keys, (GCopyFunc) (void (*) (void)) sarap_project_key_ref, NULL);
}

static void
make_signing_pair (SarapSecret *seed, guint8 public_half[crypto_sign_PUBLICKEYBYTES], guint8 private_half[crypto_sign_SECRETKEYBYTES])
{
  crypto_sign_seed_keypair (public_half, private_half, sarap_secret_peek (seed));
}

/* Ed25519 by the device's key (RFC 8032). */
void
sarap_keyring_sign (SarapKeyring *self, GBytes *message, guint8 signature[SARAP_SIGNATURE_SIZE])
{
  guint8 public_half[crypto_sign_PUBLICKEYBYTES];
  guint8 private_half[crypto_sign_SECRETKEYBYTES];

  make_signing_pair (self->signing, public_half, private_half);
  crypto_sign_detached (signature, NULL, g_bytes_get_data (message, NULL), g_bytes_get_size (message), private_half);
  sodium_memzero (private_half, sizeof private_half);
}

/* The public half, hexadecimal. Returns: (transfer full) */
char *
sarap_keyring_dup_device_key (SarapKeyring *self)
{
  guint8 public_half[crypto_sign_PUBLICKEYBYTES];
  guint8 private_half[crypto_sign_SECRETKEYBYTES];
  char text[crypto_sign_PUBLICKEYBYTES * 2 + 1];

  make_signing_pair (self->signing, public_half, private_half);
  sodium_memzero (private_half, sizeof private_half);
  return g_strdup (sodium_bin2hex (text, sizeof text, public_half, sizeof public_half));
}

/* @device_key: as sarap_keyring_dup_device_key() gives it. */
gboolean
sarap_signature_verify (const char *device_key, GBytes *message, const guint8 signature[SARAP_SIGNATURE_SIZE])
{
  guint8 public_half[crypto_sign_PUBLICKEYBYTES];
  size_t size;

  return sodium_hex2bin (public_half, sizeof public_half, device_key, strlen (device_key), NULL, &size, NULL) == 0 &&
         size == sizeof public_half &&
         crypto_sign_verify_detached (signature, g_bytes_get_data (message, NULL), g_bytes_get_size (message), public_half) == 0;
}
