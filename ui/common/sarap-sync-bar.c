#include "ui/common/sarap-sync-bar.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-words.h"

#define REFRESH_SECONDS 20

struct _SarapSyncBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *headline;
  GtkLabel *details;
  GtkProgressBar *progress;
  GtkButton *button;

  SarapContext *context;
  guint refresh_source;
};

G_DEFINE_FINAL_TYPE (SarapSyncBar, sarap_sync_bar, GTK_TYPE_WIDGET)

static char *
dup_waiting (SarapSyncBar *self)
{
  SarapRecordFilter filter = { .state = SARAP_RECORD_FINALIZED };
  guint n = sarap_store_count_records (sarap_context_get_store (self->context), &filter, NULL);

  if (n == 0)
    return g_strdup (_ ("Nothing waits to be sent."));
  return g_strdup_printf (ngettext ("%u record waits to be sent.", "%u records wait to be sent.", n), n);
}

/* In some languages the age comes first. */
static char *
dup_capitalised (const char *words)
{
  g_autofree char *first = g_utf8_substring (words, 0, 1);
  g_autofree char *large = g_utf8_strup (first, -1);

  return g_strconcat (large, words + strlen (first), NULL);
}

static char *
dup_last_success (SarapSyncBar *self)
{
  gint64 last = sarap_syncer_get_last_success (sarap_context_get_syncer (self->context));
  g_autofree char *age = NULL;
  g_autofree char *words = NULL;

  if (last == 0)
    return g_strdup (_ ("Not synchronised yet"));
  age = sarap_words_age (last, sarap_clock_get_now (sarap_context_get_clock (self->context)));
  /* Translators: %s is "5 minutes ago" or "just now". */
  words = g_strdup_printf (_ ("Synchronised %s"), age);
  return dup_capitalised (words);
}

static void
show (SarapSyncBar *self, const char *icon, const char *headline, const char *details, const char *button)
{
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->details, details);
  gtk_widget_set_visible (GTK_WIDGET (self->details), *details != '\0');
  gtk_button_set_label (self->button, button);
}

static void
show_failure (SarapSyncBar *self)
{
  SarapSyncer *syncer = sarap_context_get_syncer (self->context);
  g_autofree char *last = dup_last_success (self);
  g_autofree char *waiting = dup_waiting (self);
  g_autofree char *details = g_strdup_printf ("%s · %s", last, waiting);

  show (self, "dialog-warning-symbolic", sarap_words_sync_error (sarap_syncer_get_error_code (syncer)), details, _ ("Try now"));
}

static void
update (SarapSyncBar *self)
{
  SarapSyncer *syncer = sarap_context_get_syncer (self->context);
  SarapSyncerState state = sarap_syncer_get_state (syncer);
  gboolean is_running = state == SARAP_SYNCER_RUNNING;
  g_autofree char *last = dup_last_success (self);
  g_autofree char *waiting = dup_waiting (self);
  double progress;

  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !is_running);
  if (!sarap_syncer_is_enrolled (syncer))
    show (self, "network-server-symbolic", _ ("This device is not connected to a server."), waiting, _ ("Connect"));
  else if (is_running)
    {
      g_object_get (syncer, "progress", &progress, NULL);
      gtk_progress_bar_set_fraction (self->progress, CLAMP (progress, 0, 1));
      show (self, "view-refresh-symbolic", _ ("Synchronising…"), waiting, _ ("Sync now"));
    }
  else if (state == SARAP_SYNCER_WAITING || sarap_syncer_get_error_code (syncer) >= 0)
    show_failure (self);
  else
    show (self, "object-select-symbolic", last, waiting, _ ("Sync now"));
}

/* Hidden behind an interview it would count records after each answer. */
static void
changed_cb (SarapSyncBar *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
}

static void
clicked_cb (SarapSyncBar *self)
{
  SarapSyncer *syncer = sarap_context_get_syncer (self->context);

  if (sarap_syncer_is_enrolled (syncer))
    sarap_syncer_start (syncer, TRUE);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "go.settings", NULL);
}

static gboolean
refresh_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

static void
sarap_sync_bar_map (GtkWidget *widget)
{
  SarapSyncBar *self = SARAP_SYNC_BAR (widget);

  GTK_WIDGET_CLASS (sarap_sync_bar_parent_class)->map (widget);
  update (self);
  self->refresh_source = g_timeout_add_seconds (REFRESH_SECONDS, refresh_cb, self);
}

static void
sarap_sync_bar_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SARAP_SYNC_BAR (widget)->refresh_source, g_source_remove);
  GTK_WIDGET_CLASS (sarap_sync_bar_parent_class)->unmap (widget);
}

static void
sarap_sync_bar_dispose (GObject *object)
{
  SarapSyncBar *self = SARAP_SYNC_BAR (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_SYNC_BAR);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_sync_bar_parent_class)->dispose (object);
}

static void
sarap_sync_bar_class_init (SarapSyncBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_sync_bar_dispose;
  widget_class->map = sarap_sync_bar_map;
  widget_class->unmap = sarap_sync_bar_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-sync-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, box);
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, icon);
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, headline);
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, details);
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, progress);
  gtk_widget_class_bind_template_child (widget_class, SarapSyncBar, button);
}

static void
sarap_sync_bar_init (SarapSyncBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (clicked_cb), self);
}

GtkWidget *
sarap_sync_bar_new (SarapContext *context)
{
  SarapSyncBar *self = g_object_new (SARAP_TYPE_SYNC_BAR, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (sarap_context_get_syncer (context), "notify", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
