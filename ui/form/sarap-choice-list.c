#include "ui/form/sarap-choice-list.h"

#include "ui/form/sarap-choice-button.h"
#include "ui/form/sarap-form-text.h"

#define SEARCH_FROM 8
/* So many are seen without scrolling; the list itself knows its height only after it was drawn. */
#define MOST_WHOLE_ROWS 5
#define ROW_HEIGHT 80

#define SARAP_TYPE_CHOICE_ITEM (sarap_choice_item_get_type ())
G_DECLARE_FINAL_TYPE (SarapChoiceItem, sarap_choice_item, SARAP, CHOICE_ITEM, GObject)

struct _SarapChoiceItem
{
  GObject parent_instance;

  char *value;
  char *label;
  char *folded;
  gboolean is_checked;
};

G_DEFINE_FINAL_TYPE (SarapChoiceItem, sarap_choice_item, G_TYPE_OBJECT)

enum
{
  PROP_CHECKED = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

struct _SarapChoiceList
{
  GtkWidget parent_instance;

  GtkWidget *search;
  GtkWidget *scroller;
  GtkWidget *view;
  GtkWidget *nothing;
  GListStore *items;
  GtkFilter *filter;
  GtkFilterListModel *found;
  char **words;
  gboolean is_multiple;
  gboolean prefers_rows;
};

G_DEFINE_FINAL_TYPE (SarapChoiceList, sarap_choice_list, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sarap_choice_item_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, SARAP_CHOICE_ITEM (object)->is_checked);
}

static void
sarap_choice_item_finalize (GObject *object)
{
  SarapChoiceItem *self = SARAP_CHOICE_ITEM (object);

  g_free (self->value);
  g_free (self->label);
  g_free (self->folded);
  G_OBJECT_CLASS (sarap_choice_item_parent_class)->finalize (object);
}

static void
sarap_choice_item_class_init (SarapChoiceItemClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = sarap_choice_item_get_property;
  object_class->finalize = sarap_choice_item_finalize;
  properties[PROP_CHECKED] = g_param_spec_boolean ("checked", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
sarap_choice_item_init (SarapChoiceItem *self)
{
}

static SarapChoiceItem *
new_item (const SarapChoice *choice)
{
  SarapChoiceItem *item = g_object_new (SARAP_TYPE_CHOICE_ITEM, NULL);
  g_autofree char *plain = sarap_markdown_to_plain (choice->label);

  item->value = g_strdup (choice->value);
  item->label = g_strdup (choice->label);
  item->folded = g_utf8_casefold (plain, -1);
  return item;
}

static void
set_checked (SarapChoiceItem *item, gboolean is_checked)
{
  if (item->is_checked == is_checked)
    return;
  item->is_checked = is_checked;
  g_object_notify_by_pspec (G_OBJECT (item), properties[PROP_CHECKED]);
}

/* Every word of the search must occur. */
static gboolean
matches (gpointer object, gpointer data)
{
  SarapChoiceItem *item = object;
  SarapChoiceList *self = data;

  for (char **word = self->words; word != NULL && *word != NULL; word++)
    if (strstr (item->folded, *word) == NULL)
      return FALSE;
  return TRUE;
}

static void
update_nothing (SarapChoiceList *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->found)) == 0;

  gtk_widget_set_visible (self->nothing, is_empty);
  gtk_widget_set_visible (self->scroller, !is_empty);
}

static void
search_cb (SarapChoiceList *self)
{
  g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);

  g_strfreev (self->words);
  self->words = g_strsplit_set (folded, " ", -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_nothing (self);
}

static void
uncheck_others (SarapChoiceList *self, SarapChoiceItem *kept)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SarapChoiceItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (item != kept)
        set_checked (item, FALSE);
    }
}

