#include "ui/common/sarap-keyboard.h"

#include <glib/gi18n.h>
#include "ui/common/sarap-clamp.h"

/*  1. No key takes the focus: what is typed goes to the widget that has it.
 *  2. Only the window's focus decides whether the keyboard is there. In mode "auto" it stays away
 *     until a touch has moved the focus to something editable, and goes when a key of a real
 *     keyboard is pressed.
 *  3. When it comes, the window's content shrinks; the focused widget is scrolled into sight after
 *     that layout. */

#define REPEAT_DELAY_MS 400
#define REPEAT_MS 60
#define N_ROWS 4
#define SETTLING_MS 400 /* the keyboard has come, and GTK's own scrolling to the focus has ended */
#define LETTERS_WIDTH 1100
#define DIGITS_WIDTH 480

typedef struct
{
  const char *code;
  const char *name; /* of the language, in it: shown on the key that switches */
  const char *rows[N_ROWS];
} Layout;

/* The Kazakh letters stand in the first row, as on Kazakh keyboards in the row of digits. */
static const Layout layouts[] = {
  { "kk", "ҚАЗ", { "ә і ң ғ ү ұ қ ө һ ё", "й ц у к е н г ш щ з х", "ф ы в а п р о л д ж э", "я ч с м и т ь б ю ъ" } },
  { "ru", "РУС", { "1 2 3 4 5 6 7 8 9 0", "й ц у к е н г ш щ з х", "ф ы в а п р о л д ж э", "я ч с м и т ь б ю ъ ё" } },
  { "en", "ENG", { "1 2 3 4 5 6 7 8 9 0", "q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m ' @" } },
};

static const Layout symbols = { "symbols", "123", { "1 2 3 4 5 6 7 8 9 0", "- / : ; ( ) № % + =", ". , ? ! \" ' « » @ #", "_ * & ₸ [ ] < > … –" } };
static const Layout digits = { "digits", NULL, { "1 2 3", "4 5 6", "7 8 9", "- 0 ," } };

typedef enum
{
  MODE_AUTO,
  MODE_ALWAYS,
  MODE_NEVER,
} Mode;

typedef enum
{
  KEY_TEXT,
  KEY_SHIFT,
  KEY_BACKSPACE,
  KEY_SPACE,
  KEY_ENTER,
  KEY_LANGUAGE,
  KEY_SYMBOLS,
  KEY_HIDE,
} KeyKind;

struct _SarapKeyboard
{
  GtkWidget parent_instance;

  GtkWidget *revealer;
  GtkWidget *clamp;
  GtkWidget *box;
  GPtrArray *letters; /* keys whose label follows shift */
  GtkRoot *root;      /* weak */
  GtkWidget *target;  /* weak: gtk_editable delegate or text view */
  GtkEventController *touches;
  guint language; /* index of layouts */
  Mode mode;
  guint repeat;
  gboolean is_shifted;
  gboolean has_symbols;
  gboolean is_numeric;
  gboolean was_touched;
  gboolean is_dismissed; /* for this target */
};

G_DEFINE_FINAL_TYPE (SarapKeyboard, sarap_keyboard, GTK_TYPE_WIDGET)

static void build_keys (SarapKeyboard *self);

static void
insert_text (SarapKeyboard *self, const char *text)
{
  if (GTK_IS_TEXT_VIEW (self->target))
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->target));

      gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
      gtk_text_buffer_insert_interactive_at_cursor (buffer, text, -1, TRUE);
      gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->target), gtk_text_buffer_get_insert (buffer));
    }
  else if (GTK_IS_EDITABLE (self->target))
    {
      GtkEditable *editable = GTK_EDITABLE (self->target);
      int position;

      gtk_editable_delete_selection (editable);
      position = gtk_editable_get_position (editable);
      gtk_editable_insert_text (editable, text, -1, &position);
      gtk_editable_set_position (editable, position);
    }
}

static void
delete_backwards (SarapKeyboard *self)
{
  if (GTK_IS_TEXT_VIEW (self->target))
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->target));
      GtkTextIter iter;

      if (gtk_text_buffer_delete_selection (buffer, TRUE, TRUE))
        return;
      gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
      gtk_text_buffer_backspace (buffer, &iter, TRUE, TRUE);
    }
  else if (GTK_IS_EDITABLE (self->target))
    {
      GtkEditable *editable = GTK_EDITABLE (self->target);
      int position = gtk_editable_get_position (editable);

      if (gtk_editable_get_selection_bounds (editable, NULL, NULL))
        gtk_editable_delete_selection (editable);
      else if (position > 0)
        gtk_editable_delete_text (editable, position - 1, position);
    }
}

