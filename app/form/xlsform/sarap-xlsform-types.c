#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* What each word of the `type` column becomes. The older spellings ("add text prompt", "q int")
 * stand in forms that are still in use. Kinds of selects are spelled in the second table, because
 * a list follows them. */

#define INPUT(type_name, data)                               \
  {                                                          \
    .name = type_name, .control = "input", .data_type = data \
  }
#define UPLOAD(type_name, media)                                                       \
  {                                                                                    \
    .name = type_name, .control = "upload", .data_type = "binary", .media_type = media \
  }
#define NOTE(type_name)                                                               \
  {                                                                                   \
    .name = type_name, .control = "input", .data_type = "string", .is_readonly = TRUE \
  }
#define TRIGGER(type_name)                                         \
  {                                                                \
    .name = type_name, .control = "trigger", .data_type = "string" \
  }
#define HIDDEN(type_name, data)          \
  {                                      \
    .name = type_name, .data_type = data \
  }
#define STAMP(type_name, param)                                                                 \
  {                                                                                             \
    .name = type_name, .data_type = "dateTime", .preload = "timestamp", .preload_params = param \
  }
#define TODAY(type_name)                                                                 \
  {                                                                                      \
    .name = type_name, .data_type = "date", .preload = "date", .preload_params = "today" \
  }
#define PROPERTY(type_name, param)                                                           \
  {                                                                                          \
    .name = type_name, .data_type = "string", .preload = "property", .preload_params = param \
  }
#define DAYS(type_name, limit)                                                                                                               \
  {                                                                                                                                          \
    .name = type_name, .control = "input", .data_type = "int", .constraint = "0 <= . and . <= " limit, .hint = "Enter a number 0-" limit "." \
  }

