#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The one window: a stack of screens. A screen is any widget, shown under the
 * `title` given here. Going back pops; a screen that must save
 * first implements the action "screen.close" and pops itself. Other actions that the window's keys
 * and buttons ask of the screen on top: "screen.new" (Ctrl+N), "screen.search" (Ctrl+F). */

#define SARAP_TYPE_WINDOW (sarap_window_get_type ())
G_DECLARE_FINAL_TYPE (SarapWindow, sarap_window, SARAP, WINDOW, GtkApplicationWindow)

SarapWindow *sarap_window_new (GtkApplication *application, SarapContext *context);
SarapContext *sarap_window_get_context (SarapWindow *self);
void sarap_window_push (SarapWindow *self, GtkWidget *screen, const char *title);
void sarap_window_pop (SarapWindow *self);
/* Pops @screen when it is the one on top: whoever opened it may call this after the screen itself has. */
void sarap_window_pop_screen (SarapWindow *self, GtkWidget *screen);
GtkWidget *sarap_window_peek_top (SarapWindow *self);
void sarap_window_set_root (SarapWindow *self, GtkWidget *screen, const char *title);
/* Of the screen on top, when it is @screen. */
/* The same without a fade: nothing of the screens before is left when it returns. */
void sarap_window_set_root_at_once (SarapWindow *self, GtkWidget *screen, const char *title);
/* No menu, and no keys that lead to other screens. */
void sarap_window_set_locked (SarapWindow *self, gboolean is_locked);
/* The topmost screen of @type, or NULL. */
GtkWidget *sarap_window_find_screen (SarapWindow *self, GType type);
void sarap_window_set_title (SarapWindow *self, GtkWidget *screen, const char *title);
/* Full screen without header, menu, keys and closing: until it is set to FALSE. */
void sarap_window_set_kiosk (SarapWindow *self, gboolean is_kiosk);
gboolean sarap_window_is_kiosk (SarapWindow *self);
/* The window above @widget, for screens deep inside. */
SarapWindow *sarap_window_of (GtkWidget *widget);
/* A short message at the bottom that goes by itself; @action_label may be NULL ("Undo"). It is
 * withdrawn, its action never called, when the screen on top is popped or replaced. */
void sarap_window_toast (SarapWindow *self, const char *message, const char *action_label, GCallback action, gpointer data);
/* A question in a modal window of our own; @callback gets the index of the button, -1 when closed.
 * @destructive: index of a button to paint red, or -1. */
typedef void (*SarapDialogFunc) (int button, gpointer data);
void sarap_window_ask (SarapWindow *self, const char *heading, const char *body, const char *const *buttons, int destructive, SarapDialogFunc callback, gpointer data);
/* File choosing in a modal window of our own (GTK 4.8 has none that is not deprecated later).
 * @patterns: "*.png"…, NULL for all. @callback is not called when the person cancels. */
typedef void (*SarapFileFunc) (const char *path, gpointer data);
void sarap_window_choose_file (SarapWindow *self, const char *heading, const char *const *patterns, SarapFileFunc callback, gpointer data);
void sarap_window_choose_folder (SarapWindow *self, const char *heading, SarapFileFunc callback, gpointer data);

G_END_DECLS
