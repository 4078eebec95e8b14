/* Rules of the simulation:
 *  1. Every answer goes through sarap_interview_answer; an answer that violates a constraint is
 *     drawn again, at most 20 times, then the run fails: the profile must be mended.
 *  2. Pages are visited in order and made anew after each page, so relevance leads the way.
 *  3. The same seed, profile and form give the same answers.
 */
#include "app/cli/sarap-simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/base/sarap-csv.h"

#define MAX_DRAWS 20
#define METRES_PER_DEGREE 111195.0

struct _SarapSimulation
{
  JsonObject *profile;
  SarapClock *clock;
  GRand *rand;
  SarapInterview *interview; /* the one being filled, borrowed */
  GHashTable *tables;        /* media name → SarapCsv of the form */
};

SarapSimulation *
sarap_simulation_new (JsonObject *profile, SarapClock *clock, guint32 seed)
{
  SarapSimulation *self = g_new0 (SarapSimulation, 1);

  self->profile = json_object_ref (profile);
  self->clock = g_object_ref (clock);
  self->rand = g_rand_new_with_seed (seed);
  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sarap_csv_free);
  return self;
}

void
sarap_simulation_free (SarapSimulation *self)
{
  json_object_unref (self->profile);
  g_object_unref (self->clock);
  g_rand_free (self->rand);
  g_hash_table_unref (self->tables);
  g_free (self);
}

static JsonObject *
peek_object (JsonObject *object, const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
peek_array (JsonObject *object, const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* A number between the two of the array @member, or of @low and @high where it is absent. */
static double
draw_between (SarapSimulation *self, JsonObject *object, const char *member, double low, double high)
{
  JsonArray *array = peek_array (object, member);

  if (array != NULL && json_array_get_length (array) == 2)
    {
      low = json_array_get_double_element (array, 0);
      high = json_array_get_double_element (array, 1);
    }
  return low < high ? g_rand_double_range (self->rand, low, high) : low;
}

static int
draw_whole (SarapSimulation *self, JsonObject *object, const char *member, int low, int high)
{
  JsonArray *array = peek_array (object, member);

  if (array != NULL && json_array_get_length (array) == 2)
    {
      low = json_array_get_int_element (array, 0);
      high = json_array_get_int_element (array, 1);
    }
  return low < high ? g_rand_int_range (self->rand, low, high + 1) : low;
}

/* The ref of the question @name that is nearest to @ref: in the same repeat instance if there is one. */
static char *
find_near (SarapSimulation *self, const char *ref, const char *name)
{
  const SarapElement *element = sarap_form_find_question (sarap_interview_get_form (self->interview), name);
  const char *slash = strrchr (ref, '/');
  g_autofree char *beside = slash ? g_strdup_printf ("%.*s/%s", (int) (slash - ref), ref, name) : NULL;

  if (beside != NULL && sarap_interview_get_element (self->interview, beside) != NULL)
    return g_steal_pointer (&beside);
  return element ? g_strdup (sarap_element_get_path (element)) : NULL;
}

static SarapCsv *
peek_table (SarapSimulation *self, const char *name)
{
  SarapCsv *table = g_hash_table_lookup (self->tables, name);
  g_autoptr (GBytes) bytes = NULL;

  if (table != NULL)
    return table;
  bytes = sarap_form_dup_media (sarap_interview_get_form (self->interview), name);
  table = bytes ? sarap_csv_parse (bytes, name, NULL) : NULL;
  if (table != NULL)
    g_hash_table_insert (self->tables, g_strdup (name), table);
  return table;
}

static double
weight_of (JsonObject *weights, const char *value)
{
  if (weights == NULL)
    return 1;
  return json_object_has_member (weights, value) ? json_object_get_double_member (weights, value) : 0;
}

/* Index of a choice drawn by weight among those not yet @taken; -1 when none is left. */
static int
draw_choice (SarapSimulation *self, GPtrArray *choices, JsonObject *weights, const gboolean *taken)
{
  double total = 0, mark;

  for (guint i = 0; i < choices->len; i++)
    if (!taken[i])
      total += weight_of (weights, ((SarapChoice *) choices->pdata[i])->value);
  if (total <= 0)
    return -1;
  mark = g_rand_double (self->rand) * total;
  for (guint i = 0; i < choices->len; i++)
    {
      double weight = taken[i] ? 0 : weight_of (weights, ((SarapChoice *) choices->pdata[i])->value);

      if (weight > 0 && mark < weight)
        return i;
      mark -= weight;
    }
  return -1;
}

static char *
draw_selection (SarapSimulation *self, const char *ref, JsonObject *rule, gboolean multiple)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (self->interview, ref);
  g_autofree gboolean *taken = g_new0 (gboolean, choices->len + 1);
  JsonObject *weights = rule && json_object_has_member (rule, "weights") ? peek_object (rule, "weights") : rule;
  int wanted = multiple ? draw_whole (self, rule, "count", 1, 2) : 1;
  g_autoptr (GString) answer = g_string_new (NULL);

  for (int n = 0; n < wanted; n++)
    {
      int drawn = draw_choice (self, choices, weights, taken);

      if (drawn < 0 && n == 0 && weights != NULL)
        drawn = draw_choice (self, choices, NULL, taken);
      if (drawn < 0)
        break;
      taken[drawn] = TRUE;
      if (answer->len > 0)
        g_string_append_c (answer, ' ');
      g_string_append (answer, ((SarapChoice *) choices->pdata[drawn])->value);
    }
  return g_string_free (g_steal_pointer (&answer), FALSE);
}

static char *
format_time (int minutes)
{
  minutes = ((minutes % 1440) + 1440) % 1440;
  return g_strdup_printf ("%02d:%02d:00.000+06:00", minutes / 60, minutes % 60);
}

static char *
draw_time (SarapSimulation *self, const char *ref, JsonObject *rule)
{
  g_autoptr (GDateTime) now = sarap_clock_new_local_time (self->clock);
  int minutes = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now);

  if (rule != NULL && json_object_has_member (rule, "after"))
    {
      g_autofree char *other = find_near (self, ref, json_object_get_string_member (rule, "after"));
      const char *value = other ? sarap_interview_peek_value (self->interview, other) : "";
      int hour, minute;

      if (sscanf (value, "%d:%d", &hour, &minute) == 2)
        return format_time (hour * 60 + minute + draw_whole (self, rule, "minutes", 1, 10));
    }
  return format_time (minutes);
}

