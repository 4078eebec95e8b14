#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Asks for the PIN of supervisor and administrator, or has it chosen when there is none yet.
 * Signals: "accepted", "cancelled". */

#define SARAP_TYPE_PIN_SCREEN (sarap_pin_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapPinScreen, sarap_pin_screen, SARAP, PIN_SCREEN, GtkWidget)

typedef enum
{
  SARAP_PIN_ASK,    /* or choose, when none is set */
  SARAP_PIN_CHOOSE, /* a new one */
} SarapPinPurpose;

GtkWidget *sarap_pin_screen_new (SarapContext *context, SarapPinPurpose purpose);
gboolean sarap_pin_is_set (SarapContext *context);

/* Pushes the screen and pops it again; @accepted is called only after the right PIN. */
typedef void (*SarapPinFunc) (SarapWindow *window, gpointer data);
GtkWidget *sarap_pin_ask (SarapWindow *window, SarapPinPurpose purpose, SarapPinFunc accepted, gpointer data);

G_END_DECLS