static const SarapXlsType types[] = {
  INPUT ("text", "string"),
  INPUT ("string", "string"),
  INPUT ("q string", "string"),
  INPUT ("add text prompt", "string"),
  INPUT ("integer", "int"),
  INPUT ("int", "int"),
  INPUT ("q int", "int"),
  INPUT ("add integer prompt", "int"),
  INPUT ("decimal", "decimal"),
  INPUT ("q decimal", "decimal"),
  INPUT ("add decimal prompt", "decimal"),
  INPUT ("date", "date"),
  INPUT ("q date", "date"),
  INPUT ("add date prompt", "date"),
  INPUT ("time", "time"),
  INPUT ("dateTime", "dateTime"),
  INPUT ("datetime", "dateTime"),
  INPUT ("date time", "dateTime"),
  INPUT ("q date time", "dateTime"),
  INPUT ("q dateTime", "dateTime"),
  INPUT ("add date time prompt", "dateTime"),
  INPUT ("add dateTime prompt", "dateTime"),
  INPUT ("geopoint", "geopoint"),
  INPUT ("gps", "geopoint"),
  INPUT ("location", "geopoint"),
  INPUT ("q location", "geopoint"),
  INPUT ("q geopoint", "geopoint"),
  INPUT ("add location prompt", "geopoint"),
  INPUT ("geotrace", "geotrace"),
  INPUT ("q geotrace", "geotrace"),
  INPUT ("geoshape", "geoshape"),
  INPUT ("q geoshape", "geoshape"),
  INPUT ("barcode", "barcode"),
  INPUT ("q barcode", "barcode"),
  INPUT ("add barcode prompt", "barcode"),
  INPUT ("select one external", "string"),
  NOTE ("note"),
  NOTE ("q note"),
  NOTE ("add note prompt"),
  TRIGGER ("acknowledge"),
  TRIGGER ("q acknowledge"),
  TRIGGER ("add acknowledge prompt"),
  { .name = "trigger", .control = "trigger" },
  UPLOAD ("photo", "image/*"),
  UPLOAD ("q picture", "image/*"),
  UPLOAD ("q image", "image/*"),
  UPLOAD ("audio", "audio/*"),
  UPLOAD ("q audio", "audio/*"),
  UPLOAD ("video", "video/*"),
  UPLOAD ("q video", "video/*"),
  UPLOAD ("file", "application/*"),
  UPLOAD ("osm", "osm/*"),
  { .name = "select one", .control = "select1", .data_type = "string" },
  { .name = "select all that apply", .control = "select", .data_type = "string" },
  { .name = "rank", .control = "odk:rank", .data_type = "odk:rank" },
  { .name = "range", .control = "range", .data_type = "int" },
  { .name = "percentage", .control = "input", .data_type = "int", .constraint = "0 <= . and . <= 100" },
  { .name = "phone number", .control = "input", .data_type = "string", .constraint = "regex(., '^\\d*$')", .hint = "Enter numbers only." },
  DAYS ("number of days in last month", "31"),
  DAYS ("number of days in last six months", "183"),
  DAYS ("number of days in last year", "365"),
  HIDDEN ("calculate", "string"),
  HIDDEN ("q calculate", "string"),
  HIDDEN ("add calculate prompt", "string"),
  HIDDEN ("hidden", "string"),
  HIDDEN ("audit", "binary"),
  HIDDEN ("background-audio", "binary"),
  HIDDEN ("start-geopoint", "geopoint"),
  HIDDEN ("background-geopoint", "geopoint"),
  { .name = "xml-external" },
  { .name = "csv-external" },
  STAMP ("start", "start"),
  STAMP ("start time", "start"),
  STAMP ("get start time", "start"),
  STAMP ("end", "end"),
  STAMP ("end time", "end"),
  STAMP ("get end time", "end"),
  TODAY ("today"),
  TODAY ("get today"),
  PROPERTY ("deviceid", "deviceid"),
  PROPERTY ("device id", "deviceid"),
  PROPERTY ("get device id", "deviceid"),
  PROPERTY ("uri:deviceid", "uri:deviceid"),
  PROPERTY ("phonenumber", "phonenumber"),
  PROPERTY ("get phone number", "phonenumber"),
  PROPERTY ("uri:phonenumber", "uri:phonenumber"),
  PROPERTY ("simserial", "simserial"),
  PROPERTY ("sim id", "simserial"),
  PROPERTY ("get sim id", "simserial"),
  PROPERTY ("uri:simserial", "uri:simserial"),
  PROPERTY ("subscriberid", "subscriberid"),
  PROPERTY ("subscriber id", "subscriberid"),
  PROPERTY ("get subscriber id", "subscriberid"),
  PROPERTY ("uri:subscriberid", "uri:subscriberid"),
  PROPERTY ("username", "username"),
  PROPERTY ("uri:username", "uri:username"),
  PROPERTY ("email", "email"),
  PROPERTY ("uri:email", "uri:email"),
};

static const struct
{
  const char *alias;
  const char *type;
} aliases[] = {
  { "imei", "deviceid" },
  { "image", "photo" },
  { "add image prompt", "photo" },
  { "add photo prompt", "photo" },
  { "add audio prompt", "audio" },
  { "add video prompt", "video" },
  { "add file prompt", "file" },
};

static const struct
{
  const char *words;
  const char *type;
  gboolean is_file;
} selects[] = {
  { "select_one", "select one", FALSE },
  { "select one", "select one", FALSE },
  { "select1", "select one", FALSE },
  { "select one from", "select one", FALSE },
  { "add select one prompt using", "select one", FALSE },
  { "select_multiple", "select all that apply", FALSE },
  { "select all that apply", "select all that apply", FALSE },
  { "select all that apply from", "select all that apply", FALSE },
  { "add select multiple prompt using", "select all that apply", FALSE },
  { "select_one_from_file", "select one", TRUE },
  { "select one from file", "select one", TRUE },
  { "select_multiple_from_file", "select all that apply", TRUE },
  { "select multiple from file", "select all that apply", TRUE },
  { "select_one_external", "select one external", FALSE },
  { "rank", "rank", FALSE },
};