static void
press_enter (SarapKeyboard *self)
{
  if (GTK_IS_TEXT_VIEW (self->target))
    insert_text (self, "\n");
  else if (GTK_IS_TEXT (self->target))
    g_signal_emit_by_name (self->target, "activate");
}

static gboolean
repeat_cb (gpointer data)
{
  SarapKeyboard *self = data;

  delete_backwards (self);
  self->repeat = g_timeout_add (REPEAT_MS, repeat_cb, self);
  return G_SOURCE_REMOVE;
}

static void
stop_repeat (SarapKeyboard *self)
{
  g_clear_handle_id (&self->repeat, g_source_remove);
}

static void
show_case (SarapKeyboard *self)
{
  for (guint i = 0; i < self->letters->len; i++)
    {
      GtkButton *button = g_ptr_array_index (self->letters, i);
      const char *label = gtk_button_get_label (button);
      g_autofree char *changed = self->is_shifted ? g_utf8_strup (label, -1) : g_utf8_strdown (label, -1);

      gtk_button_set_label (button, changed);
    }
}

static void
next_language (SarapKeyboard *self)
{
  if (!self->has_symbols)
    self->language = (self->language + 1) % G_N_ELEMENTS (layouts);
  self->has_symbols = FALSE;
  build_keys (self);
}

static void
press (SarapKeyboard *self, GtkWidget *key)
{
  switch ((KeyKind) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (key), "kind")))
    {
    case KEY_TEXT:
      insert_text (self, gtk_button_get_label (GTK_BUTTON (key)));
      if (self->is_shifted)
        {
          self->is_shifted = FALSE;
          show_case (self);
        }
      break;
    case KEY_SHIFT:
      self->is_shifted = !self->is_shifted;
      show_case (self);
      break;
    case KEY_BACKSPACE:
      delete_backwards (self);
      break;
    case KEY_SPACE:
      insert_text (self, " ");
      break;
    case KEY_ENTER:
      press_enter (self);
      break;
    case KEY_LANGUAGE:
      next_language (self);
      break;
    case KEY_SYMBOLS:
      self->has_symbols = !self->has_symbols;
      build_keys (self);
      break;
    case KEY_HIDE:
      self->is_dismissed = TRUE;
      gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
      break;
    default:
      break;
    }
}

static void
clicked_cb (GtkWidget *key, SarapKeyboard *self)
{
  g_object_ref (key);
  press (self, key);
  g_object_unref (key);
}

static void
backspace_down_cb (SarapKeyboard *self)
{
  stop_repeat (self);
  self->repeat = g_timeout_add (REPEAT_DELAY_MS, repeat_cb, self);
}

static GtkWidget *
append_key (SarapKeyboard *self, GtkWidget *row, KeyKind kind, const char *label, const char *name, int width)
{
  GtkWidget *key = gtk_button_new_with_label (label);

  g_object_set_data (G_OBJECT (key), "kind", GINT_TO_POINTER (kind));
  gtk_widget_set_focusable (key, FALSE);
  gtk_widget_set_focus_on_click (key, FALSE);
  gtk_widget_add_css_class (key, kind == KEY_TEXT || kind == KEY_SPACE ? "key" : "key-special");
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (key, "clicked", G_CALLBACK (clicked_cb), self, 0);
  gtk_grid_attach (GTK_GRID (row), key, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "used")), 0, width, 1);
  g_object_set_data (G_OBJECT (row), "used", GINT_TO_POINTER (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "used")) + width));
  return key;
}

