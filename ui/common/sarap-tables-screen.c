#include "ui/common/sarap-tables-screen.h"

#include <glib/gi18n.h>

#include "app/base/sarap-file.h"
#include "app/form/sarap-form.h"
#include "app/report/sarap-tables.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"
#include "ui/sarap-window.h"

#define MAX_TABLE (4 * 1024 * 1024)

struct _SarapTablesScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkBox *tables;   /* made anew after each replacement */
  const char *form; /* id and table that a chooser is open for */
  const char *table;
};

G_DEFINE_FINAL_TYPE (SarapTablesScreen, sarap_tables_screen, GTK_TYPE_WIDGET)

static const struct
{
  const char *name;
  const char *title;
} titles[] = {
  { "scoring.csv", N_ ("Scoring of the items") },
    { "sections.csv", N_ ("Sections and their weights") },
      { "violations.csv", N_ ("Kinds of violations") },
        { "waves.csv", N_ ("Waves") },
      };

static SarapStore *
store_of (SarapTablesScreen *self)
{
  return sarap_context_get_store (self->context);
}

static void
tell (SarapTablesScreen *self, const char *heading, const char *body)
{
  const char *const buttons[] = { _ ("Close"), NULL };

  sarap_window_ask (sarap_window_of (GTK_WIDGET (self)), heading, body, buttons, -1, NULL, NULL);
}

static void fill (SarapTablesScreen *self);

static void
replacement_cb (const char *path, gpointer data)
{
  SarapTablesScreen *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_TABLE, &error);

  if (bytes == NULL ||
      !sarap_tables_check (SARAP_RECORD_SOURCE (store_of (self)), self->form, self->table, bytes, &error) ||
      !sarap_store_set_form_media (store_of (self), self->form, NULL, self->table, bytes, &error))
    {
      tell (self, _ ("This table cannot be used. Nothing was changed."), error->message);
      return;
    }
  fill (self);
  sarap_window_toast (sarap_window_of (GTK_WIDGET (self)), _ ("The table was replaced."), NULL, NULL, NULL);
}

static void
copy_cb (const char *path, gpointer data)
{
  SarapTablesScreen *self = data;
  g_autofree char *name = g_strdup_printf ("%s-%s", self->form, self->table);
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_store_dup_form_media (store_of (self), self->form, NULL, self->table, &error);
  g_autofree char *message = g_strdup_printf (_ ("Saved: %s"), file);

  if (bytes == NULL || !sarap_file_write (file, bytes, 0644, &error))
    tell (self, _ ("The copy was not saved."), error->message);
  else
    sarap_window_toast (sarap_window_of (GTK_WIDGET (self)), message, NULL, NULL, NULL);
}

static void
take_table (SarapTablesScreen *self, GtkWidget *button)
{
  GtkWidget *box = gtk_widget_get_parent (button);

  self->form = g_intern_string (g_object_get_data (G_OBJECT (box), "form"));
  self->table = g_object_get_data (G_OBJECT (box), "table");
}

static void
replace_clicked_cb (SarapTablesScreen *self, GtkWidget *button)
{
  static const char *const patterns[] = { "*.csv", NULL };

  take_table (self, button);
  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("Which table should replace this one?"), patterns, replacement_cb, self);
}

static void
copy_clicked_cb (SarapTablesScreen *self, GtkWidget *button)
{
  take_table (self, button);
  sarap_window_choose_folder (sarap_window_of (GTK_WIDGET (self)), _ ("Where should the copy go?"), copy_cb, self);
}

static void
add_button (SarapTablesScreen *self, GtkWidget *box, const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

static void
add_table (SarapTablesScreen *self, GtkWidget *rows, const char *form, guint table, gboolean is_there)
{
  GtkWidget *buttons = g_object_new (GTK_TYPE_BOX, "spacing", 8, "valign", GTK_ALIGN_CENTER, NULL);

  g_object_set_data_full (G_OBJECT (buttons), "form", g_strdup (form), g_free);
  g_object_set_data (G_OBJECT (buttons), "table", (gpointer) titles[table].name);
  if (is_there)
    add_button (self, buttons, _ ("Save a copy"), G_CALLBACK (copy_clicked_cb));
  add_button (self, buttons, is_there ? _ ("Replace") : _ ("Add"), G_CALLBACK (replace_clicked_cb));
  sarap_rows_add (rows, _ (titles[table].title), titles[table].name, buttons);
}

/* Any form may have waves; scores come with forms that are scored. */
static void
add_form (SarapTablesScreen *self, const SarapFormEntry *form)
{
  g_autoptr (GHashTable) media = sarap_store_list_form_media (store_of (self), form->id, form->version, NULL);
  g_autofree char *title = sarap_form_dup_title_part (form->title, sarap_context_get_language (self->context));
  GtkWidget *rows = sarap_rows_new (title, self->tables);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      gboolean is_there = media != NULL && g_hash_table_contains (media, titles[i].name);

      if (is_there || g_str_equal (titles[i].name, "waves.csv"))
        add_table (self, rows, form->id, i, is_there);
    }
}

static void
fill (SarapTablesScreen *self)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (store_of (self), TRUE, NULL);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_box_remove (self->tables, child);
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    add_form (self, g_ptr_array_index (forms, i));
}

static void
sarap_tables_screen_dispose (GObject *object)
{
  SarapTablesScreen *self = SARAP_TABLES_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_tables_screen_parent_class)->dispose (object);
}

static void
sarap_tables_screen_class_init (SarapTablesScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_tables_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_tables_screen_init (SarapTablesScreen *self)
{
}

GtkWidget *
sarap_tables_screen_new (SarapContext *context)
{
  SarapTablesScreen *self = g_object_new (SARAP_TYPE_TABLES_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), _ ("Tables of the questionnaires"));
  GtkWidget *words = g_object_new (GTK_TYPE_LABEL, "label", _ ("Each table is checked before it replaces another. For a questionnaire that comes from a server, the server's table comes back with the next synchronising: change it there too (sarap-server admin form table)."), "wrap", TRUE, "xalign", 0.0, NULL);

  self->context = g_object_ref (context);
  gtk_widget_add_css_class (words, "quiet");
  gtk_box_append (page, words);
  self->tables = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_box_append (page, GTK_WIDGET (self->tables));
  fill (self);
  return GTK_WIDGET (self);
}
