#include "ui/common/sarap-record-section.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-list-item.h"
#include "ui/common/sarap-record-row.h"
#include "ui/sarap-window.h"

/* A deleted draft is only hidden at first; it goes for good when the chance to take it back has
 * passed, or with this widget. A program that is killed in between has deleted nothing. */
#define UNDO_SECONDS 6

struct _SarapRecordSection
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkEditable *search;
  GtkListView *list;
  GtkWidget *nothing_found;

  SarapContext *context;
  GListModel *records;
  GtkFilter *hider; /* drafts only */
  GListModel *shown;
  char *deleted; /* id of the hidden draft */
  guint delete_source;
  gboolean is_draft;
};

G_DEFINE_FINAL_TYPE (SarapRecordSection, sarap_record_section, GTK_TYPE_WIDGET)

static guint activated_signal;
static guint hidden_signal;

static void
update (SarapRecordSection *self)
{
  gboolean is_searching = *gtk_editable_get_text (self->search) != '\0';
  gboolean is_empty = g_list_model_get_n_items (self->shown) == 0;
  gboolean has_page = gtk_stack_get_child_by_name (self->stack, "empty") != NULL;

  gtk_stack_set_visible_child_name (self->stack, is_empty && !is_searching && has_page ? "empty" : "records");
  gtk_widget_set_visible (self->nothing_found, is_empty && is_searching);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->list)), !is_empty);
}

static gboolean
is_kept (gpointer item, gpointer data)
{
  SarapRecordSection *self = data;

  return g_strcmp0 (sarap_record_get_id (item), self->deleted) != 0;
}

static void
delete_now (SarapRecordSection *self)
{
  g_autofree char *id = g_steal_pointer (&self->deleted);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->delete_source, g_source_remove);
  if (id != NULL && !sarap_store_delete_draft (sarap_context_get_store (self->context), id, &error))
    g_warning ("draft %s was not deleted: %s", id, error->message);
}

static gboolean
delete_timeout_cb (gpointer data)
{
  SarapRecordSection *self = data;

  self->delete_source = 0;
  delete_now (self);
  return G_SOURCE_REMOVE;
}

static void
undo_cb (gpointer data)
{
  SarapRecordSection *self = data;

  g_clear_handle_id (&self->delete_source, g_source_remove);
  g_clear_pointer (&self->deleted, g_free);
  gtk_filter_changed (self->hider, GTK_FILTER_CHANGE_LESS_STRICT);
  g_signal_emit (self, hidden_signal, 0, NULL);
}

static void
delete_cb (SarapRecordRow *row, SarapRecordSection *self)
{
  SarapRecord *record = sarap_record_row_get_record (row);
  g_autofree char *title = sarap_record_dup_title (record, self->context);
  g_autofree char *message = g_strdup_printf (_ ("Draft “%s” deleted"), title);
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  delete_now (self);
  self->deleted = g_strdup (sarap_record_get_id (record));
  self->delete_source = g_timeout_add_seconds (UNDO_SECONDS, delete_timeout_cb, self);
  gtk_filter_changed (self->hider, GTK_FILTER_CHANGE_DIFFERENT);
  g_signal_emit (self, hidden_signal, 0, self->deleted);
  if (window != NULL)
    sarap_window_toast (window, message, _ ("Undo"), G_CALLBACK (undo_cb), self);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, SarapRecordSection *self)
{
  GtkWidget *row = sarap_record_row_new (self->context);

  g_signal_connect_object (row, "delete", G_CALLBACK (delete_cb), self, G_CONNECT_DEFAULT);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, SarapRecordSection *self)
{
  SarapRecord *record = gtk_list_item_get_item (item);
  g_autofree char *title = sarap_record_dup_title (record, self->context);

  sarap_record_row_set_record (SARAP_RECORD_ROW (gtk_list_item_get_child (item)), record);
  sarap_list_item_set_name (item, title);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  sarap_record_row_set_record (SARAP_RECORD_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
list_activate_cb (SarapRecordSection *self, guint position)
{
  g_autoptr (SarapRecord) record = g_list_model_get_item (self->shown, position);

  g_signal_emit (self, activated_signal, 0, record);
}

static void
search_cb (SarapRecordSection *self)
{
  const char *text = gtk_editable_get_text (self->search);

  sarap_record_list_set_search (self->records, *text != '\0' ? text : NULL);
  update (self);
}

static void
stop_search_cb (SarapRecordSection *self)
{
  gtk_editable_set_text (self->search, "");
}

static void
sarap_record_section_dispose (GObject *object)
{
  SarapRecordSection *self = SARAP_RECORD_SECTION (object);

  if (self->context != NULL)
    delete_now (self);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_RECORD_SECTION);
  g_clear_object (&self->shown);
  g_clear_object (&self->hider);
  g_clear_object (&self->records);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_record_section_parent_class)->dispose (object);
}

static void
sarap_record_section_class_init (SarapRecordSectionClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_record_section_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-record-section.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapRecordSection, stack);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordSection, search);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordSection, list);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordSection, nothing_found);
  activated_signal = g_signal_new ("activated", SARAP_TYPE_RECORD_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SARAP_TYPE_RECORD);
  hidden_signal = g_signal_new ("hidden", SARAP_TYPE_RECORD_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_record_section_init (SarapRecordSection *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect_swapped (self->search, "stop-search", G_CALLBACK (stop_search_cb), self);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (list_activate_cb), self);
}

/* Hiding walks the whole list, so only drafts, which are few, pass through a filter. */
static GListModel *
new_shown (SarapRecordSection *self)
{
  if (!self->is_draft)
    return g_object_ref (self->records);
  self->hider = GTK_FILTER (gtk_custom_filter_new (is_kept, self, NULL));
  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (self->records), g_object_ref (self->hider)));
}

static void
set_up_list (SarapRecordSection *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (self->shown));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

/* @owner: as sarap_role_to_string() writes it. */
GtkWidget *
sarap_record_section_new (SarapContext *context, const char *owner, SarapRecordState state)
{
  SarapRecordSection *self = g_object_new (SARAP_TYPE_RECORD_SECTION, NULL);
  SarapRecordFilter filter = { .owner = owner, .state = state };

  self->context = g_object_ref (context);
  self->is_draft = state == SARAP_RECORD_DRAFT;
  self->records = sarap_record_list_new (sarap_context_get_store (context), &filter);
  self->shown = new_shown (self);
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  set_up_list (self);
  update (self);
  return GTK_WIDGET (self);
}

void
sarap_record_section_set_empty (SarapRecordSection *self, const char *icon_name, const char *heading, const char *text)
{
  gtk_stack_add_named (self->stack, sarap_empty_state_new (icon_name, heading, text, NULL), "empty");
  update (self);
}

void
sarap_record_section_search (SarapRecordSection *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
