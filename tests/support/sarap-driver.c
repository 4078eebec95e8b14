#include "tests/support/sarap-driver.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

#include "tests/support/sarap-temporary.h"

#define WAIT_SECONDS 30
#define POLL_MILLISECONDS 40
#define MAX_DEPTH 60

#define SWIPE_STEPS 8
#define SWIPE_ROOM 320

struct _SarapDriver
{
  GSubprocess *process;
  char *config;
  AtspiAccessible *application;
  GHashTable *unnamed; /* what is wrong, in words */
};

static void
seen_free (gpointer data)
{
  SarapSeen *seen = data;

  g_object_unref (seen->object);
  g_free (seen->name);
  g_free (seen);
}

static void
die_with_parent_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
write_config (SarapDriver *self, const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->config, folder, NULL);
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (path, 0700);
  g_file_set_contents (file, text, -1, &error);
  g_assert_no_error (error);
}

static void
start (SarapDriver *self, GPtrArray *words)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent_cb, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", self->config, TRUE);
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "keyfile", TRUE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-criticals", TRUE);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  g_assert_no_error (error);
}

static AtspiAccessible *
find_application (guint pid)
{
  AtspiAccessible *desktop = atspi_get_desktop (0);
  AtspiAccessible *found = NULL;
  int n;

  atspi_accessible_set_cache_mask (desktop, ATSPI_CACHE_NONE);
  n = atspi_accessible_get_child_count (desktop, NULL);
  for (int i = 0; i < n && found == NULL; i++)
    {
      AtspiAccessible *child = atspi_accessible_get_child_at_index (desktop, i, NULL);

      if (child != NULL && atspi_accessible_get_process_id (child, NULL) == pid)
        found = g_object_ref (child);
      g_clear_object (&child);
    }
  g_object_unref (desktop);
  return found;
}

/* Lets a little time pass, and takes what the bus has to tell meanwhile. */
static void
rest (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_usleep (POLL_MILLISECONDS * 1000);
}

static gint64
get_deadline (void)
{
  return g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
}

static void
wait_for_application (SarapDriver *self)
{
  guint pid = (guint) g_ascii_strtoull (g_subprocess_get_identifier (self->process), NULL, 10);
  gint64 deadline = get_deadline ();

  while ((self->application = find_application (pid)) == NULL)
    {
      if (g_get_monotonic_time () > deadline || g_subprocess_get_identifier (self->process) == NULL)
        g_error ("the application does not come to the accessibility bus");
      rest ();
    }
  atspi_accessible_set_cache_mask (self->application, ATSPI_CACHE_NONE);
}

/* libatspi warns when a peer comes or goes while it is asked: no reason to end the test. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  g_printerr ("%s: %s\n", domain, message);
}

static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return g_strcmp0 (domain, "dbind") != 0;
}

SarapDriver *
sarap_driver_new (const char *store, const char *settings, ...)
{
  SarapDriver *self = g_new0 (SarapDriver, 1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *keyfile = g_strdup_printf ("[org/sarap/Sarap]\n%s", settings != NULL ? settings : "");
  va_list more;

  g_log_set_handler ("dbind", G_LOG_LEVEL_MASK | G_LOG_FLAG_FATAL, log_cb, NULL);
  g_test_log_set_fatal_handler (is_fatal, NULL);
  atspi_init ();
  atspi_set_timeout (5000, 15000);
  self->config = sarap_temporary_new ();
  self->unnamed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  write_config (self, "glib-2.0/settings", "keyfile", keyfile);
  write_config (self, "gtk-4.0", "settings.ini", "[Settings]\ngtk-enable-animations=0\n");
  g_ptr_array_add (words, (gpointer) SARAP_PROGRAM);
  g_ptr_array_add (words, (gpointer) "--store");
  g_ptr_array_add (words, (gpointer) store);
  va_start (more, settings);
  for (const char *word = va_arg (more, const char *); word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (more);
  g_ptr_array_add (words, NULL);
  start (self, words);
  wait_for_application (self);
  return self;
}

static void
finish (SarapDriver *self, int signal)
{
  g_subprocess_send_signal (self->process, signal);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_clear_object (&self->application);
  g_hash_table_unref (self->unnamed);
  sarap_temporary_remove (self->config);
  g_free (self->config);
  g_free (self);
}

/* Ends the application; the store is free again afterwards. */
void
sarap_driver_free (SarapDriver *self)
{
  finish (self, SIGTERM);
}

/* The same without a chance for it to put anything in order. */
void
sarap_driver_kill (SarapDriver *self)
{
  finish (self, SIGKILL);
}

static gboolean
is_class_name (const char *name)
{
  return *name == '\0' || g_str_has_prefix (name, "Gtk");
}

