#include "ui/form/sarap-range-scale.h"

#include <math.h>
#include <string.h>

#define MAX_STEPS 10000
#define MAX_DIGITS 9

static double
read_number (const SarapElement *element, const char *name, double otherwise, int *digits)
{
  const char *text = sarap_element_get_parameter (element, name);
  const char *point = text != NULL ? strchr (text, '.') : NULL;
  double number = text != NULL ? g_ascii_strtod (text, NULL) : otherwise;

  if (!isfinite (number))
    return otherwise;
  if (point != NULL)
    *digits = MIN (MAX_DIGITS, MAX (*digits, (int) strlen (point + 1)));
  return number;
}

/* What the form leaves out or says wrongly becomes 1 to 10 by 1, as elsewhere in ODK. */
SarapRangeScale
sarap_range_scale_new (const SarapElement *element)
{
  SarapRangeScale scale = { 0 };

  scale.start = read_number (element, "start", 1, &scale.digits);
  scale.end = read_number (element, "end", 10, &scale.digits);
  scale.step = fabs (read_number (element, "step", 1, &scale.digits));
  if (scale.step <= 0 || fabs (scale.end - scale.start) / scale.step > MAX_STEPS)
    scale.step = MAX (1, fabs (scale.end - scale.start) / MAX_STEPS);
  return scale;
}

guint
sarap_range_scale_get_n_steps (const SarapRangeScale *scale)
{
  return (guint) floor (fabs (scale->end - scale->start) / scale->step + 1e-9);
}

/* @value moved to the nearest step, as stored text. */
char *
sarap_range_scale_format (const SarapRangeScale *scale, double value)
{
  double direction = scale->end < scale->start ? -1 : 1;
  double n = CLAMP (round ((value - scale->start) * direction / scale->step), 0, sarap_range_scale_get_n_steps (scale));
  char format[8];
  char text[64];

  g_snprintf (format, sizeof format, "%%.%df", scale->digits);
  return g_strdup (g_ascii_formatd (text, sizeof text, format, scale->start + direction * n * scale->step));
}
