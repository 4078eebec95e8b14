#include "app/form/xlsform/sarap-xlsform-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 1. "key=value key=value", parted by blanks, commas or semicolons; blanks may stand around the
 *    sign. Keys are known in any case; most values too, but not names and paths.
 * 2. A key that the type does not have, or a value that the type cannot use, is an error. A type
 *    without any parameters ignores them, with a warning.
 * 3. Where a value goes: an attribute of the bind (what is stored) or of the control (how it is
 *    asked). */

static void
fail (SarapXlsForm *self, guint row, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
fail (SarapXlsForm *self, guint row, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sarap_xls_error (self, "survey", row, "parameters", "%s", message);
}

static gboolean
keeps_case (const char *key)
{
  static const char *const keys[] = { "value", "label", "seed", "app", "reference-geometry", "tick_labelset", NULL };

  return g_strv_contains (keys, key);
}

#define DELIMITERS " \t\r\n,;"

/* The next word or "=", or NULL at the end. @at moves behind it. Returns: (transfer full) */
static char *
next_token (const char **at)
{
  const char *start = *at + strspn (*at, DELIMITERS);
  gsize length = *start == '=' ? 1 : strcspn (start, DELIMITERS "=");

  *at = start + length;
  return length ? g_strndup (start, length) : NULL;
}

/* @text may be NULL. Returns: (transfer full) a map, empty after an error */
SarapXlsValue *
sarap_xls_parse_parameters (SarapXlsForm *self, guint row, const char *text)
{
  SarapXlsValue *parameters = sarap_xls_map_new ();
  const char *at = text ? text : "";

  while (TRUE)
    {
      g_autofree char *word = next_token (&at);
      g_autofree char *sign = word ? next_token (&at) : NULL;
      g_autofree char *value = sign ? next_token (&at) : NULL;
      g_autofree char *key = NULL;
      g_autofree char *lower = NULL;

      if (word == NULL)
        return parameters;
      if (*word == '=' || g_strcmp0 (sign, "=") != 0 || value == NULL || *value == '=')
        {
          fail (self, row, "near '%s': parameters are written as key=value key=value", word);
          return parameters;
        }
      key = g_utf8_strdown (word, -1);
      lower = g_utf8_strdown (value, -1);
      sarap_xls_map_set (parameters, key, keeps_case (key) ? value : lower);
    }
}

static gboolean
accepts (SarapXlsForm *self, guint row, const SarapXlsValue *parameters, const char *const *keys)
{
  gboolean is_good = TRUE;

  for (guint i = 0; i < sarap_xls_map_get_length (parameters); i++)
    {
      const char *key = sarap_xls_map_peek_entry (parameters, i)->key;
      g_autofree char *known = NULL;

      if (g_strv_contains (keys, key))
        continue;
      known = g_strjoinv (", ", (char **) keys);
      fail (self, row, "this type has no parameter '%s'; it has: %s", key, known);
      is_good = FALSE;
    }
  return is_good;
}

static gboolean
is_number (const char *text, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value) && strpbrk (text, "xX") == NULL;
}

static gboolean
is_integer (const char *text, gint64 *value)
{
  char *end;

  errno = 0;
  *value = g_ascii_strtoll (text, &end, 10);
  return end != text && *end == '\0' && errno == 0;
}

static void
set (SarapXlsElement *element, const char *map, const char *key, const char *value)
{
  sarap_xls_map_set (sarap_xls_map_ensure (element->values, map), key, value);
}

static void
take_integer (SarapXlsForm *self, SarapXlsElement *element, const SarapXlsValue *parameters, const char *key, const char *map, const char *attribute)
{
  const char *value = sarap_xls_map_peek_text (parameters, key);
  gint64 number;

  if (value == NULL)
    return;
  if (is_integer (value, &number))
    set (element, map, attribute, value);
  else
    fail (self, element->row, "%s must be a whole number, not '%s'", key, value);
}

static void
take_number (SarapXlsForm *self, SarapXlsElement *element, const SarapXlsValue *parameters, const char *key, const char *attribute)
{
  const char *value = sarap_xls_map_peek_text (parameters, key);
  double number;

  if (value == NULL)
    return;
  if (is_number (value, &number))
    set (element, "control", attribute, value);
  else
    fail (self, element->row, "%s must be a number, not '%s'", key, value);
}

