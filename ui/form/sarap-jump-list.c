#include "ui/form/sarap-jump-list.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-form-text.h"

typedef enum
{
  MARK_NONE,
  MARK_ANSWERED,
  MARK_MISSING,
  MARK_INVALID,
} Mark;

static const struct
{
  const char *icon;
  const char *css_class;
  const char *words;
} marks[] = {
  [MARK_NONE] = { NULL, "mark-none", NULL },
  [MARK_ANSWERED] = { "sarap-check-symbolic", "mark-answered", N_ ("answered") },
                      [MARK_MISSING] = { "sarap-missing-symbolic", "mark-missing", N_ ("required, not answered") },
                                         [MARK_INVALID] = { "dialog-warning-symbolic", "mark-invalid", N_ ("not accepted") },
                                         };

#define SARAP_TYPE_JUMP_ITEM (sarap_jump_item_get_type ())
G_DECLARE_FINAL_TYPE (SarapJumpItem, sarap_jump_item, SARAP, JUMP_ITEM, GObject)

struct _SarapJumpItem
{
  GObject parent_instance;

  char *key; /* NULL: title of a group */
  char *ref;
  char *text;
  char *folded;
  Mark mark;
  gboolean is_current;
};

G_DEFINE_FINAL_TYPE (SarapJumpItem, sarap_jump_item, G_TYPE_OBJECT)

struct _SarapJumpList
{
  GtkWidget parent_instance;

  GtkWidget *search;
  GtkWidget *scroller;
  GtkWidget *view;
  guint current;
  SarapInterview *interview;
  GListStore *items;
  GtkFilter *filter;
  char *needle;
};

G_DEFINE_FINAL_TYPE (SarapJumpList, sarap_jump_list, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sarap_jump_item_finalize (GObject *object)
{
  SarapJumpItem *self = SARAP_JUMP_ITEM (object);

  g_free (self->key);
  g_free (self->ref);
  g_free (self->text);
  g_free (self->folded);
  G_OBJECT_CLASS (sarap_jump_item_parent_class)->finalize (object);
}

static void
sarap_jump_item_class_init (SarapJumpItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_jump_item_finalize;
}

static void
sarap_jump_item_init (SarapJumpItem *self)
{
}

static void
append_item (SarapJumpList *self, const char *key, const char *ref, const char *text, Mark mark, gboolean is_current)
{
  g_autoptr (SarapJumpItem) item = g_object_new (SARAP_TYPE_JUMP_ITEM, NULL);

  item->key = g_strdup (key);
  item->ref = g_strdup (ref);
  item->text = sarap_markdown_to_plain (text);
  item->folded = g_utf8_casefold (item->text, -1);
  item->mark = mark;
  item->is_current = is_current;
  if (is_current)
    self->current = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  g_list_store_append (self->items, item);
}

static Mark
find_mark (SarapJumpList *self, GHashTable *violations, const char *ref)
{
  gpointer result;

  if (g_hash_table_lookup_extended (violations, ref, NULL, &result))
    return GPOINTER_TO_INT (result) == SARAP_ANSWER_REQUIRED_BUT_EMPTY ? MARK_MISSING : MARK_INVALID;
  return sarap_interview_peek_value (self->interview, ref)[0] != '\0' ? MARK_ANSWERED : MARK_NONE;
}

static void
append_page (SarapJumpList *self, const SarapPage *page, GHashTable *violations, gboolean is_current)
{
  if (page->kind == SARAP_PAGE_REVIEW)
    append_item (self, page->key, NULL, sarap_form_text (self->interview, N_ ("Review and finalize")), MARK_NONE, is_current);
  else if (page->kind == SARAP_PAGE_REPEAT)
    append_item (self, page->key, NULL, sarap_form_text (self->interview, N_ ("Add or remove entries")), MARK_NONE, is_current);
  else
    for (char **ref = page->refs; *ref != NULL; ref++)
      {
        g_autofree char *label = sarap_interview_dup_label (self->interview, *ref);
        const SarapElement *element = sarap_interview_get_element (self->interview, *ref);

        append_item (self, page->key, *ref, label[0] != '\0' ? label : sarap_element_get_name (element), find_mark (self, violations, *ref), is_current && ref == page->refs);
      }
}

static void
fill (SarapJumpList *self, GPtrArray *pages, const char *current_key)
{
  g_autoptr (GPtrArray) list = sarap_interview_dup_violations (self->interview);
  g_autoptr (GHashTable) violations = g_hash_table_new (g_str_hash, g_str_equal);
  const char *title = "";

  for (guint i = 0; i < list->len; i++)
    {
      const SarapViolation *violation = g_ptr_array_index (list, i);

      g_hash_table_insert (violations, violation->ref, GINT_TO_POINTER (violation->result));
    }
  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);

      if (page->title != NULL && page->title[0] != '\0' && !g_str_equal (page->title, title))
        append_item (self, NULL, NULL, page->title, MARK_NONE, FALSE);
      title = page->title != NULL ? page->title : "";
      append_page (self, page, violations, g_strcmp0 (page->key, current_key) == 0);
    }
}

