#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The one window: a stack of screens. A screen is any widget, shown under the
 * `title` given here. Going back pops; a screen that must save
 * first implements the action "screen.close" and pops itself. */

#define SARAP_TYPE_WINDOW (sarap_window_get_type ())
G_DECLARE_FINAL_TYPE (SarapWindow, sarap_window, SARAP, WINDOW, GtkApplicationWindow)

SarapWindow *sarap_window_new (GtkApplication *application, SarapContext *context);
SarapContext *sarap_window_get_context (SarapWindow *self);
void sarap_window_push (SarapWindow *self, GtkWidget *screen, const char *title);
void sarap_window_pop (SarapWindow *self);
void sarap_window_set_root (SarapWindow *self, GtkWidget *screen, const char *title);
/* The window above @widget, for screens deep inside. */
SarapWindow *sarap_window_of (GtkWidget *widget);
/* A short message at the bottom that goes by itself; @action_label may be NULL ("Undo"). */
void sarap_window_toast (SarapWindow *self, const char *message, const char *action_label, GCallback action, gpointer data);
/* A question in a modal window of our own; @callback gets the index of the button, -1 when closed.
 * @destructive: index of a button to paint red, or -1. */
typedef void (*SarapDialogFunc) (int button, gpointer data);
void sarap_window_ask (SarapWindow *self, const char *heading, const char *body, const char *const *buttons, int destructive, SarapDialogFunc callback, gpointer data);
/* File choosing in a modal window of our own (GTK 4.8 has none that is not deprecated later). */
typedef void (*SarapFileFunc) (const char *path, gpointer data);
void sarap_window_choose_file (SarapWindow *self, const char *heading, const char *const *patterns, SarapFileFunc callback, gpointer data);
void sarap_window_choose_folder (SarapWindow *self, const char *heading, SarapFileFunc callback, gpointer data);

G_END_DECLS