static void
selected_cb (SarapChoiceButton *button, GtkListItem *row)
{
  SarapChoiceList *self = g_object_get_data (G_OBJECT (row), "list");
  g_autoptr (SarapChoiceItem) item = g_object_ref (gtk_list_item_get_item (row));

  if (self->is_multiple)
    set_checked (item, !item->is_checked);
  else
    {
      set_checked (item, TRUE);
      uncheck_others (self, item);
    }
  g_signal_emit (self, signals[CHOSEN], 0, item->value, item->is_checked);
}

static void
checked_cb (SarapChoiceItem *item, GParamSpec *pspec, SarapChoiceButton *button)
{
  sarap_choice_button_set_checked (button, item->is_checked);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *row, SarapChoiceList *self)
{
  GtkAccessibleRole role = self->is_multiple ? GTK_ACCESSIBLE_ROLE_CHECKBOX : GTK_ACCESSIBLE_ROLE_RADIO;
  GtkWidget *button = sarap_choice_button_new (role, SARAP_CHOICE_ROW);

  g_object_set_data (G_OBJECT (row), "list", self);
  g_signal_connect_object (button, "selected", G_CALLBACK (selected_cb), row, 0);
  gtk_list_item_set_child (row, button);
  gtk_list_item_set_activatable (row, FALSE);
}

/* The row around the choice would be a second, unnamed stop for the focus. */
static void
bind_cb (GtkListItemFactory *factory, GtkListItem *row, SarapChoiceList *self)
{
  SarapChoiceButton *button = SARAP_CHOICE_BUTTON (gtk_list_item_get_child (row));
  SarapChoiceItem *item = gtk_list_item_get_item (row);
  GtkWidget *holder = gtk_widget_get_parent (GTK_WIDGET (button));

  if (holder != NULL)
    gtk_widget_set_focusable (holder, FALSE);
  sarap_choice_button_set_label (button, item->label);
  sarap_choice_button_set_checked (button, item->is_checked);
  g_signal_connect_object (item, "notify::checked", G_CALLBACK (checked_cb), button, 0);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *row, SarapChoiceList *self)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (row), checked_cb, gtk_list_item_get_child (row));
}

static void
sarap_choice_list_dispose (GObject *object)
{
  SarapChoiceList *self = SARAP_CHOICE_LIST (object);

  g_clear_pointer (&self->search, gtk_widget_unparent);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->nothing, gtk_widget_unparent);
  g_clear_object (&self->found);
  g_clear_object (&self->filter);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (sarap_choice_list_parent_class)->dispose (object);
}

static void
sarap_choice_list_finalize (GObject *object)
{
  g_strfreev (SARAP_CHOICE_LIST (object)->words);
  G_OBJECT_CLASS (sarap_choice_list_parent_class)->finalize (object);
}

static void
sarap_choice_list_class_init (SarapChoiceListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_choice_list_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_choice_list_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", SARAP_TYPE_CHOICE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "choicelist");
}

static void
sarap_choice_list_init (SarapChoiceList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->items = g_list_store_new (SARAP_TYPE_CHOICE_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), g_object_ref (self->filter));
}

/* On the choice that is checked, else on the first. */
static gboolean
focus_rows_cb (gpointer data)
{
  SarapChoiceList *self = data;
  GtkWidget *first = NULL;
  GtkWidget *checked = NULL;

  if (self->scroller == NULL)
    return G_SOURCE_REMOVE;
  for (GtkWidget *row = gtk_widget_get_first_child (self->view); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *button = gtk_widget_get_first_child (row);

      if (!SARAP_IS_CHOICE_BUTTON (button))
        continue;
      first = first != NULL ? first : button;
      if (sarap_choice_button_get_checked (SARAP_CHOICE_BUTTON (button)))
        checked = button;
    }
  if (first != NULL)
    gtk_widget_grab_focus (checked != NULL ? checked : first);
  gtk_widget_set_can_focus (self->search, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
scroll_cb (gpointer data)
{
  SarapChoiceList *self = data;
  guint n = self->scroller != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->found)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SarapChoiceItem) item = g_list_model_get_item (G_LIST_MODEL (self->found), i);

      if (!item->is_checked)
        continue;
      gtk_widget_activate_action (self->view, "list.scroll-to-item", "u", i);
      break;
    }
  if (self->prefers_rows && self->scroller != NULL)
    g_idle_add_full (G_PRIORITY_LOW, focus_rows_cb, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

/* Rows have a place only after the first layout. */
static void
map_cb (SarapChoiceList *self)
{
  g_idle_add_full (G_PRIORITY_LOW, scroll_cb, g_object_ref (self), g_object_unref);
}

static GtkWidget *
new_view (SarapChoiceList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *model = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->found))));

  self->view = gtk_list_view_new (model, factory);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_widget_add_css_class (self->view, "choices");
  gtk_widget_set_focusable (self->view, FALSE);
  return self->view;
}

