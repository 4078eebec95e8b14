#include <fcntl.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/store/sarap-recorder-private.h"
#include "app/vault/sarap-secret.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-ui-fixture.h"
#include "ui/common/sarap-lock-settings-screen.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/sarap-lock.h"

#define FORM "tests/data/forms/visit.xml"
#define PIN "2468"
#define MASK 0x5a

typedef struct
{
  SarapUiFixture *ui;
  SarapWindow *window;
  SarapLock *lock;
  guint n_opened;
} Fixture;

static void
opened_cb (Fixture *self)
{
  self->n_opened++;
  sarap_window_set_root (self->window, gtk_label_new ("home"), "home");
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->ui = sarap_ui_fixture_new (FORM, "en");
  if (data != NULL)
    sarap_keyring_set_pin (sarap_store_get_keyring (self->ui->store), data, &error);
  g_assert_no_error (error);
  self->window = sarap_window_new (NULL, self->ui->context);
  self->lock = sarap_lock_new (self->window);
  g_signal_connect_swapped (self->lock, "opened", G_CALLBACK (opened_cb), self);
  sarap_window_set_root (self->window, gtk_label_new ("home"), "home");
  gtk_window_present (GTK_WINDOW (self->window));
  sarap_ui_spin (50);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->lock);
  gtk_window_destroy (GTK_WINDOW (self->window));
  sarap_ui_fixture_free (self->ui);
}

/* Gives the fixture's own references up, as the application has none. */
static void
push_form (Fixture *self)
{
  sarap_window_push (self->window, sarap_form_view_new (self->ui->context, self->ui->recorder), "form");
  g_object_unref (self->ui->recorder);
  g_object_unref (self->ui->interview);
  self->ui->recorder = NULL;
  self->ui->interview = NULL;
  sarap_ui_spin (50);
}

static gboolean
sees (Fixture *self, GType type)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (sarap_window_peek_top (self->window), type);
}

static void
give_pin (Fixture *self, const char *pin)
{
  for (const char *digit = pin; *digit != '\0'; digit++)
    {
      const char label[] = { *digit, '\0' };

      gtk_widget_activate (sarap_ui_find_button (GTK_WIDGET (self->window), label));
      sarap_ui_spin (20);
    }
  gtk_widget_activate (sarap_ui_find_button (GTK_WIDGET (self->window), "Continue"));
  sarap_ui_spin (20);
}

static gboolean
says (Fixture *self, const char *words)
{
  GtkWidget *label;

  for (guint i = 0; (label = sarap_ui_find (GTK_WIDGET (self->window), GTK_TYPE_LABEL, i)) != NULL; i++)
    if (g_str_equal (gtk_label_get_label (GTK_LABEL (label)), words))
      return TRUE;
  return FALSE;
}

static void
wait_for_opening (Fixture *self)
{
  for (int i = 0; i < 200 && self->n_opened == 0; i++)
    sarap_ui_spin (50);
  g_assert_cmpuint (self->n_opened, ==, 1);
}

static void
test_the_draft_comes_back (Fixture *self, gconstpointer data)
{
  g_autofree char *id = g_strdup (sarap_interview_get_instance_id (self->ui->interview));
  g_autofree char *draft = NULL;

  push_form (self);
  sarap_lock_now (self->lock);
  g_assert_true (sees (self, SARAP_TYPE_PIN_SCREEN));
  g_assert_null (sarap_window_find_screen (self->window, SARAP_TYPE_FORM_VIEW));
  g_assert_true (sarap_keyring_is_locked (sarap_store_get_keyring (self->ui->store)));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "go.settings", NULL);
  g_assert_true (sees (self, SARAP_TYPE_PIN_SCREEN));
  give_pin (self, "1357");
  g_assert_cmpuint (self->n_opened, ==, 0);
  for (int i = 0; i < 200 && !says (self, "That is not the PIN."); i++)
    sarap_ui_spin (50);
  give_pin (self, PIN);
  wait_for_opening (self);
  draft = sarap_lock_steal_draft (self->lock);
  g_assert_cmpstr (draft, ==, id);
}

