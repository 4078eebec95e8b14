#include <gtk/gtk.h>

#include "tests/support/sarap-ui-fixture.h"
#include "ui/common/sarap-keyboard.h"

typedef struct
{
  GtkWidget *window;
  GtkWidget *entry;
  GtkWidget *number;
  GtkWidget *view;
  GtkWidget *keyboard;
} Stage;

static void
stage_init (Stage *stage, const char *language)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  stage->window = gtk_window_new ();
  stage->entry = gtk_entry_new ();
  stage->number = gtk_entry_new ();
  stage->view = gtk_text_view_new ();
  stage->keyboard = sarap_keyboard_new ();
  gtk_entry_set_input_purpose (GTK_ENTRY (stage->number), GTK_INPUT_PURPOSE_NUMBER);
  sarap_keyboard_set_mode (SARAP_KEYBOARD (stage->keyboard), "always");
  sarap_keyboard_set_language (SARAP_KEYBOARD (stage->keyboard), language);
  gtk_box_append (GTK_BOX (box), stage->entry);
  gtk_box_append (GTK_BOX (box), stage->number);
  gtk_box_append (GTK_BOX (box), stage->view);
  gtk_box_append (GTK_BOX (box), stage->keyboard);
  gtk_window_set_child (GTK_WINDOW (stage->window), box);
  gtk_window_present (GTK_WINDOW (stage->window));
  sarap_ui_spin (50);
}

static void
stage_clear (Stage *stage)
{
  gtk_window_destroy (GTK_WINDOW (stage->window));
  sarap_ui_spin (20);
}

static void
press (Stage *stage, const char *key)
{
  GtkWidget *button = sarap_ui_find_button (stage->keyboard, key);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
press_all (Stage *stage, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    press (stage, *keys);
}

static void
test_kazakh (void)
{
  Stage stage;

  stage_init (&stage, "kk");
  gtk_widget_grab_focus (stage.entry);
  press_all (&stage, (const char *const[]){ "⇧", "Ә", "і", "ң", "ғ", "ү", "ұ", "қ", "ө", "һ", " ", "й", "⌫", "ё", NULL });
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (stage.entry)), ==, "Әіңғүұқөһ ё");
  stage_clear (&stage);
}

static void
test_languages (void)
{
  Stage stage;

  stage_init (&stage, "kk");
  gtk_widget_grab_focus (stage.view);
  press (&stage, "РУС");
  press (&stage, "ъ");
  press (&stage, "ENG");
  press_all (&stage, (const char *const[]){ "q", "⏎", "123", "₸", "ENG", "z", NULL });
  {
    g_autofree char *text = NULL;

    g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (stage.view)), "text", &text, NULL);
    g_assert_cmpstr (text, ==, "ъq\n₸z");
  }
  stage_clear (&stage);
}

static void
test_numbers (void)
{
  Stage stage;

  stage_init (&stage, "ru");
  gtk_widget_grab_focus (stage.number);
  g_assert_null (sarap_ui_find_button (stage.keyboard, "й"));
  press_all (&stage, (const char *const[]){ "1", "2", ",", "5", NULL });
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (stage.number)), ==, "12,5");
  gtk_widget_grab_focus (stage.entry);
  g_assert_nonnull (sarap_ui_find_button (stage.keyboard, "й"));
  stage_clear (&stage);
}

static void
test_focus_stays (void)
{
  Stage stage;

  stage_init (&stage, "ru");
  gtk_widget_grab_focus (stage.entry);
  press (&stage, "й");
  g_assert_false (gtk_widget_get_focusable (sarap_ui_find_button (stage.keyboard, "й")));
  g_assert_false (gtk_widget_child_focus (stage.keyboard, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (stage.window)), stage.entry));
  stage_clear (&stage);
}

static void
test_modes (void)
{
  Stage stage;
  GtkRevealer *revealer;

  stage_init (&stage, "en");
  revealer = GTK_REVEALER (gtk_widget_get_first_child (stage.keyboard));
  gtk_widget_grab_focus (stage.entry);
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  sarap_keyboard_set_mode (SARAP_KEYBOARD (stage.keyboard), "auto");
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  sarap_keyboard_set_mode (SARAP_KEYBOARD (stage.keyboard), "never");
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  stage_clear (&stage);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/keyboard/all-kazakh-letters", test_kazakh);
  g_test_add_func ("/ui/keyboard/changes-languages-and-writes-lines", test_languages);
  g_test_add_func ("/ui/keyboard/digits-where-numbers-are-asked", test_numbers);
  g_test_add_func ("/ui/keyboard/takes-no-focus", test_focus_stays);
  g_test_add_func ("/ui/keyboard/stays-away-without-touch", test_modes);
  return g_test_run ();
}