/* @allowed: NULL-terminated. Returns: the value, or NULL when it is not there or not allowed */
static const char *
get_choice (SarapXlsForm *self, guint row, const SarapXlsValue *parameters, const char *key, const char *const *allowed)
{
  const char *value = sarap_xls_map_peek_text (parameters, key);
  g_autofree char *known = NULL;

  if (value == NULL || g_strv_contains (allowed, value))
    return value;
  known = g_strjoinv (", ", (char **) allowed);
  fail (self, row, "%s must be one of: %s; not '%s'", key, known, value);
  return NULL;
}

static void
take_choice (SarapXlsForm *self, SarapXlsElement *element, const SarapXlsValue *parameters, const char *key, const char *const *allowed)
{
  const char *value = get_choice (self, element->row, parameters, key, allowed);
  g_autofree char *attribute = g_strconcat ("odk:", key, NULL);

  if (value != NULL)
    set (element, "bind", attribute, value);
}

static const char *const booleans[] = { "true", "false", NULL };

static void
apply_text (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "rows", NULL };

  if (accepts (self, element->row, parameters, keys))
    take_integer (self, element, parameters, "rows", "control", "rows");
}

static gboolean
is_package_name (const char *text)
{
  return g_regex_match_simple ("^[a-zA-Z][a-zA-Z0-9_]*(\\.[a-zA-Z][a-zA-Z0-9_]*)+$", text, 0, 0);
}

static void
apply_photo (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "max-pixels", "app", NULL };
  const char *app = sarap_xls_map_peek_text (parameters, "app");
  const char *appearance = sarap_xls_map_peek_text2 (element->values, "control", "appearance");

  if (!accepts (self, element->row, parameters, keys))
    return;
  take_integer (self, element, parameters, "max-pixels", "bind", "orx:max-pixels");
  if (sarap_xls_map_peek (parameters, "max-pixels") == NULL)
    sarap_xls_warn (self, "survey", element->row, "parameters", "without max-pixels photos keep their full size and are slow to send");
  if (app == NULL || (appearance != NULL && strcmp (appearance, "annotate") != 0))
    return;
  if (!is_package_name (app))
    fail (self, element->row, "app must be the name of a package like com.example.camera, not '%s'", app);
  else
    {
      sarap_xls_warn (self, "survey", element->row, "parameters", "app names an Android camera; here the device's own camera is used");
      set (element, "control", "intent", app);
    }
}

static void
apply_audio (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "quality", NULL };
  static const char *const qualities[] = { "voice-only", "low", "normal", "external", NULL };

  if (accepts (self, element->row, parameters, keys))
    take_choice (self, element, parameters, "quality", qualities);
}

static void
apply_background_audio (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "quality", NULL };
  static const char *const qualities[] = { "voice-only", "low", "normal", NULL };

  if (accepts (self, element->row, parameters, keys))
    sarap_xls_element_add_action (element, "odk:recordaudio", "odk-instance-load", NULL, get_choice (self, element->row, parameters, "quality", qualities));
}

static void
apply_geometry (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const point[] = { "allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy", NULL };
  static const char *const line[] = { "allow-mock-accuracy", "incremental", "reference-geometry", NULL };
  gboolean is_point = strcmp (element->type->data_type, "geopoint") == 0;
  const char *incremental = sarap_xls_map_peek_text (parameters, "incremental");
  gboolean is_incremental = FALSE;

  if (!accepts (self, element->row, parameters, is_point ? point : line))
    return;
  take_number (self, element, parameters, "capture-accuracy", "accuracyThreshold");
  take_number (self, element, parameters, "warning-accuracy", "unacceptableAccuracyThreshold");
  take_choice (self, element, parameters, "allow-mock-accuracy", booleans);
  sarap_xls_parse_yes_no (incremental, &is_incremental);
  if (is_incremental)
    set (element, "control", "incremental", "true");
  else if (incremental != NULL)
    fail (self, element->row, "incremental can only be true");
  element->itemset = g_strdup (sarap_xls_map_peek_text (parameters, "reference-geometry"));
}

