#include "ui/common/sarap-file-chooser.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-list-item.h"

#define SARAP_TYPE_FILE_CHOOSER (sarap_file_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SarapFileChooser, sarap_file_chooser, SARAP, FILE_CHOOSER, GtkWindow)

struct _SarapFileChooser
{
  GtkWindow parent_instance;

  GtkLabel *heading;
  GtkBox *places;
  GtkWidget *up;
  GtkLabel *path;
  GtkListView *files;
  GtkWidget *take_folder;

  GtkDirectoryList *directory;
  GPatternSpec **patterns;
  gsize n_patterns;
  gboolean folders_only;
  SarapFileFunc callback;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (SarapFileChooser, sarap_file_chooser, GTK_TYPE_WINDOW)

static void
go_to (SarapFileChooser *self, GFile *folder)
{
  g_autofree char *name = g_file_get_parse_name (folder);

  gtk_directory_list_set_file (self->directory, folder);
  gtk_label_set_label (self->path, name);
  gtk_widget_set_sensitive (self->up, g_file_has_parent (folder, NULL));
}

static void
choose (SarapFileChooser *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  SarapFileFunc callback = self->callback;
  gpointer data = self->data;

  gtk_window_destroy (GTK_WINDOW (self));
  if (path != NULL)
    callback (path, data);
}

static gboolean
is_folder (GFileInfo *info)
{
  return g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY;
}

static gboolean
matches (gpointer item, gpointer data)
{
  SarapFileChooser *self = data;
  GFileInfo *info = item;
  g_autofree char *name = NULL;

  if (g_file_info_get_is_hidden (info))
    return FALSE;
  if (is_folder (info) || self->folders_only)
    return is_folder (info);
  name = g_utf8_strdown (g_file_info_get_display_name (info), -1);
  for (gsize i = 0; i < self->n_patterns; i++)
    if (g_pattern_spec_match_string (self->patterns[i], name))
      return TRUE;
  return self->n_patterns == 0;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  GFileInfo *one = (GFileInfo *) a;
  GFileInfo *two = (GFileInfo *) b;

  if (is_folder (one) != is_folder (two))
    return is_folder (one) ? -1 : 1;
  return g_utf8_collate (g_file_info_get_display_name (one), g_file_info_get_display_name (two));
}

static void
setup_row_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "row");
  gtk_list_item_set_child (item, box);
}

static void
bind_row_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GFileInfo *info = gtk_list_item_get_item (item);
  GtkWidget *image = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *icon = is_folder (info) ? "folder-symbolic" : "text-x-generic-symbolic";

  gtk_image_set_from_icon_name (GTK_IMAGE (image), icon);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (image)), g_file_info_get_display_name (info));
  sarap_list_item_set_name (item, g_file_info_get_display_name (info));
}

static void
activate_cb (GtkListView *view, guint position, SarapFileChooser *self)
{
  g_autoptr (GFileInfo) info = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (view)), position);
  GFile *file = G_FILE (g_file_info_get_attribute_object (info, "standard::file"));

  if (is_folder (info))
    go_to (self, file);
  else
    choose (self, file);
}

static void
up_cb (SarapFileChooser *self)
{
  g_autoptr (GFile) parent = g_file_get_parent (gtk_directory_list_get_file (self->directory));

  if (parent != NULL)
    go_to (self, parent);
}

static void
take_folder_cb (SarapFileChooser *self)
{
  g_autoptr (GFile) folder = g_object_ref (gtk_directory_list_get_file (self->directory));

  choose (self, folder);
}

static void
place_cb (GtkWidget *button, SarapFileChooser *self)
{
  go_to (self, g_object_get_data (G_OBJECT (button), "folder"));
}

static void
add_place (SarapFileChooser *self, const char *name, GFile *folder)
{
  GtkWidget *button = gtk_button_new_with_label (name);

  g_object_set_data_full (G_OBJECT (button), "folder", g_object_ref (folder), g_object_unref);
  g_signal_connect (button, "clicked", G_CALLBACK (place_cb), self);
  gtk_box_append (self->places, button);
}

