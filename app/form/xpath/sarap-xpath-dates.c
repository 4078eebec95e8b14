/* Dates and times:
 *
 *  1. A whole date is its local day: days since 1970-01-01, an integer. A moment is in UTC days.
 *  2. Text that looks like a date but names no day ("2012-13-45") is an error; blank stays blank.
 *  3. Formats: %Y %y %m %n %b %d %e %a %W, with a time %H %h %M %S %3; %n %e %h are unpadded; any
 *     other letter is an error. Names are in the form's language.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

#define EPOCH_JULIAN 719163
#define DAY_US ((double) G_TIME_SPAN_DAY)

static gboolean
read_digits (const char **at, int n, int *number)
{
  *number = 0;
  for (int i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }
  return TRUE;
}

/* hh:mm[:ss[.fff]][Z|±hh[:mm]]; @seconds of the day as written; @offset in seconds when given. */
static gboolean
read_time (const char **at, double *seconds, gboolean *has_offset, int *offset)
{
  int hour, minute, second = 0, part;
  double fraction = 0;
  const char *start = *at;

  if (!read_digits (at, 2, &hour) || **at != ':')
    {
      *at = start;
      return FALSE;
    }
  (*at)++;
  if (!read_digits (at, 2, &minute))
    return FALSE;
  if (**at == ':')
    {
      (*at)++;
      if (!read_digits (at, 2, &second))
        return FALSE;
      if (**at == '.')
        {
          double unit = 0.1;

          for ((*at)++; g_ascii_isdigit (**at); (*at)++, unit /= 10)
            fraction += (**at - '0') * unit;
        }
    }
  *has_offset = **at == 'Z' || **at == 'z' || **at == '+' || **at == '-';
  *offset = 0;
  if (**at == 'Z' || **at == 'z')
    (*at)++;
  else if (*has_offset)
    {
      int sign = *(*at)++ == '-' ? -1 : 1;

      if (!read_digits (at, 2, &part))
        return FALSE;
      *offset = part * 3600;
      if (**at == ':')
        (*at)++;
      if (g_ascii_isdigit (**at) && read_digits (at, 2, &part))
        *offset += part * 60;
      *offset *= sign;
    }
  *seconds = hour * 3600 + minute * 60 + second + fraction;
  return hour < 25 && minute < 60 && second < 61;
}

static int
offset_of_local (GTimeZone *zone, gint64 local_seconds)
{
  int interval = zone ? g_time_zone_find_interval (zone, G_TIME_TYPE_STANDARD, local_seconds) : -1;

  return interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0;
}

static int
offset_of_universal (GTimeZone *zone, gint64 seconds)
{
  int interval = zone ? g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds) : -1;

  return interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0;
}

/* @zone NULL: UTC for moments without an offset. */
gboolean
sarap_xpath_parse_date (const char *text, GTimeZone *zone, double *days, gboolean *has_time, gboolean *invalid)
{
  const char *at = text;
  int year, month, day, offset;
  double seconds;
  gboolean has_offset;
  GDate date;

  *has_time = *invalid = FALSE;
  if (!read_digits (&at, 4, &year) || *at++ != '-')
    return FALSE;
  month = strtol (at, (char **) &at, 10);
  if (*at++ != '-')
    return FALSE;
  day = strtol (at, (char **) &at, 10);
  *invalid = month < 1 || month > 12 || day < 1 || day > 31 || !g_date_valid_dmy (day, month, year);
  if (*invalid)
    return TRUE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  *days = (double) g_date_get_julian (&date) - EPOCH_JULIAN;
  if (*at == '\0')
    return TRUE;
  if (*at != 'T' && *at != ' ')
    return FALSE;
  at++;
  if (!read_time (&at, &seconds, &has_offset, &offset) || *at != '\0')
    return FALSE;
  *has_time = TRUE;
  if (!has_offset)
    offset = offset_of_local (zone, (gint64) (*days * 86400 + seconds));
  *days += (seconds - offset) / 86400;
  return TRUE;
}