static void
apply_audit_location (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const priorities[] = { "no-power", "low-power", "balanced", "high-accuracy", NULL };
  const char *priority = sarap_xls_map_peek_text (parameters, "location-priority");
  const char *interval = sarap_xls_map_peek_text (parameters, "location-min-interval");
  const char *age = sarap_xls_map_peek_text (parameters, "location-max-age");
  gint64 seconds, oldest;

  if (priority == NULL && interval == NULL && age == NULL)
    return;
  if (priority == NULL || interval == NULL || age == NULL)
    fail (self, element->row, "location-priority, location-min-interval and location-max-age go together; add the missing ones");
  else if (!is_integer (interval, &seconds) || !is_integer (age, &oldest) || seconds < 0 || oldest < 0)
    fail (self, element->row, "location-min-interval and location-max-age must be whole numbers of seconds, 0 or more");
  else if (oldest < seconds)
    fail (self, element->row, "location-max-age must not be less than location-min-interval");
  else if (get_choice (self, element->row, parameters, "location-priority", priorities) != NULL)
    {
      set (element, "bind", "odk:location-max-age", age);
      set (element, "bind", "odk:location-min-interval", interval);
      set (element, "bind", "odk:location-priority", priority);
    }
}

static void
apply_audit (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "identify-user", "location-max-age", "location-min-interval", "location-priority", "track-changes", "track-changes-reasons", NULL };
  static const char *const reasons[] = { "on-form-edit", NULL };

  if (!accepts (self, element->row, parameters, keys))
    return;
  take_choice (self, element, parameters, "track-changes", booleans);
  take_choice (self, element, parameters, "track-changes-reasons", reasons);
  take_choice (self, element, parameters, "identify-user", booleans);
  apply_audit_location (self, element, parameters);
}

typedef struct
{
  double start, end, step, interval, placeholder;
  gboolean has_interval, has_placeholder;
} Scale;

static gboolean
is_multiple (double value, double step)
{
  double n = value / step;

  return fabs (n - round (n)) < 1e-9 * MAX (1, fabs (n));
}

static gboolean
read_scale (SarapXlsForm *self, const SarapXlsElement *element, const SarapXlsValue *parameters, Scale *scale)
{
  const struct
  {
    const char *key;
    double *value;
  } fields[] = { { "start", &scale->start }, { "end", &scale->end }, { "step", &scale->step }, { "tick_interval", &scale->interval }, { "placeholder", &scale->placeholder } };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = sarap_xls_map_peek_text (parameters, fields[i].key);

      if (value == NULL || is_number (value, fields[i].value))
        continue;
      fail (self, element->row, "%s must be a number, not '%s'", fields[i].key, value);
      return FALSE;
    }
  scale->has_interval = sarap_xls_map_peek (parameters, "tick_interval") != NULL;
  scale->has_placeholder = sarap_xls_map_peek (parameters, "placeholder") != NULL;
  return TRUE;
}

