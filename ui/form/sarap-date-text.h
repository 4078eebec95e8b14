#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Dates and times as people type them, and as ODK stores them. */

typedef enum
{
  SARAP_DATE_DAY,
  SARAP_DATE_MONTH,
  SARAP_DATE_YEAR,
} SarapDatePrecision;

char *sarap_date_text_parse (const char *typed, SarapDatePrecision precision);
char *sarap_date_text_format (const char *stored, SarapDatePrecision precision);
char *sarap_time_text_parse (const char *typed);
char *sarap_time_text_format (const char *stored);

G_END_DECLS