static void
append_backspace (SarapKeyboard *self, GtkWidget *row, int width)
{
  GtkWidget *key = append_key (self, row, KEY_BACKSPACE, "⌫", _ ("Backspace"), width);
  GtkGesture *press_gesture = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press_gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (press_gesture, "pressed", G_CALLBACK (backspace_down_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (press_gesture, "released", G_CALLBACK (stop_repeat), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (press_gesture, "cancel", G_CALLBACK (stop_repeat), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (key, GTK_EVENT_CONTROLLER (press_gesture));
}

static GtkWidget *
append_row (SarapKeyboard *self)
{
  GtkWidget *row = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (row), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (row), 6);
  gtk_box_append (GTK_BOX (self->box), row);
  return row;
}

static void
append_letters (SarapKeyboard *self, GtkWidget *row, const char *letters, int width)
{
  g_auto (GStrv) keys = g_strsplit (letters, " ", -1);

  for (char **key = keys; *key != NULL; key++)
    {
      GtkWidget *button = append_key (self, row, KEY_TEXT, *key, NULL, width);

      if (g_unichar_isalpha (g_utf8_get_char (*key)))
        g_ptr_array_add (self->letters, button);
    }
}

static void
build_digits (SarapKeyboard *self)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      GtkWidget *row = append_row (self);

      append_letters (self, row, digits.rows[i], 1);
      if (i == 0)
        append_backspace (self, row, 1);
      else if (i == 1)
        append_key (self, row, KEY_TEXT, ".", NULL, 1);
      else if (i == 2)
        append_key (self, row, KEY_TEXT, ":", NULL, 1);
      else
        append_key (self, row, KEY_ENTER, "⏎", _ ("Next"), 1);
    }
}

static void
build_letters (SarapKeyboard *self)
{
  const Layout *layout = self->has_symbols ? &symbols : &layouts[self->language];
  const Layout *shown = &layouts[self->has_symbols ? self->language : (self->language + 1) % G_N_ELEMENTS (layouts)];
  GtkWidget *row;

  for (guint i = 0; i < N_ROWS; i++)
    {
      row = append_row (self);
      if (i == N_ROWS - 1 && !self->has_symbols)
        append_key (self, row, KEY_SHIFT, "⇧", _ ("Shift"), 2);
      append_letters (self, row, layout->rows[i], 2);
      if (i == N_ROWS - 1)
        append_backspace (self, row, 3);
    }
  row = append_row (self);
  append_key (self, row, KEY_SYMBOLS, self->has_symbols ? layouts[self->language].name : symbols.name, self->has_symbols ? _ ("Letters") : _ ("Digits and signs"), 3);
  append_key (self, row, KEY_LANGUAGE, shown->name, _ ("Language of the keyboard"), 3);
  append_key (self, row, KEY_TEXT, ",", NULL, 2);
  append_key (self, row, KEY_SPACE, " ", _ ("Space"), 8);
  append_key (self, row, KEY_TEXT, ".", NULL, 2);
  append_key (self, row, KEY_HIDE, "▾", _ ("Hide the keyboard"), 2);
  append_key (self, row, KEY_ENTER, "⏎", _ ("Next"), 3);
}

static void
build_keys (SarapKeyboard *self)
{
  GtkWidget *child;

  stop_repeat (self);
  g_ptr_array_set_size (self->letters, 0);
  self->is_shifted = FALSE;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  g_object_set (self->clamp, "maximum-width", self->is_numeric ? DIGITS_WIDTH : LETTERS_WIDTH, NULL);
  if (self->is_numeric)
    build_digits (self);
  else
    build_letters (self);
}

static gboolean
is_for_numbers (GtkWidget *target)
{
  GtkInputPurpose purpose = GTK_INPUT_PURPOSE_FREE_FORM;

  if (GTK_IS_TEXT (target))
    purpose = gtk_text_get_input_purpose (GTK_TEXT (target));
  return purpose == GTK_INPUT_PURPOSE_DIGITS || purpose == GTK_INPUT_PURPOSE_NUMBER || purpose == GTK_INPUT_PURPOSE_PHONE || purpose == GTK_INPUT_PURPOSE_PIN;
}

static gboolean
is_editable (GtkWidget *widget)
{
  if (GTK_IS_TEXT_VIEW (widget))
    return gtk_text_view_get_editable (GTK_TEXT_VIEW (widget));
  return GTK_IS_TEXT (widget) && gtk_editable_get_editable (GTK_EDITABLE (widget));
}

/* Rule 3: a scroller that is told of the focus again moves it into sight. */
static gboolean
keep_in_sight_cb (gpointer data)
{
  SarapKeyboard *self = data;
  GtkWidget *widget = self->target;

  for (GtkWidget *scroller = widget != NULL ? gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT) : NULL; scroller != NULL; scroller = gtk_widget_get_ancestor (gtk_widget_get_parent (scroller), GTK_TYPE_VIEWPORT))
    {
      GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (scroller));
      graphene_rect_t bounds;

      if (!gtk_widget_compute_bounds (widget, scroller, &bounds))
        continue;
      gtk_adjustment_clamp_page (adjustment, gtk_adjustment_get_value (adjustment) + bounds.origin.y - 16, gtk_adjustment_get_value (adjustment) + bounds.origin.y + bounds.size.height + 16);
    }
  return G_SOURCE_REMOVE;
}

