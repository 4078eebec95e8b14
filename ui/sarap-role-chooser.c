#include "ui/sarap-role-chooser.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-tile.h"

struct _SarapRoleChooser
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkGrid *tiles;
};

G_DEFINE_FINAL_TYPE (SarapRoleChooser, sarap_role_chooser, GTK_TYPE_WIDGET)

static guint chosen_signal;

static const struct
{
  SarapRole role;
  const char *icon_name;
  const char *heading;
  const char *text;
} roles[] = {
  { SARAP_ROLE_VOLUNTEER, "sarap-visit-symbolic", N_ ("Volunteer"), N_ ("Unknown Customer visits") },
    { SARAP_ROLE_STAFF, "sarap-interview-symbolic", N_ ("Survey staff"), N_ ("Interviews with people") },
      { SARAP_ROLE_SUPERVISOR, "sarap-review-symbolic", N_ ("Supervisor"), N_ ("Review and indicators, with a PIN") },
        { SARAP_ROLE_KIOSK, "sarap-kiosk-symbolic", N_ ("Kiosk"), N_ ("Feedback of visitors, with a PIN") },
        };

static void
tile_cb (GtkWidget *tile, SarapRoleChooser *self)
{
  g_signal_emit (self, chosen_signal, 0, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (tile), "role")));
}

static void
sarap_role_chooser_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SARAP_TYPE_ROLE_CHOOSER);
  G_OBJECT_CLASS (sarap_role_chooser_parent_class)->dispose (object);
}

static void
sarap_role_chooser_class_init (SarapRoleChooserClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_role_chooser_dispose;
  g_type_ensure (SARAP_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/sarap-role-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapRoleChooser, scroller);
  gtk_widget_class_bind_template_child (widget_class, SarapRoleChooser, tiles);
  chosen_signal = g_signal_new ("chosen", SARAP_TYPE_ROLE_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sarap_role_chooser_init (SarapRoleChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      GtkWidget *tile = sarap_tile_new (roles[i].icon_name, _ (roles[i].heading), _ (roles[i].text));

      g_object_set_data (G_OBJECT (tile), "role", GINT_TO_POINTER (roles[i].role));
      g_signal_connect (tile, "clicked", G_CALLBACK (tile_cb), self);
      gtk_grid_attach (self->tiles, tile, i % 2, i / 2, 1, 1);
    }
}

GtkWidget *
sarap_role_chooser_new (void)
{
  return g_object_new (SARAP_TYPE_ROLE_CHOOSER, NULL);
}