static void
test_a_duress_pin_knows_no_draft (Fixture *self, gconstpointer data)
{
  SarapKeyring *keyring = sarap_store_get_keyring (self->ui->store);
  g_autofree char *draft = NULL;
  const SarapRecordFilter all = { .state = -1 };

  g_assert_true (sarap_keyring_set_duress_pin (keyring, "1357", NULL));
  push_form (self);
  sarap_lock_now (self->lock);
  give_pin (self, "1357");
  wait_for_opening (self);
  draft = sarap_lock_steal_draft (self->lock);
  g_assert_null (draft);
  g_assert_cmpuint (sarap_store_count_records (self->ui->store, &all, NULL), ==, 0);
}

static void
test_without_a_pin_nothing_locks (Fixture *self, gconstpointer data)
{
  push_form (self);
  sarap_lock_now (self->lock);
  g_assert_true (sees (self, SARAP_TYPE_FORM_VIEW));
  sarap_lock_hide (self->lock);
  g_assert_null (sarap_window_find_screen (self->window, SARAP_TYPE_FORM_VIEW));
  g_assert_true (sarap_lock_is_closed (self->lock));
  sarap_ui_spin (50);
  gtk_widget_activate (sarap_ui_find_button (GTK_WIDGET (self->window), "Continue"));
  sarap_ui_spin (400);
  g_assert_cmpuint (self->n_opened, ==, 1);
}

static guint8 *
dup_masked (SarapSecret *secret)
{
  guint8 *bytes = g_memdup2 (sarap_secret_peek (secret), SARAP_SECRET_SIZE);

  for (guint i = 0; i < SARAP_SECRET_SIZE; i++)
    bytes[i] ^= MASK;
  return bytes;
}

static guint
count_in (const guint8 *area, gsize size, const guint8 *masked)
{
  guint n = 0;

  for (gsize at = 0; at + SARAP_SECRET_SIZE <= size; at++)
    {
      guint same = 0;

      while (same < SARAP_SECRET_SIZE && area[at + same] == (guint8) (masked[same] ^ MASK))
        same++;
      n += same == SARAP_SECRET_SIZE;
    }
  return n;
}

/* How often the secret stands in the memory of this process. */
static guint
count_in_memory (const guint8 *masked)
{
  FILE *maps = fopen ("/proc/self/maps", "r");
  int memory = open ("/proc/self/mem", O_RDONLY);
  char line[512];
  guint n = 0;

  while (fgets (line, sizeof line, maps) != NULL)
    {
      unsigned long from, to;
      char rights[5];
      g_autofree guint8 *area = NULL;
      gssize got;

      if (sscanf (line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[1] != 'w' || to - from > 512ul << 20)
        continue;
      area = g_try_malloc (to - from);
      got = area != NULL ? pread (memory, area, to - from, from) : -1;
      if (got > 0)
        n += count_in (area, got, masked);
      if (area != NULL)
        explicit_bzero (area, to - from);
    }
  close (memory);
  fclose (maps);
  return n;
}

static void
test_no_key_stays_in_memory (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapSecret) user = sarap_keyring_ref_user_key (sarap_store_get_keyring (self->ui->store), NULL);
  g_autofree guint8 *user_bytes = dup_masked (user);
  g_autofree guint8 *record_bytes = dup_masked (self->ui->recorder->key);
  guint n;

  g_clear_pointer (&user, sarap_secret_unref);
  push_form (self);
  g_assert_cmpuint (count_in_memory (user_bytes), >, 0);
  g_assert_cmpuint (count_in_memory (record_bytes), >, 0);
  sarap_lock_now (self->lock);
  sarap_ui_spin (1000);
  n = count_in_memory (user_bytes) + count_in_memory (record_bytes);
  sarap_figure_at_most ("C4-memory", n * SARAP_SECRET_SIZE, 0);
}

