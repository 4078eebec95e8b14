#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

#define SARAP_TYPE_TABLES_SCREEN (sarap_tables_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapTablesScreen, sarap_tables_screen, SARAP, TABLES_SCREEN, GtkWidget)

/* Scoring, sections, violations and waves of each questionnaire: saved as a copy, replaced by a
 * file that fits. */
GtkWidget *sarap_tables_screen_new (SarapContext *context);

G_END_DECLS
