#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A panel over the page, for long lists, the camera, the jump list. While it is open nothing
 * behind it takes focus. Goes by its close button, Escape or a tap beside it. Signal "closed". */

#define SARAP_TYPE_SHEET (sarap_sheet_get_type ())
G_DECLARE_FINAL_TYPE (SarapSheet, sarap_sheet, SARAP, SHEET, GtkWidget)

/* Where sheets of everything inside @child open. Returns: (transfer floating). */
GtkWidget *sarap_sheet_host_new (GtkWidget *child);
SarapSheet *sarap_sheet_open (GtkWidget *near, const char *title, const char *close_name, GtkWidget *content);
void sarap_sheet_close (SarapSheet *self);
/* Closes what is open inside @host. Returns: FALSE when nothing was. */
gboolean sarap_sheet_host_close (GtkWidget *host);

G_END_DECLS