static char *
draw_point (SarapSimulation *self, const char *ref, JsonObject *rule)
{
  const char *table_name = rule ? json_object_get_string_member_with_default (rule, "near", NULL) : NULL;
  SarapCsv *table = table_name ? peek_table (self, table_name) : NULL;
  g_autofree char *key = table ? find_near (self, ref, json_object_get_string_member (rule, "key")) : NULL;
  double latitude = 51.13, longitude = 71.43;
  double metres = rule ? json_object_get_double_member_with_default (rule, "metres", 100) : 100;
  char text[3][G_ASCII_DTOSTR_BUF_SIZE];

  if (key != NULL)
    for (guint row = 0; row < sarap_csv_get_n_rows (table); row++)
      if (g_strcmp0 (sarap_csv_peek (table, row, "name"), sarap_interview_peek_value (self->interview, key)) == 0)
        {
          latitude = g_ascii_strtod (sarap_csv_peek (table, row, "lat"), NULL);
          longitude = g_ascii_strtod (sarap_csv_peek (table, row, "lon"), NULL);
        }
  latitude += g_rand_double_range (self->rand, -metres, metres) / METRES_PER_DEGREE;
  longitude += g_rand_double_range (self->rand, -metres, metres) / METRES_PER_DEGREE / cos (latitude * G_PI / 180);
  g_ascii_formatd (text[0], sizeof text[0], "%.6f", latitude);
  g_ascii_formatd (text[1], sizeof text[1], "%.6f", longitude);
  g_ascii_formatd (text[2], sizeof text[2], "%.1f", g_rand_double_range (self->rand, 4, 18));
  return g_strdup_printf ("%s %s 0 %s", text[0], text[1], text[2]);
}

static char *
draw_text (SarapSimulation *self, JsonObject *rule)
{
  JsonArray *texts = peek_array (rule, "texts");

  if (texts == NULL || json_array_get_length (texts) == 0)
    return g_strdup ("Бақылау кезінде анықталды");
  return g_strdup (json_array_get_string_element (texts, g_rand_int_range (self->rand, 0, json_array_get_length (texts))));
}

static char *
draw_number (SarapSimulation *self, const SarapElement *element, JsonObject *rule, gboolean whole)
{
  const char *start = sarap_element_get_parameter (element, "start");
  const char *end = sarap_element_get_parameter (element, "end");
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (whole)
    return g_strdup_printf ("%d", draw_whole (self, rule, "range", start ? atoi (start) : 1, end ? atoi (end) : 9));
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.2f", draw_between (self, rule, "range", 0, 100)));
}

static char *
draw_date (SarapSimulation *self, gboolean with_time)
{
  g_autoptr (GDateTime) now = sarap_clock_new_local_time (self->clock);

  return g_date_time_format (now, with_time ? "%Y-%m-%dT%H:%M:%S.000%:z" : "%Y-%m-%d");
}