/* Asked twice: what goes in the middle of a look loses its name first, and is gone the second time. */
static void
check_name (SarapDriver *self, const SarapSeen *seen)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  if (!seen->is_focusable || !is_class_name (seen->name))
    return;
  rest ();
  name = atspi_accessible_get_name (seen->object, NULL);
  if (atspi_accessible_get_role (seen->object, &error) == seen->role && error == NULL && name != NULL && is_class_name (name))
    g_hash_table_add (self->unnamed, g_strdup_printf ("role %d, name “%s”", seen->role, name));
}

/* Widgets may go while they are looked at: those that do not answer are not there. Returns: (nullable) */
static SarapSeen *
new_seen (AtspiAccessible *object, guint depth)
{
  AtspiStateSet *states = atspi_accessible_get_state_set (object);
  gboolean is_there = states != NULL && depth <= MAX_DEPTH && (depth == 0 || atspi_state_set_contains (states, ATSPI_STATE_VISIBLE));
  SarapSeen *seen = is_there ? g_new0 (SarapSeen, 1) : NULL;

  if (is_there)
    {
      seen->object = g_object_ref (object);
      seen->role = atspi_accessible_get_role (object, NULL);
      seen->name = atspi_accessible_get_name (object, NULL);
      seen->depth = depth;
      seen->is_focusable = atspi_state_set_contains (states, ATSPI_STATE_FOCUSABLE);
      seen->is_sensitive = atspi_state_set_contains (states, ATSPI_STATE_SENSITIVE);
      if (seen->name == NULL)
        seen->name = g_strdup ("");
    }
  g_clear_object (&states);
  return seen;
}

