#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SARAP_APPEARANCE_SERVED,
  SARAP_APPEARANCE_ELSEWHERE, /* made for a device or calendar that Sarap does not serve */
  SARAP_APPEARANCE_UNKNOWN,
} SarapAppearanceVerdict;

char **sarap_appearance_split (const char *text);
SarapAppearanceVerdict sarap_appearance_judge (const char *word, const char **instead);

G_END_DECLS
