#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* 1. A place is "latitude longitude altitude accuracy" (the last two may be missing), a line or a
 *    shape is places separated by `;`. All nodes and arguments are read as one list of places.
 * 2. The earth is a sphere of 6378100 m. Distances follow the spherical law of cosines.
 * 3. Areas lie on the plane that touches the sphere at the first place, with the longitude of each
 *    place scaled by the cosine of its latitude (mathworld.wolfram.com/PolygonArea.html).
 * 4. geofence() counts crossings (wrfranklin.org/Research/Short_Notes/pnpoly.html); a place on the
 *    edge may fall either way.
 * 5. distance() of what is no place is an error, and so is a line as one of several arguments;
 *    such text has no area and contains nothing. */

#define RADIUS 6378100.0
#define CIRCUMFERENCE (2 * RADIUS * G_PI)

typedef struct
{
  double latitude;
  double longitude;
} Place;

static gboolean
parse_place (const char *text, Place *place)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t\r\n", -1);
  double numbers[2];
  guint n = 0;

  for (char **part = parts; *part != NULL && n < 2; part++)
    if (**part != '\0' && !xpath_text_to_plain_number (*part, &numbers[n++]))
      return FALSE;
  if (n < 2 || fabs (numbers[0]) > 90 || fabs (numbers[1]) > 180)
    return FALSE;
  *place = (Place){ numbers[0], numbers[1] };
  return TRUE;
}

/* Appends the places of one text. FALSE, and none of them, when one is wrong. */
static gboolean
append_places (const char *text, GArray *places)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  guint before = places->len;

  for (char **part = parts; *part != NULL; part++)
    {
      Place place;

      if (xpath_text_is_blank (*part))
        continue;
      if (!parse_place (*part, &place))
        {
          g_array_set_size (places, before);
          return FALSE;
        }
      g_array_append_val (places, place);
    }
  return TRUE;
}

typedef struct
{
  GArray *places;
  gboolean one_each; /* a text may hold one place only */
  gboolean is_valid;
} Reading;

static gboolean
read_places (XPathEvaluator *self, XPathValue *value, gpointer data)
{
  Reading *reading = data;
  guint before = reading->places->len;

  reading->is_valid &= append_places (xpath_to_text (self, value), reading->places);
  reading->is_valid &= !reading->one_each || reading->places->len <= before + 1;
  return TRUE;
}

static double
radians (double degrees)
{
  return degrees * (G_PI / 180);
}

static double
distance_between (const Place *a, const Place *b)
{
  double cosine = sin (radians (a->latitude)) * sin (radians (b->latitude)) +
                  cos (radians (a->latitude)) * cos (radians (b->latitude)) * cos (radians (a->longitude - b->longitude));

  return acos (CLAMP (cosine, -1, 1)) * RADIUS;
}

gboolean
xpath_call_distance (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  Reading reading = { places, call->call.n > 1, TRUE };
  double distance = 0;

  if (!xpath_arguments_foreach (self, call, 0, focus, read_places, &reading))
    return FALSE;
  if (!reading.is_valid)
    return xpath_fail (self, call, "distance() needs places, \"latitude longitude\"");
  for (guint i = 1; i < places->len; i++)
    distance += distance_between (&g_array_index (places, Place, i - 1), &g_array_index (places, Place, i));
  xpath_value_set_number (result, distance);
  return TRUE;
}

gboolean
xpath_call_area (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  Reading reading = { places, FALSE, TRUE };
  double area = 0, x_before = 0, y_before = 0;

  if (!xpath_arguments_foreach (self, call, 0, focus, read_places, &reading))
    return FALSE;
  for (guint i = 1; i < places->len; i++)
    {
      const Place *first = &g_array_index (places, Place, 0), *place = &g_array_index (places, Place, i);
      double y = (place->latitude - first->latitude) * CIRCUMFERENCE / 360;
      double x = (place->longitude - first->longitude) * CIRCUMFERENCE * cos (radians (place->latitude)) / 360;

      if (i > 1)
        area += (y_before * x - x_before * y) / 2;
      x_before = x;
      y_before = y;
    }
  xpath_value_set_number (result, places->len < 3 ? 0 : fabs (area));
  return TRUE;
}

static gboolean
crosses (const Place *point, const Place *a, const Place *b)
{
  if ((a->latitude > point->latitude) == (b->latitude > point->latitude))
    return FALSE;
  return point->longitude < (b->longitude - a->longitude) * (point->latitude - a->latitude) / (b->latitude - a->latitude) + a->longitude;
}

gboolean
xpath_call_geofence (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) point_text = XPATH_VALUE_INIT;
  g_auto (XPathValue) shape_text = XPATH_VALUE_INIT;
  g_autoptr (GArray) shape = g_array_new (FALSE, FALSE, sizeof (Place));
  gboolean is_inside = FALSE;
  Place point;

  if (xpath_argument_text (self, call, 0, focus, &point_text) == NULL || xpath_argument_text (self, call, 1, focus, &shape_text) == NULL)
    return FALSE;
  append_places (shape_text.text, shape);
  if (parse_place (point_text.text, &point))
    for (guint i = 1; i < shape->len; i++)
      is_inside ^= crosses (&point, &g_array_index (shape, Place, i), &g_array_index (shape, Place, i - 1));
  xpath_value_set_boolean (result, is_inside);
  return TRUE;
}
