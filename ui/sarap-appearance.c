#include "ui/sarap-appearance.h"

#define RESOURCES "/org/sarap/Sarap/ui/"

struct _SarapAppearance
{
  GObject parent_instance;

  GtkSettings *gtk;
  GSettings *settings;
  GtkCssProvider *colors;
  GtkCssProvider *style;
  int system_dpi;
  gboolean is_own; /* the theme is ours, not the desktop's */
  gboolean is_applying;
};

G_DEFINE_FINAL_TYPE (SarapAppearance, sarap_appearance, G_TYPE_OBJECT)

static void
load_colors (SarapAppearance *self)
{
  g_autofree char *path = NULL;
  gboolean is_dark;
  gboolean is_contrast;

  sarap_appearance_get_series (self->gtk, &is_dark, &is_contrast);
  path = g_strconcat (RESOURCES "colors-", is_contrast ? (is_dark ? "contrast-dark" : "contrast") : (is_dark ? "dark" : "light"), ".css", NULL);
  gtk_css_provider_load_from_resource (self->colors, path);
}

/* Only what differs: GTK reads its theme anew, some 20 ms, whenever one of these is set. */
static void
set_theme (SarapAppearance *self, const char *theme, gboolean is_dark)
{
  g_autofree char *old_theme = NULL;
  gboolean was_dark;

  g_object_get (self->gtk, "gtk-theme-name", &old_theme, "gtk-application-prefer-dark-theme", &was_dark, NULL);
  if (g_strcmp0 (old_theme, theme) != 0)
    g_object_set (self->gtk, "gtk-theme-name", theme, NULL);
  if (was_dark != is_dark)
    g_object_set (self->gtk, "gtk-application-prefer-dark-theme", is_dark, NULL);
  self->is_own = TRUE;
}

/* "system" leaves to the desktop what the desktop says. */
static void
apply_theme (SarapAppearance *self)
{
  g_autofree char *theme = g_settings_get_string (self->settings, "theme");

  self->is_applying = TRUE;
  if (g_str_equal (theme, "dark") || g_str_equal (theme, "light"))
    set_theme (self, "Default", g_str_equal (theme, "dark"));
  else if (g_str_equal (theme, "contrast"))
    set_theme (self, "Default-hc", FALSE);
  else if (g_str_equal (theme, "contrast-dark"))
    set_theme (self, "Default-hc-dark", TRUE);
  else if (self->is_own)
    {
      gtk_settings_reset_property (self->gtk, "gtk-application-prefer-dark-theme");
      gtk_settings_reset_property (self->gtk, "gtk-theme-name");
      self->is_own = FALSE;
    }
  self->is_applying = FALSE;
  load_colors (self);
}

static void
apply_text_size (SarapAppearance *self)
{
  int dpi = self->system_dpi * g_settings_get_int (self->settings, "text-size") / 100;
  int old_dpi;

  g_object_get (self->gtk, "gtk-xft-dpi", &old_dpi, NULL);
  if (old_dpi != dpi)
    g_object_set (self->gtk, "gtk-xft-dpi", dpi, NULL);
}

static void
gtk_changed_cb (SarapAppearance *self)
{
  if (!self->is_applying)
    load_colors (self);
}

static void
sarap_appearance_finalize (GObject *object)
{
  SarapAppearance *self = SARAP_APPEARANCE (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->colors);
  g_clear_object (&self->style);
  G_OBJECT_CLASS (sarap_appearance_parent_class)->finalize (object);
}

static void
sarap_appearance_class_init (SarapAppearanceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_appearance_finalize;
}

static void
sarap_appearance_init (SarapAppearance *self)
{
  self->colors = gtk_css_provider_new ();
  self->style = gtk_css_provider_new ();
}

/* Follows both settings and the desktop as long as it lives. */
SarapAppearance *
sarap_appearance_new (GdkDisplay *display, GSettings *settings)
{
  SarapAppearance *self = g_object_new (SARAP_TYPE_APPEARANCE, NULL);

  self->gtk = gtk_settings_get_for_display (display);
  self->settings = g_object_ref (settings);
  g_object_get (self->gtk, "gtk-xft-dpi", &self->system_dpi, NULL);
  if (self->system_dpi <= 0)
    self->system_dpi = 96 * 1024;
  gtk_css_provider_load_from_resource (self->style, RESOURCES "style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->colors), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->style), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect_object (settings, "changed::theme", G_CALLBACK (apply_theme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::text-size", G_CALLBACK (apply_text_size), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gtk, "notify::gtk-theme-name", G_CALLBACK (gtk_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gtk, "notify::gtk-application-prefer-dark-theme", G_CALLBACK (gtk_changed_cb), self, G_CONNECT_SWAPPED);
  apply_theme (self);
  apply_text_size (self);
  return self;
}

/* Which of the four series of colours is shown, ours or the desktop's. */
void
sarap_appearance_get_series (GtkSettings *gtk, gboolean *is_dark, gboolean *is_contrast)
{
  g_autofree char *theme = NULL;

  g_object_get (gtk, "gtk-theme-name", &theme, "gtk-application-prefer-dark-theme", is_dark, NULL);
  *is_dark |= theme != NULL && (g_str_has_suffix (theme, "-dark") || g_str_has_suffix (theme, "Inverse"));
  *is_contrast = theme != NULL && (strstr (theme, "HighContrast") != NULL || strstr (theme, "-hc") != NULL);
}