GtkWidget *
sarap_choice_list_new (gboolean is_multiple, const char *search_name, const char *nothing_found)
{
  SarapChoiceList *self = g_object_new (SARAP_TYPE_CHOICE_LIST, NULL);

  self->is_multiple = is_multiple;
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", search_name, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, search_name, -1);
  gtk_widget_add_css_class (self->search, "answer");
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (search_cb), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self, "map", G_CALLBACK (map_cb), self, 0);
  self->nothing = gtk_label_new (nothing_found);
  gtk_label_set_wrap (GTK_LABEL (self->nothing), TRUE);
  gtk_widget_add_css_class (self->nothing, "nothing-found");
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), new_view (self));
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_widget_set_focusable (self->scroller, FALSE);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->search, GTK_WIDGET (self));
  gtk_widget_set_parent (self->nothing, GTK_WIDGET (self));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

/* When it comes on screen the focus goes to the choices, so that the touch keyboard does not cover
 * them; what is typed on a real keyboard searches all the same. Call before it is shown. */
void
sarap_choice_list_prefer_rows (SarapChoiceList *self)
{
  self->prefers_rows = TRUE;
  gtk_widget_set_can_focus (self->search, FALSE);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), GTK_WIDGET (self));
}

/* @choices: (element-type SarapChoice). What is typed into the search stays. */
void
sarap_choice_list_set_choices (SarapChoiceList *self, GPtrArray *choices)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < choices->len; i++)
    g_ptr_array_add (items, new_item (g_ptr_array_index (choices, i)));
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
  gtk_widget_set_visible (self->search, choices->len > SEARCH_FROM);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scroller), (int) MIN (choices->len, MOST_WHOLE_ROWS) * ROW_HEIGHT);
  update_nothing (self);
}

static void
check_names (SarapChoiceList *self, const char *const *names)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SarapChoiceItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      set_checked (item, g_strv_contains (names, item->value));
    }
}

void
sarap_choice_list_set_value (SarapChoiceList *self, const char *value)
{
  g_auto (GStrv) names = g_strsplit (value, " ", -1);

  check_names (self, (const char *const *) names);
}

void
sarap_choice_list_set_current (SarapChoiceList *self, const char *name)
{
  const char *const names[] = { name, NULL };

  check_names (self, names);
}

/* Names of what is checked, in the order of the list. */
char *
sarap_choice_list_dup_value (SarapChoiceList *self)
{
  GString *value = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SarapChoiceItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (item->is_checked)
        g_string_append_printf (value, "%s%s", value->len > 0 ? " " : "", item->value);
    }
  return g_string_free (value, FALSE);
}

/* @a: (nullable): then FALSE. */
gboolean
sarap_choices_are_equal (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const SarapChoice *x = g_ptr_array_index (a, i);
      const SarapChoice *y = g_ptr_array_index (b, i);

      if (g_strcmp0 (x->value, y->value) != 0 || g_strcmp0 (x->label, y->label) != 0 || g_strcmp0 (x->image, y->image) != 0)
        return FALSE;
    }
  return TRUE;
}
