#pragma once

#include "ui/form/sarap-question.h"

G_BEGIN_DECLS

/* A button that opens a calendar for @entry, which holds "31.12.2026". */
GtkWidget *sarap_calendar_button_new (SarapQuestion *question, GtkWidget *entry);

G_END_DECLS