static gboolean
check_step (SarapXlsForm *self, guint row, const char *key, double value, double width)
{
  if (value == 0)
    fail (self, row, "%s must not be 0", key);
  else if (value > width)
    fail (self, row, "%s is larger than the whole range", key);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_scale (SarapXlsForm *self, const SarapXlsElement *element, const Scale *scale)
{
  double width = fabs (scale->end - scale->start);

  if (!check_step (self, element->row, "step", scale->step, width))
    return FALSE;
  if (scale->has_interval && !check_step (self, element->row, "tick_interval", scale->interval, width))
    return FALSE;
  if (scale->has_interval && !is_multiple (scale->interval, scale->step))
    fail (self, element->row, "tick_interval must be a multiple of step");
  else if (scale->has_placeholder && !is_multiple (scale->placeholder - scale->start, scale->step))
    fail (self, element->row, "placeholder must be start plus a multiple of step");
  else if (scale->has_placeholder && (scale->placeholder < MIN (scale->start, scale->end) || scale->placeholder > MAX (scale->start, scale->end)))
    fail (self, element->row, "placeholder must lie between start and end");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_tick_label (SarapXlsForm *self, const SarapXlsElement *element, const Scale *scale, const SarapXlsChoice *choice)
{
  double value;

  if (!is_number (choice->name, &value))
    fail (self, element->row, "the choices of tick_labelset must be numbers; '%s' is none", choice->name);
  else if (value < MIN (scale->start, scale->end) || value > MAX (scale->start, scale->end))
    fail (self, element->row, "the choice '%s' of tick_labelset lies outside the range", choice->name);
  else if (!is_multiple (value - scale->start, scale->has_interval ? scale->interval : scale->step))
    fail (self, element->row, "the choice '%s' of tick_labelset is not start plus a multiple of %s", choice->name, scale->has_interval ? "tick_interval" : "step");
  else
    return TRUE;
  return FALSE;
}

static void
check_tick_labels (SarapXlsForm *self, SarapXlsElement *element, const Scale *scale, const char *name, gboolean has_no_ticks)
{
  SarapXlsList *list = sarap_xls_find_list (self, name);
  guint n_ends = 0;

  if (list == NULL)
    {
      fail (self, element->row, "tick_labelset names the list '%s', which is not in the sheet choices", name);
      return;
    }
  for (guint i = 0; i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);
      double value = g_ascii_strtod (choice->name, NULL);

      if (!check_tick_label (self, element, scale, choice))
        return;
      n_ends += value == scale->start || value == scale->end;
    }
  if (has_no_ticks && (n_ends != 2 || list->choices->len != 2))
    {
      fail (self, element->row, "with the appearance no-ticks, tick_labelset must have choices for start and end only");
      return;
    }
  list->is_used = TRUE;
  element->itemset = g_strdup (name);
}

static void
move_parameter (SarapXlsValue *parameters, const char *key, const char *attribute)
{
  g_autofree char *value = g_strdup (sarap_xls_map_peek_text (parameters, key));

  if (value == NULL)
    return;
  sarap_xls_map_remove (parameters, key);
  sarap_xls_map_set (parameters, attribute, value);
}

static gboolean
is_fraction (double value)
{
  return value != trunc (value);
}

static void
write_scale (SarapXlsElement *element, SarapXlsValue *parameters, const Scale *scale)
{
  move_parameter (parameters, "tick_interval", "odk:tick-interval");
  move_parameter (parameters, "placeholder", "odk:placeholder");
  sarap_xls_map_remove (parameters, "tick_labelset");
  for (guint i = 0; i < sarap_xls_map_get_length (parameters); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (parameters, i);

      set (element, "control", entry->key, entry->value->text);
    }
  if (is_fraction (scale->start) || is_fraction (scale->end) || is_fraction (scale->step) || is_fraction (scale->interval) || is_fraction (scale->placeholder))
    set (element, "bind", "type", "decimal");
}

static void
apply_range (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "end", "placeholder", "start", "step", "tick_interval", "tick_labelset", NULL };
  static const char *const defaults[][2] = { { "start", "1" }, { "end", "10" }, { "step", "1" } };
  const char *appearance = sarap_xls_map_peek_text2 (element->values, "control", "appearance");
  g_auto (GStrv) words = g_strsplit (appearance ? appearance : "", " ", -1);
  gboolean has_no_ticks = g_strv_contains ((const char *const *) words, "no-ticks");
  gboolean has_ticks = sarap_xls_map_peek (parameters, "tick_interval") || sarap_xls_map_peek (parameters, "placeholder") || sarap_xls_map_peek (parameters, "tick_labelset");
  Scale scale = { 0 };

  if (!accepts (self, element->row, parameters, keys))
    return;
  if (has_ticks && appearance != NULL && !has_no_ticks && !g_strv_contains ((const char *const *) words, "vertical"))
    {
      fail (self, element->row, "tick_interval, placeholder and tick_labelset need a slider: no appearance, vertical or no-ticks");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (sarap_xls_map_peek (parameters, defaults[i][0]) == NULL)
      sarap_xls_map_set (parameters, defaults[i][0], defaults[i][1]);
  if (!read_scale (self, element, parameters, &scale) || !check_scale (self, element, &scale))
    return;
  if (sarap_xls_map_peek (parameters, "tick_labelset") != NULL)
    check_tick_labels (self, element, &scale, sarap_xls_map_peek_text (parameters, "tick_labelset"), has_no_ticks);
  write_scale (element, parameters, &scale);
}

/* @type is the word of the standard table; selects have their own function. */
void
sarap_xls_apply_parameters (SarapXlsForm *self, SarapXlsElement *element, const char *type, SarapXlsValue *parameters)
{
  static const struct
  {
    const char *type;
    void (*apply) (SarapXlsForm *self, SarapXlsElement *element, SarapXlsValue *parameters);
  } appliers[] = {
    { "text", apply_text },
    { "photo", apply_photo },
    { "audio", apply_audio },
    { "background-audio", apply_background_audio },
    { "geopoint", apply_geometry },
    { "geotrace", apply_geometry },
    { "geoshape", apply_geometry },
    { "range", apply_range },
    { "audit", apply_audit },
  };

  for (guint i = 0; i < G_N_ELEMENTS (appliers); i++)
    if (strcmp (appliers[i].type, type) == 0)
      {
        appliers[i].apply (self, element, parameters);
        return;
      }
  if (sarap_xls_map_get_length (parameters) > 0)
    sarap_xls_warn (self, "survey", element->row, "parameters", "the type %s has no parameters; they are left out", type);
}

static void
check_reference_name (SarapXlsForm *self, guint row, const SarapXlsValue *parameters, const char *key)
{
  const char *value = sarap_xls_map_peek_text (parameters, key);

  if (value != NULL && !sarap_xls_is_name (value))
    fail (self, row, "%s must be the name of a column: a letter or '_', then letters, digits, '-', '_' or '.'; not '%s'", key, value);
}

/* Leaves randomize, seed, value and label in the element's values, for the body. */
void
sarap_xls_apply_select_parameters (SarapXlsForm *self, SarapXlsElement *element, const SarapXlsSelect *select, SarapXlsValue *parameters)
{
  static const char *const keys[] = { "randomize", "seed", NULL };
  static const char *const file_keys[] = { "label", "randomize", "seed", "value", NULL };
  const char *seed = sarap_xls_map_peek_text (parameters, "seed");
  double number;

  if (!accepts (self, element->row, parameters, select->is_file ? file_keys : keys))
    return;
  get_choice (self, element->row, parameters, "randomize", booleans);
  if (seed != NULL && sarap_xls_map_peek (parameters, "randomize") == NULL)
    fail (self, element->row, "a seed needs randomize=true");
  else if (seed != NULL && !sarap_xls_is_reference (seed) && !is_number (seed, &number))
    fail (self, element->row, "seed must be a number or one ${question}, not '%s'", seed);
  check_reference_name (self, element->row, parameters, "value");
  check_reference_name (self, element->row, parameters, "label");
  sarap_xls_map_take (element->values, "parameters", sarap_xls_value_copy (parameters));
}

static gboolean
is_repeat_reference (SarapXlsForm *self, const char *text)
{
  g_autofree char *name = NULL;
  const SarapXlsElement *element;

  if (!sarap_xls_is_reference (text))
    return FALSE;
  name = g_strndup (text + 2, strlen (text) - 3);
  element = sarap_xls_find_element (self, name);
  return element != NULL && element->kind == SARAP_XLS_REPEAT;
}

static void
check_geometry_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  SarapXlsList *list;

  if (element->kind != SARAP_XLS_QUESTION || element->itemset == NULL || element->type->data_type == NULL || !g_str_has_prefix (element->type->data_type, "geo"))
    return;
  list = sarap_xls_find_list (self, element->itemset);
  if (list != NULL)
    list->is_used = TRUE;
  if (list == NULL && !g_hash_table_contains (data, element->itemset) && !sarap_xls_has_entity (self, element->itemset) && !is_repeat_reference (self, element->itemset))
    fail (self, element->row, "reference-geometry must name a list of choices, an external file of this form, an entity list or a ${repeat}, not '%s'", element->itemset);
}

/* Once the whole tree and all names are known. */
void
sarap_xls_check_geometry_references (SarapXlsForm *self)
{
  g_autoptr (GHashTable) files = sarap_xls_collect_files (self);

  sarap_xls_visit (self, self->root, check_geometry_cb, files);
}
