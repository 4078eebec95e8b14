/* Functions on places, on a sphere of 6378100 m. A point is "latitude longitude [altitude accuracy]"
 * in degrees; a line or area is points between semicolons, or one point a node. */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

#define EARTH_RADIUS 6378100.0
#define RADIANS(degrees) ((degrees) *G_PI / 180)

typedef struct
{
  double latitude, longitude;
} Point;

static gboolean
read_point (const char *text, Point *point)
{
  char *end;

  while (g_ascii_isspace (*text))
    text++;
  point->latitude = g_ascii_strtod (text, &end);
  if (end == text || !g_ascii_isspace (*end))
    return FALSE;
  text = end;
  point->longitude = g_ascii_strtod (text, &end);
  return end != text && fabs (point->latitude) <= 90 && fabs (point->longitude) <= 180;
}

static gboolean
read_points (const char *text, GArray *points)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);

  for (char **part = parts; *part != NULL; part++)
    {
      Point point;

      if (*g_strstrip (*part) == '\0')
        continue;
      if (!read_point (*part, &point))
        return FALSE;
      g_array_append_val (points, point);
    }
  return TRUE;
}

/* One of several arguments is a single point. */
static gboolean
read_argument (const char *text, gboolean is_one_of_several, GArray *points)
{
  guint before = points->len;

  return read_points (text, points) && (!is_one_of_several || points->len <= before + 1);
}

/* Points of the arguments; FALSE in @valid when one cannot be read. */
static gboolean
eval_points (Eval *eval, Expr *const *arguments, guint n, GArray *points, gboolean *valid)
{
  *valid = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_auto (Value) value = VALUE_INIT;

      if (!sarap_xpath_eval (eval, arguments[i], &value))
        return FALSE;
      if (value.type != SARAP_XPATH_NODESET)
        {
          *valid &= read_argument (value_text (&value), n > 1, points);
          continue;
        }
      for (guint k = 0; k < value.n_nodes; k++)
        {
          g_autofree char *owned = NULL;

          *valid &= read_argument (sarap_xpath_node_text (value_nodes (&value)[k], &owned), n > 1, points);
        }
    }
  return TRUE;
}

static double
distance_between (const Point *a, const Point *b)
{
  double latitude_a = RADIANS (a->latitude), latitude_b = RADIANS (b->latitude);
  double cosine = sin (latitude_a) * sin (latitude_b) + cos (latitude_a) * cos (latitude_b) * cos (RADIANS (b->longitude - a->longitude));

  return EARTH_RADIUS * acos (CLAMP (cosine, -1, 1));
}

static gboolean
fn_distance (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (Point));
  double total = 0;
  gboolean valid;

  if (!eval_points (eval, call->arguments, call->n_arguments, points, &valid))
    return FALSE;
  if (!valid)
    return sarap_xpath_fail (eval, "distance() received a value that does not represent GPS coordinates");
  for (guint i = 1; i < points->len; i++)
    total += distance_between (&g_array_index (points, Point, i - 1), &g_array_index (points, Point, i));
  value_set_number (result, total);
  return TRUE;
}

/* Area of the ring on the sphere (Chamberlain and Duquette, JPL 07-03, formula 4). */
static double
area_of (const GArray *points)
{
  double total = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const Point *a = &g_array_index (points, Point, i), *b = &g_array_index (points, Point, (i + 1) % points->len);

      total += RADIANS (b->longitude - a->longitude) * (2 + sin (RADIANS (a->latitude)) + sin (RADIANS (b->latitude)));
    }
  return fabs (total * EARTH_RADIUS * EARTH_RADIUS / 2);
}

static gboolean
fn_area (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (Point));
  gboolean valid;

  if (!eval_points (eval, call->arguments, call->n_arguments, points, &valid))
    return FALSE;
  value_set_number (result, !valid ? NAN : points->len < 3 ? 0
                                                           : area_of (points));
  return TRUE;
}

static gboolean
is_inside (const Point *point, const GArray *ring)
{
  gboolean inside = FALSE;

  for (guint i = 0, j = ring->len - 1; i < ring->len; j = i++)
    {
      const Point *a = &g_array_index (ring, Point, i), *b = &g_array_index (ring, Point, j);

      if ((a->latitude > point->latitude) != (b->latitude > point->latitude) &&
          point->longitude < (b->longitude - a->longitude) * (point->latitude - a->latitude) / (b->latitude - a->latitude) + a->longitude)
        inside = !inside;
    }
  return inside;
}

static gboolean
fn_geofence (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (Point));
  g_autoptr (GArray) ring = g_array_new (FALSE, FALSE, sizeof (Point));
  gboolean valid, ring_valid;

  if (!eval_points (eval, call->arguments, 1, points, &valid) || !eval_points (eval, call->arguments + 1, 1, ring, &ring_valid))
    return FALSE;
  value_set_boolean (result, valid && ring_valid && points->len == 1 && ring->len > 2 && is_inside (&g_array_index (points, Point, 0), ring));
  return TRUE;
}

const Function sarap_xpath_geo_functions[] = {
  { "distance", 1, -1, fn_distance },
  { "area", 1, -1, fn_area },
  { "geofence", 2, 2, fn_geofence },
  { NULL },
};
