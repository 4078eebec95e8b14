#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* 1. A day is whole: its number is days since 1970-01-01, its text YYYY-MM-DD. date() and today()
 *    give days; date() of a dateTime remembers the instant but reads as its local day.
 * 2. An instant (date-time(), now()) counts UTC days with fraction and reads as ISO text with
 *    milliseconds and the local offset, `Z` for none.
 * 3. Text: YYYY-M-D, then maybe T and hh:mm[:ss[.f…]] and Z or ±hh[[:]mm]. Without an offset the
 *    time is local. Days that do not exist are no dates.
 * 4. date() and date-time() hand '' and NaN back; other things that are no date are errors.
 * 5. decimal-date-time() counts from the local midnight of a day; decimal-time() is the local
 *    time of day as a part of the day.
 * 6. Names of months and days are those of the Unicode CLDR, abbreviated, in the form's language. */

#define DAY_MS 86400000.0
#define MAX_DAYS 2147483647.0

typedef struct
{
  gint64 year;
  guint month; /* 1–12 */
  guint day;
  guint hour;
  guint minute;
  guint second;
  guint millisecond;
  gint64 days; /* local day since 1970-01-01 */
} Fields;

/* Days and the proleptic Gregorian calendar: howardhinnant.github.io/date_algorithms.html */
static gint64
days_from_civil (gint64 year, guint month, guint day)
{
  gint64 era, year_of_era, day_of_year;

  year -= month <= 2;
  era = (year >= 0 ? year : year - 399) / 400;
  year_of_era = year - era * 400;
  day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void
civil_from_days (gint64 days, Fields *fields)
{
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  gint64 day_of_era = shifted - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 month = (5 * day_of_year + 2) / 153;

  fields->days = days;
  fields->day = day_of_year - (153 * month + 2) / 5 + 1;
  fields->month = month < 10 ? month + 3 : month - 9;
  fields->year = year_of_era + era * 400 + (fields->month <= 2);
}

static guint
days_in_month (gint64 year, guint month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
    return 29;
  return days[month - 1];
}

/* Zones */
static SarapClock *
clock_of (const XPathEvaluator *self)
{
  return self != NULL && self->context->host != NULL ? self->context->host->clock : NULL;
}

static GTimeZone *
ref_zone (const XPathEvaluator *self)
{
  SarapClock *clock = clock_of (self);

  return clock != NULL ? g_time_zone_ref (sarap_clock_get_zone (clock)) : g_time_zone_new_local ();
}

/* Seconds of local time since 1970 to milliseconds UTC; a time that the clock jumps over moves on. */
static gint64
local_to_instant (const XPathEvaluator *self, gint64 seconds)
{
  g_autoptr (GTimeZone) zone = ref_zone (self);
  int interval = g_time_zone_adjust_time (zone, G_TIME_TYPE_STANDARD, &seconds);

  return (seconds - g_time_zone_get_offset (zone, interval)) * 1000;
}

static gint64
floor_divide (gint64 number, gint64 by)
{
  return number / by - (number % by < 0);
}

static gint64
offset_at (const XPathEvaluator *self, gint64 ms)
{
  g_autoptr (GTimeZone) zone = ref_zone (self);

  return g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, floor_divide (ms, 1000)));
}

static void
fields_from_instant (const XPathEvaluator *self, gint64 ms, Fields *fields)
{
  gint64 local = ms + offset_at (self, ms) * 1000;
  gint64 days = floor_divide (local, 86400000);
  gint64 rest = local - days * 86400000;

  civil_from_days (days, fields);
  fields->hour = rest / 3600000;
  fields->minute = rest / 60000 % 60;
  fields->second = rest / 1000 % 60;
  fields->millisecond = rest % 1000;
}

/* Values */
static void
set_day (XPathValue *value, gint64 days)
{
  xpath_value_reset (value);
  value->type = SARAP_XPATH_DATE;
  value->is_day = TRUE;
  value->has_time = FALSE;
  value->number = days;
}

static void
set_instant (XPathValue *value, gint64 ms)
{
  xpath_value_reset (value);
  value->type = SARAP_XPATH_DATE;
  value->is_day = FALSE;
  value->has_time = TRUE;
  value->ms = ms;
  value->number = ms / DAY_MS;
}

/* UTC days; local midnight for a day without a time. */
double
xpath_date_instant (XPathEvaluator *self, const XPathValue *date)
{
  return (date->has_time ? date->ms : local_to_instant (self, (gint64) date->number * 86400)) / DAY_MS;
}