/* Home, the usual folders that exist, and every stick that is plugged in now. */
static void
add_places (SarapFileChooser *self)
{
  static const GUserDirectory usual[] = { G_USER_DIRECTORY_DOCUMENTS, G_USER_DIRECTORY_DOWNLOAD, G_USER_DIRECTORY_PICTURES };
  g_autoptr (GVolumeMonitor) monitor = g_volume_monitor_get ();
  g_autoptr (GFile) home = g_file_new_for_path (g_get_home_dir ());
  GList *mounts = g_volume_monitor_get_mounts (monitor);

  add_place (self, _ ("Home folder"), home);
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      const char *path = g_get_user_special_dir (usual[i]);
      g_autoptr (GFile) folder = path != NULL ? g_file_new_for_path (path) : NULL;
      g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;

      if (path != NULL && !g_file_equal (folder, home) && g_file_query_exists (folder, NULL))
        add_place (self, name, folder);
    }
  for (GList *l = mounts; l != NULL; l = l->next)
    {
      g_autoptr (GFile) root = g_mount_get_root (l->data);
      g_autofree char *name = g_mount_get_name (l->data);

      add_place (self, name, root);
    }
  g_list_free_full (mounts, g_object_unref);
}

static void
set_up_list (SarapFileChooser *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  g_autoptr (GtkNoSelection) selection = NULL;
  GListModel *model;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  model = G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->directory)), filter));
  model = G_LIST_MODEL (gtk_sort_list_model_new (model, sorter));
  selection = gtk_no_selection_new (model);
  gtk_list_view_set_factory (self->files, factory);
  gtk_list_view_set_model (self->files, GTK_SELECTION_MODEL (selection));
  g_object_unref (factory);
}

static void
sarap_file_chooser_dispose (GObject *object)
{
  SarapFileChooser *self = SARAP_FILE_CHOOSER (object);

  if (self->files != NULL)
    gtk_list_view_set_model (self->files, NULL);
  self->files = NULL;
  g_clear_object (&self->directory);
  G_OBJECT_CLASS (sarap_file_chooser_parent_class)->dispose (object);
}

static void
sarap_file_chooser_finalize (GObject *object)
{
  SarapFileChooser *self = SARAP_FILE_CHOOSER (object);

  for (gsize i = 0; i < self->n_patterns; i++)
    g_pattern_spec_free (self->patterns[i]);
  g_free (self->patterns);
  G_OBJECT_CLASS (sarap_file_chooser_parent_class)->finalize (object);
}

static void
sarap_file_chooser_class_init (SarapFileChooserClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_file_chooser_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_file_chooser_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-file-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, heading);
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, places);
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, up);
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, path);
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, files);
  gtk_widget_class_bind_template_child (widget_class, SarapFileChooser, take_folder);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sarap_file_chooser_init (SarapFileChooser *self)
{
  self->directory = gtk_directory_list_new ("standard::*", NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_up_list (self);
  add_places (self);
  g_signal_connect (self->files, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->up, "clicked", G_CALLBACK (up_cb), self);
  g_signal_connect_swapped (self->take_folder, "clicked", G_CALLBACK (take_folder_cb), self);
}

static void
take_patterns (SarapFileChooser *self, const char *const *patterns)
{
  self->n_patterns = g_strv_length ((char **) patterns);
  self->patterns = g_new0 (GPatternSpec *, self->n_patterns);
  for (gsize i = 0; i < self->n_patterns; i++)
    self->patterns[i] = g_pattern_spec_new (patterns[i]);
}

/* A modal window over @parent that starts at home. @patterns are matched with the lower-cased
 * name. @callback comes with a local path after the window is gone, and not at all when cancelled. */
GtkWidget *
sarap_file_chooser_new (GtkWindow *parent, const char *heading, const char *const *patterns, gboolean folders_only, SarapFileFunc callback, gpointer data)
{
  SarapFileChooser *self = g_object_new (SARAP_TYPE_FILE_CHOOSER, "transient-for", parent, "title", heading, NULL);
  g_autoptr (GFile) home = g_file_new_for_path (g_get_home_dir ());

  self->folders_only = folders_only;
  self->callback = callback;
  self->data = data;
  if (patterns != NULL)
    take_patterns (self, patterns);
  gtk_label_set_label (self->heading, heading);
  gtk_widget_set_visible (self->take_folder, folders_only);
  go_to (self, home);
  return GTK_WIDGET (self);
}