/* What is inside says nothing more, and each question to the bus takes its time. */
static gboolean
is_leaf (const SarapSeen *seen)
{
  switch ((guint) seen->role)
    {
    case ATSPI_ROLE_PUSH_BUTTON:
    case ATSPI_ROLE_TOGGLE_BUTTON:
    case ATSPI_ROLE_RADIO_BUTTON:
    case ATSPI_ROLE_CHECK_BOX:
      return seen->is_focusable;
    case ATSPI_ROLE_LABEL:
    case ATSPI_ROLE_HEADING:
    case ATSPI_ROLE_IMAGE:
    case ATSPI_ROLE_ENTRY:
    case ATSPI_ROLE_SCROLL_BAR:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
walk (SarapDriver *self, AtspiAccessible *object, guint depth, GPtrArray *found)
{
  SarapSeen *seen = new_seen (object, depth);
  int n;

  if (seen == NULL)
    return;
  g_ptr_array_add (found, seen);
  check_name (self, seen);
  if (is_leaf (seen))
    return;
  n = atspi_accessible_get_child_count (object, NULL);
  for (int i = 0; i < n; i++)
    {
      AtspiAccessible *child = atspi_accessible_get_child_at_index (object, i, NULL);

      if (child != NULL)
        walk (self, child, depth + 1, found);
      g_clear_object (&child);
    }
}

GPtrArray *
sarap_driver_look_at (SarapDriver *self, AtspiAccessible *scope)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (seen_free);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (g_subprocess_get_identifier (self->process) == NULL)
    g_error ("the application has ended");
  walk (self, scope, 0, found);
  return found;
}

GPtrArray *
sarap_driver_look (SarapDriver *self)
{
  return sarap_driver_look_at (self, self->application);
}

/* What lies on top comes last: GTK shows screens below others as visible too. */
const SarapSeen *
sarap_driver_pick (GPtrArray *seen, AtspiRole role, const char *name)
{
  for (guint i = seen->len; i > 0; i--)
    {
      const SarapSeen *node = g_ptr_array_index (seen, i - 1);

      if ((role == ATSPI_ROLE_INVALID ? node->is_focusable : node->role == role) && g_str_equal (node->name, name))
        return node;
    }
  return NULL;
}

gboolean
sarap_driver_sees (SarapDriver *self, AtspiRole role, const char *name)
{
  g_autoptr (GPtrArray) seen = sarap_driver_look (self);

  return sarap_driver_pick (seen, role, name) != NULL;
}

static void
give_up (SarapDriver *self, const char *what, const char *name)
{
  g_autoptr (GPtrArray) seen = sarap_driver_look (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < seen->len; i++)
    {
      const SarapSeen *node = g_ptr_array_index (seen, i);

      g_string_append_printf (text, "\n%*s%d%s%s “%s”", (int) node->depth, "", node->role, node->is_focusable ? " focusable" : "", node->is_sensitive ? "" : " insensitive", node->name);
    }
  g_error ("%s: “%s”; on the screen:%s", what, name, text->str);
}

static GPtrArray *
wait_for (SarapDriver *self, AtspiRole role, const char *name, const SarapSeen **found)
{
  gint64 deadline = get_deadline ();

  for (;;)
    {
      g_autoptr (GPtrArray) seen = sarap_driver_look (self);

      *found = sarap_driver_pick (seen, role, name);
      if (*found != NULL && (role != ATSPI_ROLE_INVALID || (*found)->is_sensitive))
        return g_steal_pointer (&seen);
      if (g_get_monotonic_time () > deadline)
        give_up (self, "does not come", name);
      rest ();
    }
}

void
sarap_driver_wait (SarapDriver *self, AtspiRole role, const char *name)
{
  const SarapSeen *found;
  g_autoptr (GPtrArray) seen = wait_for (self, role, name, &found);
}

void
sarap_driver_wait_gone (SarapDriver *self, AtspiRole role, const char *name)
{
  gint64 deadline = get_deadline ();

  while (sarap_driver_sees (self, role, name))
    {
      if (g_get_monotonic_time () > deadline)
        give_up (self, "does not go", name);
      rest ();
    }
}

static gboolean
try_to_act (const SarapSeen *seen)
{
  AtspiAction *action = atspi_accessible_get_action_iface (seen->object);
  gboolean is_done = action != NULL && atspi_action_do_action (action, 0, NULL);

  g_clear_object (&action);
  return is_done;
}

void
sarap_seen_act (const SarapSeen *seen)
{
  if (!try_to_act (seen))
    g_error ("nothing can be done with “%s”", seen->name);
}

void
sarap_seen_write (const SarapSeen *seen, const char *text)
{
  AtspiEditableText *editable = atspi_accessible_get_editable_text_iface (seen->object);

  if (editable == NULL || !atspi_editable_text_set_text_contents (editable, text, NULL))
    g_error ("nothing can be typed into “%s”", seen->name);
  g_object_unref (editable);
}

/* A button may be replaced by its like between the look and the press. */
void
sarap_driver_press (SarapDriver *self, const char *name)
{
  gint64 deadline = get_deadline ();
  gboolean is_pressed = FALSE;

  while (!is_pressed)
    {
      const SarapSeen *found;
      g_autoptr (GPtrArray) seen = wait_for (self, ATSPI_ROLE_INVALID, name, &found);

      is_pressed = try_to_act (found);
      if (!is_pressed && g_get_monotonic_time () > deadline)
        give_up (self, "cannot be pressed", name);
    }
}

static AtspiRect
get_place (const SarapSeen *seen)
{
  AtspiComponent *component = atspi_accessible_get_component_iface (seen->object);
  g_autoptr (GError) error = NULL;
  AtspiRect *extents = component != NULL ? atspi_component_get_extents (component, ATSPI_COORD_TYPE_WINDOW, &error) : NULL;
  AtspiRect place;

  g_assert_no_error (error);
  g_assert_nonnull (extents);
  place = *extents;
  g_free (extents);
  g_object_unref (component);
  return place;
}

static void
point (int x, int y, const char *what)
{
  g_autoptr (GError) error = NULL;

  atspi_generate_mouse_event (x, y, what, &error);
  g_assert_no_error (error);
}

/* The only window stands in the corner of the screen: there is no window manager to move it. */
void
sarap_driver_tap (SarapDriver *self, const char *name)
{
  const SarapSeen *found;
  g_autoptr (GPtrArray) seen = wait_for (self, ATSPI_ROLE_INVALID, name, &found);
  AtspiRect place = get_place (found);

  point (place.x + place.width / 2, place.y + place.height / 2, "b1c");
}

/* Presses in the middle of the label @name, draws @distance px to the right (left when negative) and lets go. */
void
sarap_driver_swipe (SarapDriver *self, const char *name, int distance)
{
  const SarapSeen *found;
  g_autoptr (GPtrArray) seen = wait_for (self, ATSPI_ROLE_LABEL, name, &found);
  AtspiRect place = get_place (found);
  int y = place.y + place.height / 2;
  int x = distance < 0 ? place.x + SWIPE_ROOM : place.x + 10;

  point (x, y, "b1p");
  for (int i = 1; i <= SWIPE_STEPS; i++)
    {
      point (x + distance * i / SWIPE_STEPS, y, "abs");
      g_usleep (8000);
    }
  point (x + distance, y, "b1r");
}

void
sarap_driver_type (SarapDriver *self, const char *name, const char *text)
{
  const SarapSeen *found;
  g_autoptr (GPtrArray) seen = wait_for (self, ATSPI_ROLE_INVALID, name, &found);

  sarap_seen_write (found, text);
}

void
sarap_driver_assert_named (SarapDriver *self)
{
  GHashTableIter iter;
  gpointer words;

  g_hash_table_iter_init (&iter, self->unnamed);
  while (g_hash_table_iter_next (&iter, &words, NULL))
    g_test_message ("takes the focus without a name: %s", (const char *) words);
  g_assert_cmpuint (g_hash_table_size (self->unnamed), ==, 0);
}