static void
read_fields (const XPathEvaluator *self, const XPathValue *date, Fields *fields)
{
  *fields = (Fields){ 0 };
  if (date->has_time)
    fields_from_instant (self, date->ms, fields);
  else
    civil_from_days ((gint64) date->number, fields);
}

/* Returns: (transfer full) ISO 8601 */
char *
xpath_date_to_text (XPathEvaluator *self, const XPathValue *date)
{
  Fields fields;
  gint64 offset;
  g_autofree char *day = NULL;

  read_fields (self, date, &fields);
  day = g_strdup_printf ("%04" G_GINT64_FORMAT "-%02u-%02u", fields.year, fields.month, fields.day);
  if (date->is_day)
    return g_steal_pointer (&day);
  offset = offset_at (self, date->ms) / 60;
  if (offset == 0)
    return g_strdup_printf ("%sT%02u:%02u:%02u.%03uZ", day, fields.hour, fields.minute, fields.second, fields.millisecond);
  return g_strdup_printf ("%sT%02u:%02u:%02u.%03u%c%02d:%02d", day, fields.hour, fields.minute, fields.second, fields.millisecond,
                          offset < 0 ? '-' : '+', (int) ABS (offset) / 60, (int) ABS (offset) % 60);
}

/* Reading */
/* @min to @max digits; FALSE leaves *@at anywhere. */
static gboolean
read_digits (const char **at, guint min, guint max, guint *number)
{
  guint n = 0;

  for (*number = 0; n < max && g_ascii_isdigit (**at); n++, (*at)++)
    *number = *number * 10 + (**at - '0');
  return n >= min;
}

static gboolean
read_character (const char **at, char wanted)
{
  if (**at != wanted)
    return FALSE;
  (*at)++;
  return TRUE;
}

static gboolean
read_day (const char **at, gint64 *days)
{
  guint year, month, day;

  if (!read_digits (at, 4, 4, &year) || !read_character (at, '-') || !read_digits (at, 1, 2, &month) || !read_character (at, '-') || !read_digits (at, 1, 2, &day))
    return FALSE;
  if (month < 1 || month > 12 || day < 1 || day > days_in_month (year, month))
    return FALSE;
  *days = days_from_civil (year, month, day);
  return TRUE;
}

