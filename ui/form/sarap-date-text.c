#include "ui/form/sarap-date-text.h"

#include <stdio.h>
#include <string.h>

#define MAX_PARTS 3

/* Numbers of @text in order, whatever stands between them. Returns: how many; -1 for other signs
 * than digits and . / - : space. */
static int
split_numbers (const char *text, int parts[MAX_PARTS])
{
  int n = 0;

  while (*text != '\0')
    {
      gsize digits = strspn (text, "0123456789");

      if (digits > 4 || (digits > 0 && n == MAX_PARTS))
        return -1;
      if (digits > 0)
        parts[n++] = (int) g_ascii_strtoll (text, NULL, 10);
      text += digits;
      if (*text != '\0' && strchr ("./-: ", *text) == NULL)
        return -1;
      text += *text != '\0';
    }
  return n;
}

static char *
format_day (int year, int month, int day)
{
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || !g_date_valid_dmy ((GDateDay) MIN (day, 255), (GDateMonth) month, (GDateYear) year))
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

/* Day before month, or year first: "31.12.2026", "2026-12-31"; "12.2026" for a month, "2026" for
 * a year. Returns: (transfer full) (nullable): "2026-12-31" (the first of the month, of January,
 * where less is asked for); NULL when it is no such date. */
char *
sarap_date_text_parse (const char *typed, SarapDatePrecision precision)
{
  int parts[MAX_PARTS];
  int n = split_numbers (typed, parts);
  gboolean is_year_first = n > 0 && parts[0] > 31;

  if (precision == SARAP_DATE_YEAR)
    return n == 1 ? format_day (parts[0], 1, 1) : NULL;
  if (precision == SARAP_DATE_MONTH)
    return n == 2 ? format_day (parts[is_year_first ? 0 : 1], parts[is_year_first ? 1 : 0], 1) : NULL;
  if (n != 3)
    return NULL;
  return is_year_first ? format_day (parts[0], parts[1], parts[2]) : format_day (parts[2], parts[1], parts[0]);
}

/* The way back. What is no stored date comes back unchanged. */
char *
sarap_date_text_format (const char *stored, SarapDatePrecision precision)
{
  int year;
  int month;
  int day;
  int end = 0;

  if (sscanf (stored, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10)
    return g_strdup (stored);
  if (precision == SARAP_DATE_YEAR)
    return g_strdup_printf ("%04d", year);
  if (precision == SARAP_DATE_MONTH)
    return g_strdup_printf ("%02d.%04d", month, year);
  return g_strdup_printf ("%02d.%02d.%04d", day, month, year);
}

/* "9:05", "9.05", "905", "0905" → "09:05"; NULL when it is no time of day. */
char *
sarap_time_text_parse (const char *typed)
{
  int parts[MAX_PARTS];
  int n = split_numbers (typed, parts);
  gsize digits = strspn (typed, "0123456789");

  if (n == 1 && (digits == 3 || digits == 4))
    {
      parts[1] = parts[0] % 100;
      parts[0] /= 100;
      n = 2;
    }
  if (n != 2 || parts[0] > 23 || parts[1] > 59)
    return NULL;
  return g_strdup_printf ("%02d:%02d", parts[0], parts[1]);
}

/* "09:05:00.000+05:00" → "09:05"; other text unchanged. */
char *
sarap_time_text_format (const char *stored)
{
  int hour;
  int minute;
  int end = 0;

  if (sscanf (stored, "%2d:%2d:%n", &hour, &minute, &end) != 2 || end != 6)
    return g_strdup (stored);
  return g_strdup_printf ("%02d:%02d", hour, minute);
}