static gboolean
matches (gpointer object, gpointer data)
{
  SarapJumpItem *item = object;
  SarapJumpList *self = data;

  if (self->needle == NULL || self->needle[0] == '\0')
    return TRUE;
  return item->key != NULL && strstr (item->folded, self->needle) != NULL;
}

static void
search_cb (SarapJumpList *self)
{
  g_free (self->needle);
  self->needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
clicked_cb (GtkWidget *button, GtkListItem *row)
{
  SarapJumpList *self = SARAP_JUMP_LIST (gtk_widget_get_ancestor (button, SARAP_TYPE_JUMP_LIST));
  g_autoptr (SarapJumpItem) item = g_object_ref (gtk_list_item_get_item (row));

  if (item->key != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, item->key, item->ref);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *row, SarapJumpList *self)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "jump");
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), row, 0);
  gtk_list_item_set_child (row, button);
  gtk_list_item_set_activatable (row, FALSE);
}

static void
name_row (SarapJumpList *self, GtkWidget *button, const SarapJumpItem *item)
{
  const char *words = marks[item->mark].words;
  g_autofree char *name = words != NULL ? g_strdup_printf ("%s, %s", item->text, sarap_form_text (self->interview, words)) : g_strdup (item->text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *row, SarapJumpList *self)
{
  GtkWidget *button = gtk_list_item_get_child (row);
  const SarapJumpItem *item = gtk_list_item_get_item (row);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (button)));
  GtkWidget *holder = gtk_widget_get_parent (button);
  gboolean is_title = item->key == NULL;
  const char *classes[] = { "flat", "jump", is_title ? "jump-title" : marks[item->mark].css_class, item->is_current ? "current" : NULL, NULL };

  if (holder != NULL)
    gtk_widget_set_focusable (holder, FALSE);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (icon)), item->text);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), marks[item->mark].icon);
  gtk_widget_set_visible (icon, !is_title);
  gtk_widget_set_focusable (button, !is_title);
  gtk_widget_set_can_target (button, !is_title);
  gtk_widget_set_css_classes (button, classes);
  name_row (self, button, item);
}

static void
sarap_jump_list_dispose (GObject *object)
{
  SarapJumpList *self = SARAP_JUMP_LIST (object);

  g_clear_pointer (&self->search, gtk_widget_unparent);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->filter);
  g_clear_object (&self->items);
  g_clear_object (&self->interview);
  G_OBJECT_CLASS (sarap_jump_list_parent_class)->dispose (object);
}

static void
sarap_jump_list_finalize (GObject *object)
{
  g_free (SARAP_JUMP_LIST (object)->needle);
  G_OBJECT_CLASS (sarap_jump_list_parent_class)->finalize (object);
}

static void
sarap_jump_list_class_init (SarapJumpListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_jump_list_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_jump_list_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", SARAP_TYPE_JUMP_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "jumplist");
}

static void
sarap_jump_list_init (SarapJumpList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->items = g_list_store_new (SARAP_TYPE_JUMP_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
}

static gboolean
focus_current_cb (gpointer data)
{
  SarapJumpList *self = data;

  if (self->scroller == NULL)
    return G_SOURCE_REMOVE;
  gtk_widget_set_can_focus (self->search, TRUE);
  for (GtkWidget *row = gtk_widget_get_first_child (self->view); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *shown = gtk_widget_get_first_child (row);

      if (shown != NULL && gtk_widget_has_css_class (shown, "current"))
        gtk_widget_grab_focus (shown);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
scroll_cb (gpointer data)
{
  SarapJumpList *self = data;

  if (self->scroller == NULL)
    return G_SOURCE_REMOVE;
  gtk_widget_activate_action (self->view, "list.scroll-to-item", "u", self->current);
  g_idle_add_full (G_PRIORITY_LOW, focus_current_cb, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

/* Rows have a place only after the first layout. */
static void
map_cb (SarapJumpList *self)
{
  g_idle_add_full (G_PRIORITY_LOW, scroll_cb, g_object_ref (self), g_object_unref);
}

static void
build (SarapJumpList *self)
{
  const char *search_name = sarap_form_text (self->interview, N_ ("Search questions"));
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GListModel *found = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), g_object_ref (self->filter)));

  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (found)), factory);
  g_signal_connect_object (self, "map", G_CALLBACK (map_cb), self, 0);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  gtk_widget_set_focusable (self->view, FALSE);
  self->search = gtk_search_entry_new ();
  gtk_widget_set_can_focus (self->search, FALSE); /* until the rows have the focus */
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), GTK_WIDGET (self));
  g_object_set (self->search, "placeholder-text", search_name, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, search_name, -1);
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (search_cb), self, G_CONNECT_SWAPPED);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->view);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_widget_set_focusable (self->scroller, FALSE);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->search, GTK_WIDGET (self));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

/* @pages: (element-type SarapPage), needed during the call only. */
GtkWidget *
sarap_jump_list_new (SarapInterview *interview, GPtrArray *pages, const char *current_key)
{
  SarapJumpList *self = g_object_new (SARAP_TYPE_JUMP_LIST, NULL);

  self->interview = g_object_ref (interview);
  build (self);
  fill (self, pages, current_key);
  return GTK_WIDGET (self);
}
