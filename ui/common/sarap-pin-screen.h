#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Asks for a PIN or has one chosen: that of supervisor and administrator, or the one that opens the store.
 * Signals: "accepted", "cancelled". */

#define SARAP_TYPE_PIN_SCREEN (sarap_pin_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapPinScreen, sarap_pin_screen, SARAP, PIN_SCREEN, GtkWidget)

typedef enum
{
  SARAP_PIN_ASK,            /* of the administrator; or choose, when none is set */
  SARAP_PIN_CHOOSE,         /* a new one */
  SARAP_PIN_OPEN,           /* opens the store: its keys are there when it was right */
  SARAP_PIN_CHOOSE_OPENING, /* a new one of the store */
  SARAP_PIN_CHOOSE_DURESS,  /* the second one of the store */
  SARAP_PIN_RECOVER,        /* a new one of the store, by the project key: sarap_pin_recover() */
} SarapPinPurpose;

GtkWidget *sarap_pin_screen_new (SarapContext *context, SarapPinPurpose purpose);
gboolean sarap_pin_is_set (SarapContext *context);
/* Another word for "Cancel". */
void sarap_pin_screen_set_way_out (SarapPinScreen *self, const char *label);

/* Pushes the screen and pops it again; @accepted is called only after the right PIN. */
typedef void (*SarapPinFunc) (SarapWindow *window, gpointer data);
GtkWidget *sarap_pin_ask (SarapWindow *window, SarapPinPurpose purpose, SarapPinFunc accepted, gpointer data);
GtkWidget *sarap_pin_recover (SarapWindow *window, SarapProjectKey *key, SarapPinFunc accepted, gpointer data);

G_END_DECLS
