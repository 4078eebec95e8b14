#include "ui/common/sarap-help-screen.h"

#include <glib/gi18n.h>

#include "sarap-config.h"
#include "ui/common/sarap-rows.h"

#define SARAP_TYPE_ROWS_SCREEN (sarap_rows_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapRowsScreen, sarap_rows_screen, SARAP, ROWS_SCREEN, GtkWidget)

struct _SarapRowsScreen
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (SarapRowsScreen, sarap_rows_screen, GTK_TYPE_WIDGET)

static void
sarap_rows_screen_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_rows_screen_parent_class)->dispose (object);
}

static void
sarap_rows_screen_class_init (SarapRowsScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_rows_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_rows_screen_init (SarapRowsScreen *self)
{
}

typedef struct
{
  const char *heading;
  const char *text;
} Advice;

static const Advice everybody[] = {
  { N_ ("Nothing is lost"), N_ ("Each answer is kept on this device at once. You may leave at any moment and go on later at the same question.") },
    { N_ ("No network is needed"), N_ ("Finished records wait under “Ready to send” and go to the server by themselves when there is a network.") },
      { NULL } };

static const Advice volunteer[] = {
  { N_ ("Fill it in at the centre or within the hour"), N_ ("Memory fades fast. The time between visit and report is kept with the visit.") },
    { N_ ("Facts, not impressions"), N_ ("Write what you saw and heard, in the order of the visit. No names of employees, no faces on photos.") },
      { N_ ("After sending"), N_ ("Under “Sent” you see what your supervisor decided, and why.") },
        { NULL } };

static const Advice staff[] = {
  { N_ ("Read each question as it is written"), N_ ("The same words for everybody make the answers comparable. “Don't know” and “refused” are answers too.") },
    { N_ ("The respondent's language"), N_ ("It can be changed at any moment; the answers stay.") },
      { N_ ("After sending"), N_ ("Under “Sent” you see what your supervisor decided, and why.") },
        { NULL } };

static const Advice supervisor[] = {
  { N_ ("Review"), N_ ("Approve a record, say what is wrong with it, or reject it with a reason. The decision is sent with the next synchronising; nothing is ever deleted.") },
    { N_ ("Indicators"), N_ ("Each figure stands with the number of records it was computed from.") },
      { NULL } };

static const Advice shortcuts[] = {
  { N_ ("Back"), N_ ("Escape or Alt+Left") },
    { N_ ("New visit or interview"), N_ ("Ctrl+N") },
      { N_ ("Search"), N_ ("Ctrl+F") },
        { N_ ("Help"), N_ ("F1") },
          { N_ ("Settings"), N_ ("Ctrl+,") },
            { N_ ("Leave a kiosk, with the PIN"), N_ ("Ctrl+Alt+Q, or a long press on the upper right corner") },
              { NULL } };

static void
add_advice (GtkBox *page, const char *heading, const Advice *advice)
{
  GtkWidget *rows = sarap_rows_new (heading, page);

  for (; advice->heading != NULL; advice++)
    sarap_rows_add (rows, _ (advice->heading), _ (advice->text), NULL);
}

static void
add_role_advice (GtkBox *page, SarapRole role)
{
  if (role == SARAP_ROLE_VOLUNTEER)
    add_advice (page, _ ("For volunteers"), volunteer);
  else if (role == SARAP_ROLE_STAFF)
    add_advice (page, _ ("For survey staff"), staff);
  else if (role == SARAP_ROLE_SUPERVISOR)
    add_advice (page, _ ("For supervisors"), supervisor);
}

/* Short help for the role that is at work, and the keys. */
GtkWidget *
sarap_help_screen_new (SarapContext *context)
{
  GtkWidget *screen = g_object_new (SARAP_TYPE_ROWS_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (screen, _ ("Help"));

  add_role_advice (page, sarap_context_get_role (context));
  add_advice (page, _ ("For everybody"), everybody);
  add_advice (page, _ ("Keys"), shortcuts);
  return screen;
}

GtkWidget *
sarap_about_screen_new (SarapContext *context)
{
  GtkWidget *screen = g_object_new (SARAP_TYPE_ROWS_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (screen, _ ("About Sarap"));
  GtkWidget *icon = gtk_image_new_from_icon_name (SARAP_APPLICATION_ID);
  GtkWidget *name = g_object_new (GTK_TYPE_LABEL, "label", "Sarap", "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  GtkWidget *line = g_object_new (GTK_TYPE_LABEL, "label", _ ("Field surveys against corruption, with or without a network"), "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, NULL);
  g_autofree char *device = sarap_store_dup_setting (sarap_context_get_store (context), "device.id");
  GtkWidget *rows;

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 128);
  gtk_widget_add_css_class (name, "page-title");
  gtk_widget_add_css_class (line, "quiet");
  gtk_box_append (page, icon);
  gtk_box_append (page, name);
  gtk_box_append (page, line);
  rows = sarap_rows_new (NULL, page);
  sarap_rows_add (rows, _ ("Version"), SARAP_VERSION, NULL);
  sarap_rows_add (rows, _ ("Licence"), _ ("GNU General Public License, version 3 or later"), NULL);
  sarap_rows_add (rows, _ ("Number of the device"), device, NULL);
  sarap_rows_add (rows, _ ("Everything is kept in"), sarap_store_get_folder (sarap_context_get_store (context)), NULL);
  return screen;
}
