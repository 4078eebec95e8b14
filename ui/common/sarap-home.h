#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The home of a person who fills forms: sync bar, and the sections to do, drafts, ready to send
 * and sent. Each role gives its own words. Actions "screen.new", "screen.search". */

#define SARAP_TYPE_HOME (sarap_home_get_type ())
G_DECLARE_FINAL_TYPE (SarapHome, sarap_home, SARAP, HOME, GtkWidget)

typedef enum
{
  SARAP_HOME_TO_DO,
  SARAP_HOME_DRAFTS,
  SARAP_HOME_READY,
  SARAP_HOME_SENT,
} SarapHomeSection;

typedef struct
{
  SarapRole role;
  const char *start;     /* "Start visit" */
  const char *no_drafts; /* headings of empty sections */
  const char *no_ready;
  const char *no_sent;
} SarapHomeWords;

GtkWidget *sarap_home_new (SarapContext *context, const SarapHomeWords *words);
void sarap_home_show_section (SarapHome *self, SarapHomeSection section);

G_END_DECLS
