#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* When the window is locked, and how it opens again. Locks after minutes without a touch, on request, and on a quick
 * exit (Escape three times, or the button of a form), which first shows a screen that says nothing.
 * Signal "opened": the PIN was right, or none is set; the root is whoever's turn it is. */

#define SARAP_TYPE_LOCK (sarap_lock_get_type ())
G_DECLARE_FINAL_TYPE (SarapLock, sarap_lock, SARAP, LOCK, GObject)

SarapLock *sarap_lock_new (SarapWindow *window);
void sarap_lock_ask (SarapLock *self);
void sarap_lock_now (SarapLock *self);
void sarap_lock_hide (SarapLock *self);
gboolean sarap_lock_is_closed (SarapLock *self);
char *sarap_lock_steal_draft (SarapLock *self);

G_END_DECLS