static void
test_the_quick_exit_is_quick (Fixture *self, gconstpointer data)
{
  gint64 begin;

  g_assert_cmpint (sarap_interview_answer (self->ui->interview, "/data/name", "secret", NULL), ==, SARAP_ANSWER_OK);
  push_form (self);
  begin = g_get_monotonic_time ();
  sarap_lock_hide (self->lock);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
  sarap_figure_at_most ("C4-quick-exit-ms", (g_get_monotonic_time () - begin) / 1000.0, 300);
  g_assert_false (sees (self, SARAP_TYPE_PIN_SCREEN));
  g_assert_null (sarap_window_find_screen (self->window, SARAP_TYPE_FORM_VIEW));
  g_assert_true (sarap_keyring_is_locked (sarap_store_get_keyring (self->ui->store)));
  sarap_ui_spin (50);
  gtk_widget_activate (sarap_ui_find_button (GTK_WIDGET (self->window), "Continue"));
  sarap_ui_spin (400);
  g_assert_true (sees (self, SARAP_TYPE_PIN_SCREEN));
}

static void
test_settings_of_the_lock_are_behind_the_pin (Fixture *self, gconstpointer data)
{
  SarapKeyring *keyring = sarap_store_get_keyring (self->ui->store);

  sarap_lock_settings_open (self->window);
  g_assert_true (sees (self, SARAP_TYPE_LOCK_SETTINGS_SCREEN));
  g_assert_true (sarap_keyring_set_pin (keyring, PIN, NULL));
  sarap_window_pop (self->window);
  sarap_lock_settings_open (self->window);
  g_assert_true (sees (self, SARAP_TYPE_PIN_SCREEN));
}

/* Returns: (nullable) */
static GtkWidget *
find_in_menu (Fixture *self, const char *label)
{
  GtkWidget *menu = sarap_ui_find (GTK_WIDGET (self->window), GTK_TYPE_MENU_BUTTON, 0);
  GtkWidget *found;

  gtk_menu_button_popup (GTK_MENU_BUTTON (menu));
  sarap_ui_spin (100);
  found = sarap_ui_find_button (menu, label);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (menu));
  sarap_ui_spin (100);
  return found;
}

static void
test_the_menu_locks_with_a_pin (Fixture *self, gconstpointer data)
{
  g_assert_nonnull (find_in_menu (self, "Settings"));
  g_assert_null (find_in_menu (self, "Lock now"));
  g_assert_true (sarap_keyring_set_pin (sarap_store_get_keyring (self->ui->store), PIN, NULL));
  g_assert_nonnull (find_in_menu (self, "Lock now"));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/lock/the-draft-comes-back", Fixture, PIN, set_up, test_the_draft_comes_back, tear_down);
  g_test_add ("/ui/lock/a-duress-pin-knows-no-draft", Fixture, PIN, set_up, test_a_duress_pin_knows_no_draft, tear_down);
  g_test_add ("/ui/lock/without-a-pin-nothing-locks", Fixture, NULL, set_up, test_without_a_pin_nothing_locks, tear_down);
  g_test_add ("/ui/lock/no-key-stays-in-memory", Fixture, PIN, set_up, test_no_key_stays_in_memory, tear_down);
  g_test_add ("/ui/lock/the-quick-exit-is-quick", Fixture, PIN, set_up, test_the_quick_exit_is_quick, tear_down);
  g_test_add ("/ui/lock/settings-of-the-lock-are-behind-the-pin", Fixture, NULL, set_up, test_settings_of_the_lock_are_behind_the_pin, tear_down);
  g_test_add ("/ui/lock/the-menu-locks-with-a-pin", Fixture, NULL, set_up, test_the_menu_locks_with_a_pin, tear_down);
  return g_test_run ();
}
