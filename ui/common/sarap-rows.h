#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Groups of rows as settings and details are shown: a heading, and a card of rows below. */

GtkWidget *sarap_rows_new (const char *heading, GtkBox *parent);
GtkWidget *sarap_rows_add (GtkWidget *rows, const char *title, const char *subtitle, GtkWidget *suffix);
typedef void (*SarapRowFunc) (gpointer data);
GtkWidget *sarap_rows_add_link (GtkWidget *rows, const char *title, const char *subtitle, SarapRowFunc activated, gpointer data);
void sarap_rows_set_subtitle (GtkWidget *row, const char *subtitle);

typedef void (*SarapSegmentFunc) (const char *value, gpointer data);
GtkWidget *sarap_segments_new (const char *name, const char *const *labels, const char *const *values, const char *current, SarapSegmentFunc chosen, gpointer data);

/* A screen of rows: scrolled, of a readable width. Returns the box to put them in. */
GtkBox *sarap_rows_new_page (GtkWidget *parent, const char *name);

G_END_DECLS