static void
update (SarapKeyboard *self)
{
  gboolean is_shown = self->target != NULL && !self->is_dismissed && self->mode != MODE_NEVER && (self->mode == MODE_ALWAYS || self->was_touched);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), is_shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, !is_shown, -1);
  if (is_shown)
    g_timeout_add_full (G_PRIORITY_DEFAULT, SETTLING_MS, keep_in_sight_cb, g_object_ref (self), g_object_unref);
}

static void
focus_cb (SarapKeyboard *self)
{
  GtkWidget *focus = self->root != NULL ? gtk_root_get_focus (self->root) : NULL;
  GtkWidget *target = focus != NULL && is_editable (focus) ? focus : NULL;

  if (target == self->target)
    return;
  stop_repeat (self);
  g_set_weak_pointer (&self->target, target);
  self->is_dismissed = FALSE;
  if (target != NULL && is_for_numbers (target) != self->is_numeric)
    {
      self->is_numeric = !self->is_numeric;
      build_keys (self);
    }
  update (self);
}

/* Rule 2. Also a touch on what has the focus already brings the keyboard back. */
static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, SarapKeyboard *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  GdkDevice *device = gdk_event_get_device (event);

  if (type == GDK_TOUCH_BEGIN || (type == GDK_BUTTON_PRESS && device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN))
    {
      self->was_touched = TRUE;
      self->is_dismissed = FALSE;
      update (self);
    }
  else if (type == GDK_KEY_PRESS && self->was_touched)
    {
      self->was_touched = FALSE;
      update (self);
    }
  return GDK_EVENT_PROPAGATE;
}

static void
unwatch (SarapKeyboard *self)
{
  if (self->root == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->root, self);
  gtk_widget_remove_controller (GTK_WIDGET (self->root), self->touches);
  self->touches = NULL;
  g_clear_weak_pointer (&self->root);
  g_clear_weak_pointer (&self->target);
}

static void
sarap_keyboard_root (GtkWidget *widget)
{
  SarapKeyboard *self = SARAP_KEYBOARD (widget);

  GTK_WIDGET_CLASS (sarap_keyboard_parent_class)->root (widget);
  g_set_weak_pointer (&self->root, gtk_widget_get_root (widget));
  self->touches = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (self->touches, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->touches, "event", G_CALLBACK (event_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->root), self->touches);
  g_signal_connect_object (self->root, "notify::focus-widget", G_CALLBACK (focus_cb), self, G_CONNECT_SWAPPED);
  focus_cb (self);
}

static void
sarap_keyboard_unroot (GtkWidget *widget)
{
  stop_repeat (SARAP_KEYBOARD (widget));
  unwatch (SARAP_KEYBOARD (widget));
  GTK_WIDGET_CLASS (sarap_keyboard_parent_class)->unroot (widget);
}

static void
sarap_keyboard_dispose (GObject *object)
{
  SarapKeyboard *self = SARAP_KEYBOARD (object);

  stop_repeat (self);
  g_ptr_array_set_size (self->letters, 0);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_keyboard_parent_class)->dispose (object);
}

static void
sarap_keyboard_finalize (GObject *object)
{
  g_ptr_array_unref (SARAP_KEYBOARD (object)->letters);
  G_OBJECT_CLASS (sarap_keyboard_parent_class)->finalize (object);
}

static void
sarap_keyboard_class_init (SarapKeyboardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_keyboard_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_keyboard_finalize;
  widget_class->root = sarap_keyboard_root;
  widget_class->unroot = sarap_keyboard_unroot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "touchkeyboard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sarap_keyboard_init (SarapKeyboard *self)
{
  self->letters = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->clamp = sarap_clamp_new (self->box, LETTERS_WIDTH);
  gtk_widget_add_css_class (self->clamp, "keys");
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_transition_duration (GTK_REVEALER (self->revealer), 150);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->clamp);
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Keyboard"), -1);
  build_keys (self);
}

GtkWidget *
sarap_keyboard_new (void)
{
  return g_object_new (SARAP_TYPE_KEYBOARD, NULL);
}

/* An unknown code changes nothing. */
void
sarap_keyboard_set_language (SarapKeyboard *self, const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (g_strcmp0 (layouts[i].code, code) == 0 && i != self->language)
      {
        self->language = i;
        build_keys (self);
        return;
      }
}

void
sarap_keyboard_set_mode (SarapKeyboard *self, const char *mode)
{
  self->mode = g_str_equal (mode, "always") ? MODE_ALWAYS : g_str_equal (mode, "never") ? MODE_NEVER
                                                                                        : MODE_AUTO;
  update (self);
}