/* An answer for @ref by the rule of its name, or NULL where a person would give none. */
static char *
draw_answer (SarapSimulation *self, const char *ref, const SarapElement *element)
{
  JsonObject *rule = peek_object (peek_object (self->profile, "answers"), sarap_element_get_name (element));

  switch (sarap_element_get_question_kind (element))
    {
    case SARAP_QUESTION_SELECT_ONE:
      return draw_selection (self, ref, rule, FALSE);
    case SARAP_QUESTION_SELECT_MULTIPLE:
    case SARAP_QUESTION_RANK:
      return draw_selection (self, ref, rule, TRUE);
    case SARAP_QUESTION_INTEGER:
    case SARAP_QUESTION_RANGE:
      return draw_number (self, element, rule, TRUE);
    case SARAP_QUESTION_DECIMAL:
      return draw_number (self, element, rule, FALSE);
    case SARAP_QUESTION_TIME:
      return draw_time (self, ref, rule);
    case SARAP_QUESTION_DATE:
      return draw_date (self, FALSE);
    case SARAP_QUESTION_DATE_TIME:
      return draw_date (self, TRUE);
    case SARAP_QUESTION_GEOPOINT:
      return draw_point (self, ref, rule);
    case SARAP_QUESTION_TRIGGER:
      return g_strdup ("OK");
    case SARAP_QUESTION_TEXT:
    case SARAP_QUESTION_BARCODE:
      return draw_text (self, rule);
    case SARAP_QUESTION_NOTE:
    case SARAP_QUESTION_IMAGE:
    case SARAP_QUESTION_AUDIO:
    case SARAP_QUESTION_VIDEO:
    case SARAP_QUESTION_FILE:
    case SARAP_QUESTION_GEOTRACE:
    case SARAP_QUESTION_GEOSHAPE:
    default:
      return NULL;
    }
}

static gboolean
answer_question (SarapSimulation *self, const char *ref, GError **error)
{
  const SarapElement *element = sarap_interview_get_element (self->interview, ref);
  double skip = json_object_get_double_member_with_default (self->profile, "skip", 0.2);

  if (*sarap_interview_peek_value (self->interview, ref) != '\0' || sarap_interview_is_readonly (self->interview, ref))
    return TRUE;
  if (!sarap_interview_is_required (self->interview, ref) && g_rand_double (self->rand) < skip)
    return TRUE;
  for (int i = 0; i < MAX_DRAWS; i++)
    {
      g_autofree char *value = draw_answer (self, ref, element);
      GError *failure = NULL;

      if (value == NULL)
        return TRUE;
      if (sarap_interview_answer (self->interview, ref, value, &failure) == SARAP_ANSWER_OK && failure == NULL)
        return TRUE;
      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
    }
  if (!sarap_interview_is_required (self->interview, ref))
    return sarap_interview_answer (self->interview, ref, NULL, error) != SARAP_ANSWER_CONSTRAINT_VIOLATED;
  g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID,
               "%s: the profile gives no answer that its constraint accepts", ref);
  return FALSE;
}

/* One instance of the repeat for each item that failed, as an auditor would note it. */
static gboolean
note_failed_items (SarapSimulation *self, const char *path, JsonObject *rule, GError **error)
{
  SarapCsv *table = peek_table (self, json_object_get_string_member (rule, "table"));
  double share = json_object_get_double_member_with_default (rule, "share", 1);

  for (guint row = 0; table != NULL && row < sarap_csv_get_n_rows (table); row++)
    {
      const SarapElement *item = sarap_form_find_question (sarap_interview_get_form (self->interview), sarap_csv_peek (table, row, "item"));
      const char *value = item ? sarap_interview_peek_value (self->interview, sarap_element_get_path (item)) : "";
      g_autofree char *instance = NULL, *type = NULL, *severity = NULL;

      if (*value == '\0' || g_str_equal (value, "na") || g_strcmp0 (value, sarap_csv_peek (table, row, "good")) == 0 ||
          !sarap_interview_is_relevant (self->interview, sarap_element_get_path (item)) || g_rand_double (self->rand) > share)
        continue;
      instance = sarap_interview_add_instance (self->interview, path, error);
      if (instance == NULL)
        return FALSE;
      type = g_strdup_printf ("%s/%s", instance, json_object_get_string_member (rule, "type"));
      severity = g_strdup_printf ("%s/%s", instance, json_object_get_string_member (rule, "severity"));
      if (sarap_interview_answer (self->interview, type, sarap_csv_peek (table, row, "violation"), error) != SARAP_ANSWER_OK ||
          sarap_interview_answer (self->interview, severity, sarap_csv_peek (table, row, "severity"), error) != SARAP_ANSWER_OK)
        return FALSE;
    }
  return TRUE;
}