static GDateTime *
new_moment (double days, GTimeZone *zone)
{
  gint64 microseconds = llround (days * DAY_US / 1000) * 1000;
  gint64 seconds = microseconds / G_USEC_PER_SEC;
  g_autoptr (GDateTime) whole = NULL, exact = NULL;

  if (microseconds < 0 && microseconds % G_USEC_PER_SEC != 0)
    seconds--;
  whole = g_date_time_new_from_unix_utc (seconds);
  exact = whole ? g_date_time_add (whole, microseconds - seconds * G_USEC_PER_SEC) : NULL;
  return exact ? g_date_time_to_timezone (exact, zone) : NULL;
}

/* "2012-07-24T14:05:00.000+06:00" */
char *
sarap_xpath_format_moment (double days, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = new_moment (days, zone);
  g_autofree char *clock = time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : NULL;
  int offset;

  if (time == NULL)
    return g_strdup ("");
  offset = g_date_time_get_utc_offset (time) / G_TIME_SPAN_MINUTE;
  return g_strdup_printf ("%s.%03d%c%02d:%02d", clock, g_date_time_get_microsecond (time) / 1000, offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);
}

char *
sarap_xpath_format_day (double days)
{
  GDate date;

  g_date_clear (&date, 1);
  if (days < 1 - EPOCH_JULIAN || days > 2932896)
    return g_strdup ("");
  g_date_set_julian (&date, (guint32) ((gint64) days + EPOCH_JULIAN));
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

SarapClock *
sarap_xpath_clock (Eval *eval)
{
  SarapClock *clock = sarap_xpath_host (eval)->clock;

  if (clock == NULL)
    sarap_xpath_fail (eval, "no clock for dates and times");
  return clock;
}

typedef struct
{
  gboolean is_blank;
  gboolean has_time;
  double days; /* rule 1 */
} Moment;

static gboolean
moment_of_text (Eval *eval, GTimeZone *zone, const char *text, Moment *moment)
{
  gboolean invalid;
  double number;

  if (*text == '\0')
    {
      moment->is_blank = TRUE;
      return TRUE;
    }
  if (sarap_xpath_parse_date (text, zone, &moment->days, &moment->has_time, &invalid))
    return invalid ? sarap_xpath_fail (eval, "“%s” is no day of the calendar", text) : TRUE;
  number = sarap_xpath_text_to_number (text);
  if (isnan (number))
    return sarap_xpath_fail (eval, "“%s” is no date", text);
  moment->days = number;
  moment->has_time = number != floor (number);
  return TRUE;
}

/* The argument as a moment: dates, ISO text, or days as a number. */
static gboolean
eval_moment (Eval *eval, const Expr *expr, GTimeZone *zone, Moment *moment)
{
  g_auto (Value) value = VALUE_INIT;

  *moment = (Moment){ 0 };
  if (!sarap_xpath_eval (eval, expr, &value))
    return FALSE;
  if (value.type == SARAP_XPATH_NUMBER || value.type == SARAP_XPATH_BOOLEAN)
    {
      moment->days = value_number (&value);
      moment->is_blank = isnan (moment->days);
      moment->has_time = moment->days != floor (moment->days);
      return !isinf (moment->days) || sarap_xpath_fail (eval, "an infinite number is no date");
    }
  return moment_of_text (eval, zone, value_text (&value), moment);
}

/* The local day of a moment. */
static double
local_day (const Moment *moment, GTimeZone *zone)
{
  if (!moment->has_time)
    return moment->days;
  return floor (moment->days + offset_of_universal (zone, (gint64) floor (moment->days * 86400)) / 86400.0);
}

/* The instant in UTC days: of a whole date, its local midnight. */
static double
instant_of (const Moment *moment, GTimeZone *zone)
{
  return moment->has_time ? moment->days : moment->days - offset_of_local (zone, (gint64) (moment->days * 86400)) / 86400.0;
}

static gboolean
fn_date (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  Moment moment;
  double day;

  if (clock == NULL || !eval_moment (eval, call->arguments[0], sarap_clock_get_zone (clock), &moment))
    return FALSE;
  if (moment.is_blank)
    {
      value_set_text (result, "");
      return TRUE;
    }
  day = local_day (&moment, sarap_clock_get_zone (clock));
  value_take_date (result, day, sarap_xpath_format_day (day));
  return TRUE;
}

static gboolean
fn_date_time (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  Moment moment;
  double instant;

  if (clock == NULL || !eval_moment (eval, call->arguments[0], sarap_clock_get_zone (clock), &moment))
    return FALSE;
  if (moment.is_blank)
    {
      value_set_text (result, "");
      return TRUE;
    }
  instant = instant_of (&moment, sarap_clock_get_zone (clock));
  value_take_date (result, instant, sarap_xpath_format_moment (instant, sarap_clock_get_zone (clock)));
  return TRUE;
}

static gboolean
fn_decimal_date_time (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  Moment moment;

  if (clock == NULL || !eval_moment (eval, call->arguments[0], sarap_clock_get_zone (clock), &moment))
    return FALSE;
  value_set_number (result, moment.is_blank ? NAN : instant_of (&moment, sarap_clock_get_zone (clock)));
  return TRUE;
}

/* Share of the local day, of a time or of the time of a moment. */
static gboolean
fn_decimal_time (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  g_auto (Value) value = VALUE_INIT;
  const char *text, *at;
  double seconds, days = NAN;
  gboolean has_offset, has_time, invalid;
  int offset;

  if (clock == NULL || !sarap_xpath_eval_text (eval, call->arguments[0], &value, &text))
    return FALSE;
  at = text;
  if (read_time (&at, &seconds, &has_offset, &offset) && *at == '\0')
    {
      if (has_offset)
        seconds += offset_of_universal (sarap_clock_get_zone (clock), sarap_clock_get_now (clock) / 1000) - offset;
      days = seconds / 86400;
      days -= floor (days);
    }
  else if (sarap_xpath_parse_date (text, sarap_clock_get_zone (clock), &days, &has_time, &invalid) && !invalid)
    {
      if (has_time)
        days += offset_of_universal (sarap_clock_get_zone (clock), (gint64) floor (days * 86400)) / 86400.0;
      days -= floor (days);
    }
  else
    days = NAN;
  value_set_number (result, days);
  return TRUE;
}

static gboolean
fn_now (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  double days;

  if (clock == NULL)
    return FALSE;
  days = sarap_clock_get_now (clock) / 86400000.0;
  value_take_date (result, days, sarap_xpath_format_moment (days, sarap_clock_get_zone (clock)));
  return TRUE;
}

static gboolean
fn_today (Eval *eval, const Expr *call, Value *result)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  Moment now = { FALSE, TRUE, 0 };
  double day;

  if (clock == NULL)
    return FALSE;
  now.days = sarap_clock_get_now (clock) / 86400000.0;
  day = local_day (&now, sarap_clock_get_zone (clock));
  value_take_date (result, day, sarap_xpath_format_day (day));
  return TRUE;
}

