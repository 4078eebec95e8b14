#include "ui/common/sarap-space-notice.h"

#include <glib/gi18n.h>

#include "app/store/sarap-space.h"

#define EVERY_SECONDS 60

static gboolean
update_cb (gpointer data)
{
  GtkLabel *notice = data;
  SarapStore *store = g_object_get_data (G_OBJECT (notice), "store");
  SarapSpace space = sarap_store_get_space (store);
  const char *words = space == SARAP_SPACE_NONE ? _ ("There is no room left on this device: what is open can be finished, but nothing new begun. Send the records, or ask for help.")
                                                : _ ("Little room is left on this device. Send the records soon, or ask for help.");
  const char *const classes[] = { "notice", space == SARAP_SPACE_NONE ? "bad" : "warn", NULL };

  gtk_label_set_label (notice, words);
  gtk_widget_set_css_classes (GTK_WIDGET (notice), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (notice), space != SARAP_SPACE_ENOUGH);
  return G_SOURCE_CONTINUE;
}

static void
stop_cb (GtkWidget *notice, gpointer source)
{
  g_source_remove (GPOINTER_TO_UINT (source));
}

GtkWidget *
sarap_space_notice_new (SarapContext *context)
{
  GtkWidget *notice = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, NULL);
  guint source = g_timeout_add_seconds (EVERY_SECONDS, update_cb, notice);

  g_object_set_data_full (G_OBJECT (notice), "store", g_object_ref (sarap_context_get_store (context)), g_object_unref);
  g_signal_connect (notice, "destroy", G_CALLBACK (stop_cb), GUINT_TO_POINTER (source));
  update_cb (notice);
  return notice;
}