/* The empty first instance that a form offers is not noted when nothing failed. */
static gboolean
fill_repeat (SarapSimulation *self, const SarapPage *page, GHashTable *done, GError **error)
{
  JsonObject *rule = peek_object (self->profile, "failed-items");
  const char *name = strrchr (page->path, '/') + 1;

  if (rule == NULL || !g_str_equal (name, json_object_get_string_member_with_default (rule, "repeat", "")) ||
      !g_hash_table_add (done, g_strdup (page->path)))
    return TRUE;
  return note_failed_items (self, page->path, rule, error);
}

static gboolean
drop_first_instance (SarapSimulation *self, GPtrArray *pages, GHashTable *done, GError **error)
{
  JsonObject *rule = peek_object (self->profile, "failed-items");
  const char *repeat = rule ? json_object_get_string_member_with_default (rule, "repeat", "") : "";

  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = pages->pdata[i];

      if (page->kind == SARAP_PAGE_REPEAT && g_str_equal (strrchr (page->path, '/') + 1, repeat) &&
          !g_hash_table_contains (done, page->path) && sarap_interview_get_n_instances (self->interview, page->path) > 0)
        {
          g_autofree char *first = g_strconcat (page->path, "[1]", NULL);

          return sarap_interview_remove_instance (self->interview, first, error);
        }
    }
  return TRUE;
}

static gboolean
fill_pages (SarapSimulation *self, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) pages = sarap_pages_new (self->interview);

  if (!drop_first_instance (self, pages, done, error))
    return FALSE;
  for (;;)
    {
      const SarapPage *page = NULL;

      g_ptr_array_unref (pages);
      pages = sarap_pages_new (self->interview);
      for (guint i = 0; i < pages->len && page == NULL; i++)
        if (!g_hash_table_contains (seen, ((SarapPage *) pages->pdata[i])->key))
          page = pages->pdata[i];
      if (page == NULL || page->kind == SARAP_PAGE_REVIEW)
        return TRUE;
      g_hash_table_add (seen, g_strdup (page->key));
      sarap_clock_advance (self->clock, 1000 * draw_whole (self, self->profile, "seconds-per-page", 4, 25));
      for (char **ref = page->refs; ref != NULL && *ref != NULL; ref++)
        if (!answer_question (self, *ref, error))
          return FALSE;
      if (page->kind == SARAP_PAGE_REPEAT && !fill_repeat (self, page, done, error))
        return FALSE;
    }
}

static void
draw_moment (SarapSimulation *self)
{
  g_autoptr (GDateTime) from = g_date_time_new_from_iso8601 (json_object_get_string_member_with_default (self->profile, "from", ""), NULL);
  g_autoptr (GDateTime) to = g_date_time_new_from_iso8601 (json_object_get_string_member_with_default (self->profile, "to", ""), NULL);
  g_autoptr (GDateTime) day = NULL, moment = NULL;
  gint64 days;

  if (from == NULL || to == NULL)
    return;
  days = g_date_time_difference (to, from) / G_TIME_SPAN_DAY;
  day = g_date_time_add_days (from, days > 0 ? g_rand_int_range (self->rand, 0, days + 1) : 0);
  moment = g_date_time_new (sarap_clock_get_zone (self->clock), g_date_time_get_year (day), g_date_time_get_month (day),
                            g_date_time_get_day_of_month (day), draw_whole (self, self->profile, "hours", 9, 17),
                            g_rand_int_range (self->rand, 0, 60), g_rand_int_range (self->rand, 0, 60));
  if (moment != NULL)
    sarap_clock_set_now (self->clock, g_date_time_to_unix (moment) * 1000);
}

char *
sarap_simulation_fill (SarapSimulation *self, SarapStore *store, SarapForm *form, const char *owner, GError **error)
{
  SarapInterviewSettings settings = { .device_id = "demonstration", .username = owner, .seed = g_rand_int (self->rand) | 1 };
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;

  draw_moment (self);
  interview = sarap_interview_new (form, self->clock, &settings, error);
  if (interview == NULL)
    return NULL;
  g_hash_table_remove_all (self->tables);
  recorder = sarap_recorder_new (store, interview, owner, error);
  if (recorder == NULL)
    return NULL;
  self->interview = interview;
  if (!fill_pages (self, error) || !sarap_recorder_flush (recorder, error) || !sarap_recorder_finalize (recorder, error))
    return NULL;
  self->interview = NULL;
  return g_strdup (sarap_interview_get_instance_id (interview));
}