typedef struct
{
  const char *code;
  const char *months[12];
  const char *days[7]; /* Sunday first */
} Names;

static const Names names[] = {
  { "en", { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }, { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" } },
  { "ru", { "янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек." }, { "вс", "пн", "вт", "ср", "чт", "пт", "сб" } },
  { "kk", { "қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел." }, { "жс", "дс", "сс", "ср", "бс", "жм", "сб" } },
  { "fr", { "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc." }, { "dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam." } },
  { "es", { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic" }, { "dom", "lun", "mar", "mié", "jue", "vie", "sáb" } },
};

/* By code: "kk", "Kazakh (kk)", "kk-KZ"; English for any other. */
static const Names *
find_names (const char *language)
{
  const char *open = language ? strrchr (language, '(') : NULL;
  const char *code = open ? open + 1 : language;

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strncasecmp (code, names[i].code, 2) == 0 && !g_ascii_isalpha (code[2]))
      return &names[i];
  return &names[0];
}

static gboolean
append_letter (Eval *eval, char letter, GDateTime *time, gboolean with_time, GString *out)
{
  const Names *language = find_names (sarap_xpath_host (eval)->language);

  if (!with_time && strchr ("HhMS3", letter) != NULL)
    return sarap_xpath_fail (eval, "format-date() has no %%%c: use format-date-time()", letter);
  switch (letter)
    {
    case 'Y':
      g_string_append_printf (out, "%04d", g_date_time_get_year (time));
      return TRUE;
    case 'y':
      g_string_append_printf (out, "%02d", g_date_time_get_year (time) % 100);
      return TRUE;
    case 'm':
      g_string_append_printf (out, "%02d", g_date_time_get_month (time));
      return TRUE;
    case 'n':
      g_string_append_printf (out, "%d", g_date_time_get_month (time));
      return TRUE;
    case 'b':
      g_string_append (out, language->months[g_date_time_get_month (time) - 1]);
      return TRUE;
    case 'd':
      g_string_append_printf (out, "%02d", g_date_time_get_day_of_month (time));
      return TRUE;
    case 'e':
      g_string_append_printf (out, "%d", g_date_time_get_day_of_month (time));
      return TRUE;
    case 'a':
      g_string_append (out, language->days[g_date_time_get_day_of_week (time) % 7]);
      return TRUE;
    case 'W':
      g_string_append_printf (out, "%02d", g_date_time_get_week_of_year (time));
      return TRUE;
    case 'H':
      g_string_append_printf (out, "%02d", g_date_time_get_hour (time));
      return TRUE;
    case 'h':
      g_string_append_printf (out, "%d", g_date_time_get_hour (time));
      return TRUE;
    case 'M':
      g_string_append_printf (out, "%02d", g_date_time_get_minute (time));
      return TRUE;
    case 'S':
      g_string_append_printf (out, "%02d", g_date_time_get_second (time));
      return TRUE;
    case '3':
      g_string_append_printf (out, "%03d", g_date_time_get_microsecond (time) / 1000);
      return TRUE;
    default:
      return sarap_xpath_fail (eval, "unknown letter %%%c in a date format", letter);
    }
}

static gboolean
format (Eval *eval, const Expr *call, Value *result, gboolean with_time)
{
  SarapClock *clock = sarap_xpath_clock (eval);
  g_auto (Value) pattern = VALUE_INIT;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GDateTime) time = NULL;
  const char *at;
  Moment moment;

  if (clock == NULL || !eval_moment (eval, call->arguments[0], sarap_clock_get_zone (clock), &moment) ||
      !sarap_xpath_eval_text (eval, call->arguments[1], &pattern, &at))
    return FALSE;
  if (moment.is_blank)
    {
      value_set_text (result, "");
      return TRUE;
    }
  time = new_moment (instant_of (&moment, sarap_clock_get_zone (clock)), sarap_clock_get_zone (clock));
  if (time == NULL)
    return sarap_xpath_fail (eval, "the date is out of range");
  for (; *at != '\0'; at++)
    {
      if (*at != '%')
        g_string_append_c (out, *at);
      else if (*++at == '%')
        g_string_append_c (out, '%');
      else if (*at == '\0')
        return sarap_xpath_fail (eval, "a date format ends in %%");
      else if (!append_letter (eval, *at, time, with_time, out))
        return FALSE;
    }
  value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

static gboolean
fn_format_date (Eval *eval, const Expr *call, Value *result)
{
  return format (eval, call, result, FALSE);
}

static gboolean
fn_format_date_time (Eval *eval, const Expr *call, Value *result)
{
  return format (eval, call, result, TRUE);
}

const Function sarap_xpath_date_functions[] = {
  { "date", 1, 1, fn_date },
  { "date-time", 1, 1, fn_date_time },
  { "decimal-date-time", 1, 1, fn_decimal_date_time },
  { "decimal-time", 1, 1, fn_decimal_time },
  { "format-date", 2, 2, fn_format_date },
  { "format-date-time", 2, 2, fn_format_date_time },
  { "now", 0, 0, fn_now, FUNCTION_IMPURE },
  { "today", 0, 0, fn_today, FUNCTION_IMPURE },
  { NULL },
};
