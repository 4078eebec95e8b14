#include "app/form/sarap-form-private.h"

#include <math.h>
#include <string.h>

/* Values as text, the way they are stored and sent.
 *
 *  1. int: 32 bits, no fraction, no leading zeros; decimal: digits and a point, no exponent.
 *  2. date yyyy-mm-dd; time hh:mm[:ss[.fff]][zone]; dateTime both with a T between.
 *  3. geopoint: latitude longitude [altitude [accuracy]], each with a point; traces and shapes
 *     are points with "; " between (shapes end where they begin).
 *  4. boolean: 1 and 0.
 *  5. Text that is no value of its type is cast before expressions see it: 2.5 is the int 2,
 *     anything else is blank (sarap_value_cast).
 *  6. What a calculation gives is cast: numbers to int by cutting the fraction, dates to
 *     dateTimes (midnight here) and back, NaN to blank.
 */

static gboolean
scan_digits (const char **at, guint n, int *value)
{
  *value = 0;
  for (guint i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *value = *value * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
scan_char (const char **at, char wanted)
{
  if (**at != wanted)
    return FALSE;
  (*at)++;
  return TRUE;
}

static gboolean
scan_date (const char **at)
{
  int year, month, day;

  return scan_digits (at, 4, &year) && scan_char (at, '-') && scan_digits (at, 2, &month) && scan_char (at, '-') && scan_digits (at, 2, &day) && year > 0 && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

static gboolean
scan_zone (const char **at)
{
  int hours, minutes = 0;

  if (scan_char (at, 'Z'))
    return TRUE;
  if (**at != '+' && **at != '-')
    return **at == '\0';
  (*at)++;
  if (!scan_digits (at, 2, &hours) || hours > 14)
    return FALSE;
  if (**at == '\0')
    return TRUE;
  scan_char (at, ':');
  return scan_digits (at, 2, &minutes) && minutes < 60;
}

static gboolean
scan_time (const char **at)
{
  int hours, minutes, seconds = 0;

  if (!scan_digits (at, 2, &hours) || !scan_char (at, ':') || !scan_digits (at, 2, &minutes) || hours > 23 || minutes > 59)
    return FALSE;
  if (scan_char (at, ':') && (!scan_digits (at, 2, &seconds) || seconds > 59))
    return FALSE;
  if (scan_char (at, '.'))
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      while (g_ascii_isdigit (**at))
        (*at)++;
    }
  return scan_zone (at);
}

static gboolean
is_integer (const char *text)
{
  char *end = NULL;
  gint64 value = g_ascii_strtoll (text, &end, 10);

  return *end == '\0' && end != text && !g_ascii_isspace (*text) && value >= G_MININT32 && value <= G_MAXINT32;
}

static gboolean
is_decimal (const char *text)
{
  gboolean has_digit = FALSE;
  gboolean has_point = FALSE;

  if (*text == '-' || *text == '+')
    text++;
  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      has_digit = TRUE;
    else if (*text == '.' && !has_point)
      has_point = TRUE;
    else
      return FALSE;
  return has_digit;
}

static gboolean
is_point (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t", -1);
  double numbers[4] = { 0 };
  guint n = 0;

  for (char **part = parts; *part != NULL; part++)
    {
      if (**part == '\0')
        continue;
      if (n == G_N_ELEMENTS (numbers) || !is_decimal (*part))
        return FALSE;
      numbers[n++] = g_ascii_strtod (*part, NULL);
    }
  return n >= 2 && fabs (numbers[0]) <= 90 && fabs (numbers[1]) <= 180 && numbers[3] >= 0;
}

static gboolean
are_points (const char *text, guint least)
{
  g_auto (GStrv) points = g_strsplit (text, ";", -1);
  guint n = 0;

  for (char **point = points; *point != NULL; point++)
    {
      g_strstrip (*point);
      if (**point == '\0' && point[1] == NULL)
        break;
      if (!is_point (*point))
        return FALSE;
      n++;
    }
  return n >= least;
}

/* Whether @text, not blank, is a value of @type. */
gboolean
sarap_value_is_valid (SarapDataType type, const char *text)
{
  switch (type)
    {
    case SARAP_DATA_INT:
      return is_integer (text);
    case SARAP_DATA_DECIMAL:
      return is_decimal (text);
    case SARAP_DATA_DATE:
      return scan_date (&text) && *text == '\0';
    case SARAP_DATA_TIME:
      return scan_time (&text) && *text == '\0';
    case SARAP_DATA_DATE_TIME:
      return scan_date (&text) && (*text == '\0' || (scan_char (&text, 'T') && scan_time (&text) && *text == '\0'));
    case SARAP_DATA_GEOPOINT:
      return is_point (text);
    case SARAP_DATA_GEOTRACE:
      return are_points (text, 2);
    case SARAP_DATA_GEOSHAPE:
      return are_points (text, 3);
    case SARAP_DATA_TEXT:
    case SARAP_DATA_BOOLEAN:
    case SARAP_DATA_BINARY:
    case SARAP_DATA_BARCODE:
    default:
      return TRUE;
    }
}

static void
append_coordinate (GString *text, const char *number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  double value = g_ascii_strtod (number, NULL);

  for (int precision = 15; precision <= 17; precision++)
    {
      g_ascii_formatd (digits, sizeof digits, precision == 15 ? "%.15g" : precision == 16 ? "%.16g"
                                                                                          : "%.17g",
                       value);
      if (g_ascii_strtod (digits, NULL) == value)
        break;
    }
  g_string_append (text, digits);
  if (strpbrk (digits, ".e") == NULL)
    g_string_append (text, ".0");
}

/* Returns: (transfer full): @text when it is no list of points */
static char *
compose_points (const char *text, gboolean is_list)
{
  g_auto (GStrv) points = g_strsplit (text, ";", -1);
  GString *composed;

  if (!are_points (text, 1) || (!is_list && !is_point (text)))
    return g_strdup (text);
  composed = g_string_new (NULL);
  for (char **point = points; *point != NULL; point++)
    {
      g_auto (GStrv) numbers = g_strsplit_set (g_strstrip (*point), " \t", -1);

      if (**point != '\0' && composed->len > 0)
        g_string_append (composed, ";");
      for (char **number = numbers; *number != NULL; number++)
        if (**number != '\0')
          {
            g_string_append (composed, composed->len > 0 ? " " : "");
            append_coordinate (composed, *number);
          }
    }
  return g_string_free (composed, FALSE);
}

static char *
compose_boolean (const char *text)
{
  if (strcmp (text, "true") == 0)
    return g_strdup ("1");
  return g_strdup (strcmp (text, "false") == 0 ? "0" : text);
}

/* What is stored for @text, which is UTF-8, as people typed it: letters are composed, as they are
 * in the submission, so that a draft reads the same when it is opened again. Returns: (transfer full) */
char *
sarap_value_canonicalize (SarapDataType type, const char *text)
{
  char *composed = g_str_is_ascii (text) ? g_strdup (text) : g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  g_autofree char *trimmed = NULL;

  if (type == SARAP_DATA_TEXT)
    return composed;
  trimmed = g_strstrip (composed);
  if (type == SARAP_DATA_GEOPOINT || type == SARAP_DATA_GEOTRACE || type == SARAP_DATA_GEOSHAPE)
    return compose_points (trimmed, type != SARAP_DATA_GEOPOINT);
  if (type == SARAP_DATA_BOOLEAN)
    return compose_boolean (trimmed);
  if (type == SARAP_DATA_INT && is_integer (trimmed))
    {
      gint64 value = g_ascii_strtoll (trimmed, NULL, 10);

      return g_strdup_printf ("%" G_GINT64_FORMAT, value);
    }
  return g_steal_pointer (&trimmed);
}

/* The value of @type that @text comes nearest to: an int loses its fraction, a date its
 * time, a line or an area may lack points; what is no value at all is blank. Returns: (transfer full) */
char *
sarap_value_cast (SarapDataType type, const char *text)
{
  g_autofree char *whole = NULL;

  if (*text == '\0' || sarap_value_is_valid (type, text))
    return g_strdup (text);
  if ((type == SARAP_DATA_GEOTRACE || type == SARAP_DATA_GEOSHAPE) && are_points (text, 1))
    return g_strdup (text);
  if (type == SARAP_DATA_DATE && sarap_value_is_valid (SARAP_DATA_DATE_TIME, text))
    return g_strndup (text, strlen ("yyyy-mm-dd"));
  if (type != SARAP_DATA_INT || !is_decimal (text))
    return g_strdup ("");
  whole = g_strdup_printf ("%.0f", trunc (g_ascii_strtod (text, NULL)) + 0.0);
  return g_strdup (is_integer (whole) ? whole : "");
}

static char *
integer_from (const SarapXPathValue *value)
{
  double number = sarap_xpath_value_to_number (value);

  if (isfinite (number))
    return sarap_xpath_format_number (trunc (number));
  return value->type == SARAP_XPATH_NUMBER ? g_strdup ("") : sarap_xpath_value_to_string (value);
}

/* 16000 or "16000" is a date as well as "2013-10-22". */
static char *
date_from (char *text)
{
  const char *end = text;
  char *dot = NULL;
  GDate date;

  if (!is_decimal (text))
    {
      if (scan_date (&end) && *end == 'T')
        text[end - text] = '\0';
      return text;
    }
  dot = strchr (text, '.');
  if (dot != NULL || fabs (g_ascii_strtod (text, NULL)) > 700000)
    return text;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (g_ascii_strtoll (text, NULL, 10) + 719163));
  g_free (text);
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

/* A day is its midnight in @zone. */
static char *
date_time_from (char *text, GTimeZone *zone)
{
  g_autofree char *date = text;
  g_autofree char *iso = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) midnight = NULL;
  const char *end = date;

  if (!scan_date (&end) || *end != '\0')
    return g_steal_pointer (&date);
  midnight = g_date_time_new_from_iso8601 (iso, zone);
  return midnight ? g_date_time_format (midnight, "%Y-%m-%dT%H:%M:%S.000%:z") : g_steal_pointer (&date);
}

/* The result of a calculation as a value of @type. @zone is where the interview takes place.
 * Returns: (transfer full), "" when blank */
char *
sarap_value_from_xpath (SarapDataType type, const SarapXPathValue *value, GTimeZone *zone)
{
  g_autofree char *text = NULL;

  if (value->type == SARAP_XPATH_NUMBER && isnan (value->number))
    return g_strdup ("");
  if (type == SARAP_DATA_INT)
    return integer_from (value);
  if (type == SARAP_DATA_DATE)
    return date_from (sarap_xpath_value_to_string (value));
  if (type == SARAP_DATA_DATE_TIME)
    return date_time_from (sarap_xpath_value_to_string (value), zone);
  if (value->type == SARAP_XPATH_NUMBER || type == SARAP_DATA_TEXT || type == SARAP_DATA_DECIMAL)
    return sarap_xpath_value_to_string (value);
  text = sarap_xpath_value_to_string (value);
  return sarap_value_canonicalize (type, text);
}