static const struct
{
  const char *word;
  SarapXlsKind kind;
} controls[] = {
  { "group", SARAP_XLS_GROUP },
  { "lgroup", SARAP_XLS_REPEAT },
  { "repeat", SARAP_XLS_REPEAT },
  { "loop", SARAP_XLS_LOOP },
  { "looped group", SARAP_XLS_REPEAT },
};

/* NULL when no such type exists. Selects are found by their long name ("select one"). */
const SarapXlsType *
sarap_xls_find_type (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (aliases[i].alias, name) == 0)
      name = aliases[i].type;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, name) == 0)
      return &types[i];
  return NULL;
}

/* FALSE when @text (may be NULL) is neither. */
gboolean
sarap_xls_parse_yes_no (const char *text, gboolean *value)
{
  static const char *const yes[] = { "yes", "Yes", "YES", "true", "True", "TRUE", "true()", NULL };
  static const char *const no[] = { "no", "No", "NO", "false", "False", "FALSE", "false()", NULL };

  if (text == NULL || (!g_strv_contains (yes, text) && !g_strv_contains (no, text)))
    return FALSE;
  *value = g_strv_contains (yes, text);
  return TRUE;
}

static const char *
skip_word (const char *text, const char *word)
{
  return g_str_has_prefix (text, word) ? text + strlen (word) : NULL;
}

static gboolean
is_one_word (const char *text)
{
  return *text != '\0' && strpbrk (text, " \t\r\n") == NULL;
}

/* "begin_group", "end repeat", "begin loop over things"; @list is set for the last. */
gboolean
sarap_xls_parse_control (const char *type, gboolean *is_end, SarapXlsKind *kind, char **list)
{
  const char *rest = skip_word (type, "begin");

  *list = NULL;
  *is_end = rest == NULL;
  if (*is_end)
    rest = skip_word (type, "end");
  if (rest == NULL || (*rest != '_' && !g_ascii_isspace (*rest)))
    return FALSE;
  rest++;
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      const char *tail = skip_word (rest, controls[i].word);

      if (tail == NULL)
        continue;
      *kind = controls[i].kind;
      if (*tail == '\0')
        return TRUE;
      if (*tail != ' ' || *is_end)
        continue;
      tail++;
      if (skip_word (tail, "over ") != NULL)
        tail += strlen ("over ");
      if (!is_one_word (tail))
        continue;
      *list = g_strdup (tail);
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_list (const char *text, SarapXlsSelect *select)
{
  static const char *const others[] = { " or specify other", " or_other", " or other" };
  g_autofree char *list = g_strdup (text);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_suffix (list, others[i]))
      {
        list[strlen (list) - strlen (others[i])] = '\0';
        select->has_other = TRUE;
        break;
      }
  if (!is_one_word (list))
    {
      select->has_other = FALSE;
      return FALSE;
    }
  select->list = g_steal_pointer (&list);
  return TRUE;
}

/* "select_one LIST or_other". */
gboolean
sarap_xls_parse_select (const char *type, SarapXlsSelect *select)
{
  for (guint i = 0; i < G_N_ELEMENTS (selects); i++)
    {
      const char *rest = skip_word (type, selects[i].words);

      if (rest == NULL || *rest != ' ' || !parse_list (rest + 1, select))
        continue;
      select->type = selects[i].type;
      select->is_file = selects[i].is_file;
      return TRUE;
    }
  return FALSE;
}

void
sarap_xls_select_clear (SarapXlsSelect *select)
{
  g_clear_pointer (&select->list, g_free);
}

/* ".csv", ".xml" or ".geojson" when @list names such a file, else NULL. */
const char *
sarap_xls_get_extension (const char *list)
{
  static const char *const extensions[] = { ".csv", ".geojson", ".xml" };

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_str_has_suffix (list, extensions[i]) && strlen (list) > strlen (extensions[i]))
      return extensions[i];
  return NULL;
}
