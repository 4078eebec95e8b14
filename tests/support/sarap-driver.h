#pragma once

#include <atspi/atspi.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* The application as a process of its own, seen and driven through AT-SPI alone: what a screen
 * reader reads is what a test finds, and what it can do is what a test does. Waiting is bounded;
 * what does not come ends the test by g_error() with what was on the screen instead. */

typedef struct _SarapDriver SarapDriver;

/* A node on the screen at the moment it was looked at. */
typedef struct
{
  AtspiAccessible *object;
  AtspiRole role;
  char *name;
  guint depth;
  gboolean is_focusable;
  gboolean is_sensitive;
} SarapSeen;

/* @settings: (nullable): lines of the keyfile backend below [org/sarap/Sarap]. Arguments of the application follow. */
SarapDriver *sarap_driver_new (const char *store, const char *settings, ...) G_GNUC_NULL_TERMINATED;
void sarap_driver_free (SarapDriver *self);
void sarap_driver_kill (SarapDriver *self);

/* Everything that shows, parents before children. Returns: (transfer full) (element-type SarapSeen) */
GPtrArray *sarap_driver_look (SarapDriver *self);
/* The same below @scope only. */
GPtrArray *sarap_driver_look_at (SarapDriver *self, AtspiAccessible *scope);
/* The topmost one with exactly this name, of @role or (ATSPI_ROLE_INVALID) of any that takes the focus. Returns: (nullable) */
const SarapSeen *sarap_driver_pick (GPtrArray *seen, AtspiRole role, const char *name);
gboolean sarap_driver_sees (SarapDriver *self, AtspiRole role, const char *name);
void sarap_driver_wait (SarapDriver *self, AtspiRole role, const char *name);
void sarap_driver_wait_gone (SarapDriver *self, AtspiRole role, const char *name);

/* These wait for what they need. */
void sarap_driver_press (SarapDriver *self, const char *name);
void sarap_driver_tap (SarapDriver *self, const char *name);                 /* the pointer, in the middle of it */
void sarap_driver_swipe (SarapDriver *self, const char *name, int distance); /* the pointer: X sends no touches of its own */
void sarap_driver_type (SarapDriver *self, const char *name, const char *text);

/* For a node of a look that is still on the screen. */
void sarap_seen_act (const SarapSeen *seen);
void sarap_seen_write (const SarapSeen *seen, const char *text);

/* Fails the test when a look saw a node that takes the focus and has no name of its own. */
void sarap_driver_assert_named (SarapDriver *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapDriver, sarap_driver_free)

G_END_DECLS