/* Milliseconds of the day. */
static gboolean
read_time (const char **at, gint64 *ms)
{
  guint hour, minute, second = 0, scale = 100;

  if (!read_digits (at, 2, 2, &hour) || !read_character (at, ':') || !read_digits (at, 2, 2, &minute))
    return FALSE;
  if (read_character (at, ':') && !read_digits (at, 2, 2, &second))
    return FALSE;
  if (hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *ms = ((hour * 60 + minute) * 60 + second) * G_GINT64_CONSTANT (1000);
  if (!read_character (at, '.'))
    return TRUE;
  if (!g_ascii_isdigit (**at))
    return FALSE;
  for (; g_ascii_isdigit (**at); (*at)++, scale /= 10)
    *ms += (**at - '0') * scale;
  return TRUE;
}

/* Seconds east of UTC; @has_offset FALSE when none stands there. */
static gboolean
read_offset (const char **at, gboolean *has_offset, gint64 *offset)
{
  gboolean is_west = **at == '-';
  guint hours, minutes = 0;

  *offset = 0;
  *has_offset = **at == 'Z' || **at == '+' || **at == '-';
  if (!*has_offset || *(*at)++ == 'Z')
    return TRUE;
  if (!read_digits (at, 2, 2, &hours))
    return FALSE;
  if ((read_character (at, ':') || g_ascii_isdigit (**at)) && !read_digits (at, 2, 2, &minutes))
    return FALSE;
  *offset = (is_west ? -1 : 1) * (gint64) (hours * 3600 + minutes * 60);
  return hours <= 18 && minutes <= 59;
}

/* Rule 3. FALSE when @text is no date; @date is then as it was. */
gboolean
xpath_text_to_date (XPathEvaluator *self, const char *text, XPathValue *date)
{
  const char *at = text + strspn (text, " \t\r\n");
  gint64 days, ms, offset;
  gboolean has_offset;

  if (!read_day (&at, &days))
    return FALSE;
  if (xpath_text_is_blank (at))
    {
      set_day (date, days);
      return TRUE;
    }
  if (!read_character (&at, 'T') || !read_time (&at, &ms) || !read_offset (&at, &has_offset, &offset) || !xpath_text_is_blank (at))
    return FALSE;
  if (has_offset)
    set_instant (date, days * 86400000 + ms - offset * 1000);
  else
    set_instant (date, local_to_instant (self, days * 86400 + ms / 1000) + ms % 1000);
  return TRUE;
}

/* What @value means as a date. Without @is_date it is '' or NaN and stays as it is. */
static gboolean
convert (XPathEvaluator *self, const XPathExpr *call, gboolean numbers_are_days, XPathValue *value, gboolean *is_date)
{
  g_autofree char *text = NULL;

  *is_date = TRUE;
  if (value->type == SARAP_XPATH_DATE)
    return TRUE;
  if (value->type == SARAP_XPATH_NUMBER)
    {
      if (isnan (value->number))
        *is_date = FALSE;
      else if (fabs (value->number) > MAX_DAYS)
        return xpath_fail (self, call, "%s() cannot make a date of a number so large", call->call.name);
      else if (numbers_are_days)
        set_day (value, (gint64) value->number);
      else
        set_instant (value, (gint64) round (value->number * DAY_MS));
      return TRUE;
    }
  text = g_strdup (xpath_to_text (self, value));
  if (*text == '\0')
    *is_date = FALSE;
  else if (!xpath_text_to_date (self, text, value))
    return xpath_fail (self, call, "“%s” is no date for %s()", text, call->call.name);
  return TRUE;
}

gboolean
xpath_call_date (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean is_date;

  if (!xpath_argument (self, call, 0, focus, result) || !convert (self, call, TRUE, result, &is_date))
    return FALSE;
  if (is_date && !result->is_day)
    {
      Fields fields;

      read_fields (self, result, &fields);
      result->is_day = TRUE;
      result->number = fields.days;
    }
  return TRUE;
}

gboolean
xpath_call_date_time (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean is_date;

  if (!xpath_argument (self, call, 0, focus, result) || !convert (self, call, FALSE, result, &is_date))
    return FALSE;
  if (is_date)
    set_instant (result, result->has_time ? result->ms : local_to_instant (self, (gint64) result->number * 86400));
  return TRUE;
}

gboolean
xpath_call_decimal_date_time (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean is_date;

  if (!xpath_argument (self, call, 0, focus, result) || !convert (self, call, FALSE, result, &is_date))
    return FALSE;
  if (is_date)
    xpath_value_set_number (result, xpath_date_instant (self, result));
  return TRUE;
}

/* A time alone, "14:30" or "14:30:00.000+05:00": milliseconds of the local day. */
static gboolean
read_time_of_day (XPathEvaluator *self, const char *text, gint64 *ms)
{
  const char *at = text + strspn (text, " \t\r\n");
  SarapClock *clock = clock_of (self);
  gint64 offset, now;
  gboolean has_offset;

  if (!read_time (&at, ms) || !read_offset (&at, &has_offset, &offset) || !xpath_text_is_blank (at))
    return FALSE;
  if (!has_offset)
    return TRUE;
  now = clock ? sarap_clock_get_now (clock) : g_get_real_time () / 1000;
  *ms += (offset_at (self, now) - offset) * 1000;
  *ms -= floor_divide (*ms, 86400000) * 86400000;
  return TRUE;
}

gboolean
xpath_call_decimal_time (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Fields fields;
  gboolean is_date;
  gint64 ms;

  if (!xpath_argument (self, call, 0, focus, result))
    return FALSE;
  if (result->type == SARAP_XPATH_NUMBER)
    {
      xpath_value_set_number (result, result->number - floor (result->number));
      return TRUE;
    }
  if (result->type != SARAP_XPATH_DATE && read_time_of_day (self, xpath_to_text (self, result), &ms))
    {
      xpath_value_set_number (result, ms / DAY_MS);
      return TRUE;
    }
  if (!convert (self, call, FALSE, result, &is_date))
    return FALSE;
  if (!is_date)
    return TRUE;
  read_fields (self, result, &fields);
  xpath_value_set_number (result, (((fields.hour * 60 + fields.minute) * 60 + fields.second) * 1000.0 + fields.millisecond) / DAY_MS);
  return TRUE;
}

static gboolean
check_clock (XPathEvaluator *self, const XPathExpr *call)
{
  return clock_of (self) != NULL || xpath_fail (self, call, "%s() has no clock to read", call->call.name);
}

gboolean
xpath_call_today (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Fields fields;

  if (!check_clock (self, call))
    return FALSE;
  fields_from_instant (self, sarap_clock_get_now (clock_of (self)), &fields);
  set_day (result, fields.days);
  return TRUE;
}

gboolean
xpath_call_now (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  if (!check_clock (self, call))
    return FALSE;
  set_instant (result, sarap_clock_get_now (clock_of (self)));
  return TRUE;
}

/* Formatting */
typedef struct
{
  const char *code;
  const char *own_name; /* how the language may be written instead of its code */
  const char *english_name;
  const char *months[12];
  const char *days[7]; /* from Monday */
} Names;

static const Names all_names[] = {
  { "en", "English", "English", { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }, { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" } },
  { "ru", "Русский", "Russian", { "янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек." }, { "пн", "вт", "ср", "чт", "пт", "сб", "вс" } },
  { "kk", "Қазақ", "Kazakh", { "қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел." }, { "дс", "сс", "ср", "бс", "жм", "сб", "жс" } },
};

/* "Kazakh (kk)", "kk", "kk-KZ" or a name; English when unknown. */
static const Names *
find_names (const XPathEvaluator *self)
{
  const char *language = self->context->host != NULL ? self->context->host->language : NULL;
  const char *code = language ? strrchr (language, '(') : NULL;

  if (language == NULL)
    return &all_names[0];
  code = code ? code + 1 : language;
  for (gsize i = 0; i < G_N_ELEMENTS (all_names); i++)
    {
      const Names *names = &all_names[i];

      if (g_ascii_strncasecmp (code, names->code, 2) == 0 && !g_ascii_isalpha (code[2]))
        return names;
      if (g_str_has_prefix (language, names->own_name) || g_str_has_prefix (language, names->english_name))
        return names;
    }
  return &all_names[0];
}

/* 0 is Monday. */
static guint
weekday (gint64 days)
{
  gint64 rest = (days + 3) % 7;

  return rest < 0 ? rest + 7 : rest;
}

/* ISO 8601: the week that holds the year's first Thursday is week 1. */
static guint
iso_week (gint64 days)
{
  Fields thursday;

  civil_from_days (days - weekday (days) + 3, &thursday);
  return (thursday.days - days_from_civil (thursday.year, 1, 1)) / 7 + 1;
}

static gboolean
append_field (const XPathEvaluator *self, char letter, const Fields *fields, GString *text)
{
  switch (letter)
    {
    case '%':
      g_string_append_c (text, '%');
      return TRUE;
    case 'Y':
      g_string_append_printf (text, "%04" G_GINT64_FORMAT, fields->year);
      return TRUE;
    case 'y':
      g_string_append_printf (text, "%02d", (int) (ABS (fields->year) % 100));
      return TRUE;
    case 'm':
      g_string_append_printf (text, "%02u", fields->month);
      return TRUE;
    case 'n':
      g_string_append_printf (text, "%u", fields->month);
      return TRUE;
    case 'b':
      g_string_append (text, find_names (self)->months[fields->month - 1]);
      return TRUE;
    case 'd':
      g_string_append_printf (text, "%02u", fields->day);
      return TRUE;
    case 'e':
      g_string_append_printf (text, "%u", fields->day);
      return TRUE;
    case 'a':
      g_string_append (text, find_names (self)->days[weekday (fields->days)]);
      return TRUE;
    case 'W':
      g_string_append_printf (text, "%u", iso_week (fields->days));
      return TRUE;
    case 'H':
      g_string_append_printf (text, "%02u", fields->hour);
      return TRUE;
    case 'h':
      g_string_append_printf (text, "%u", fields->hour);
      return TRUE;
    case 'M':
      g_string_append_printf (text, "%02u", fields->minute);
      return TRUE;
    case 'S':
      g_string_append_printf (text, "%02u", fields->second);
      return TRUE;
    case '3':
      g_string_append_printf (text, "%03u", fields->millisecond);
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
xpath_call_format_date (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) format = XPATH_VALUE_INIT;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_date;
  Fields fields;

  if (!xpath_argument (self, call, 0, focus, result) || !convert (self, call, FALSE, result, &is_date) || xpath_argument_text (self, call, 1, focus, &format) == NULL)
    return FALSE;
  if (!is_date)
    {
      xpath_value_borrow_text (result, "");
      return TRUE;
    }
  read_fields (self, result, &fields);
  for (const char *at = format.text; *at != '\0'; at++)
    if (*at != '%')
      g_string_append_c (text, *at);
    else if (!append_field (self, *++at, &fields, text))
      return xpath_fail (self, call, "%s() does not know “%%%.*s” in its format", call->call.name, (int) (g_utf8_next_char (at) - at), at);
  xpath_value_take_text (result, g_string_free (g_steal_pointer (&text), FALSE));
  return TRUE;
}
