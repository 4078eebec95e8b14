#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* 1. `${name}` is a path to the one element of that name; `${last-saved#name}` is the same path in
 *    the last saved submission. It must be well formed wherever it stands, and its name unique.
 * 2. Source and target under a common repeat: the path is relative, from the source up to their
 *    lowest common ancestor and down; else absolute. It has a blank on either side.
 * 3. In a predicate on another instance the relative path starts at current().
 * 4. indexed-repeat(arg, repeat, index, …): its first argument and the repeats name all instances,
 *    so they stay absolute; the indexes are relative as usual.
 * 5. `select_one ${question}` lists the answers of a repeat: its path goes up to the repeat's
 *    parent, so that a predicate can stand on the repeat.
 * 6. In labels, references and instance('…')/… paths become <output/>. */

#define NAME_START "A-Za-z_\\x{c0}-\\x{d6}\\x{d8}-\\x{f6}\\x{f8}-\\x{2ff}\\x{370}-\\x{37d}\\x{37f}-\\x{1fff}\\x{200c}-\\x{200d}\\x{2070}-\\x{218f}\\x{2c00}-\\x{2fef}\\x{3001}-\\x{d7ff}\\x{f900}-\\x{fdcf}\\x{fdf0}-\\x{fffd}\\x{10000}-\\x{effff}"
#define NAME "[" NAME_START "][" NAME_START "\\-.0-9\\x{b7}\\x{300}-\\x{36f}\\x{203f}-\\x{2040}]*+"
#define FULL_NAME NAME "(?::" NAME ")?"
#define LAST_SAVED "last-saved#"

static gboolean
matches (const char *pattern, GRegex **cache, const char *text)
{
  if (g_once_init_enter (cache))
    g_once_init_leave (cache, g_regex_new (pattern, G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, NULL));
  return g_regex_match (*cache, text, 0, NULL);
}

/* A name that XML and XPath take, with or without prefix. */
gboolean
sarap_xls_is_name (const char *text)
{
  static GRegex *regex;

  return matches ("^" FULL_NAME "$", &regex, text);
}

static gboolean
is_plain_name (const char *text)
{
  static GRegex *regex;

  return matches ("^" NAME "$", &regex, text);
}

typedef struct
{
  const char *start;
  const char *end;
  char *name;
  gboolean is_last_saved;
} Reference;

static void
reference_clear (Reference *reference)
{
  g_clear_pointer (&reference->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reference, reference_clear)

typedef enum
{
  REFERENCE_NONE,
  REFERENCE_FOUND,
  REFERENCE_BROKEN,
} ReferenceResult;

/* The next reference at or after @from. "${}" is plain text. */
static ReferenceResult
next_reference (const char *from, Reference *reference)
{
  for (const char *open = strstr (from, "${"); open != NULL; open = strstr (open + 2, "${"))
    {
      const char *close = strchr (open, '}');
      g_autofree char *inside = NULL;
      const char *name;

      if (close == open + 2)
        continue;
      reference->start = open;
      reference->end = close ? close + 1 : open + strlen (open);
      inside = g_strndup (open + 2, (close ? close : reference->end) - open - 2);
      reference->is_last_saved = g_str_has_prefix (inside, LAST_SAVED);
      name = reference->is_last_saved ? inside + strlen (LAST_SAVED) : inside;
      if (close == NULL || !is_plain_name (name))
        return REFERENCE_BROKEN;
      g_free (reference->name);
      reference->name = g_strdup (name);
      return REFERENCE_FOUND;
    }
  return REFERENCE_NONE;
}

/* Calls @func (may be NULL) for every reference. FALSE when one is malformed. */
gboolean
sarap_xls_foreach_reference (const char *text, SarapXlsReferenceFunc func, gpointer data)
{
  g_auto (Reference) reference = { 0 };
  ReferenceResult result;

  while ((result = next_reference (text, &reference)) == REFERENCE_FOUND)
    {
      if (func != NULL)
        func (reference.name, reference.is_last_saved, data);
      text = reference.end;
    }
  return result == REFERENCE_NONE;
}

gboolean
sarap_xls_has_reference (const char *text)
{
  g_auto (Reference) reference = { 0 };

  return next_reference (text, &reference) == REFERENCE_FOUND;
}

/* One reference and nothing else. */
gboolean
sarap_xls_is_reference (const char *text)
{
  g_auto (Reference) reference = { 0 };

  return next_reference (text, &reference) == REFERENCE_FOUND && reference.start == text && *reference.end == '\0';
}

typedef enum
{
  TOKEN_VALUE = 1, /* date, time or number */
  TOKEN_MATH,
  TOKEN_UNION,
  TOKEN_LITERAL,
  TOKEN_BLANK,
  TOKEN_REFERENCE,
  TOKEN_CALL,
  TOKEN_PREDICATE,
  TOKEN_PREDICATE_END,
  TOKEN_URI,
  TOKEN_NAME,
  TOKEN_SLASH,
  TOKEN_CLOSE,
  TOKEN_OTHER,
} Token;

#define TIME "\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:[+\\-]\\d{2}:\\d{2}|Z)?"
#define TOKENS "(-?\\d{4}-\\d{2}-\\d{2}(?:T" TIME ")?|" TIME "|-?\\d+\\.\\d*|-?\\.\\d+|-?\\d+)"                    \
               "|([*+\\-]| mod | div )|(\\|)|(\"[^\"]*+\"|'[^']*+')|(\\s+)|(\\$\\{(?:" LAST_SAVED ")?" NAME "\\})" \
               "|(" FULL_NAME "\\()|(" FULL_NAME "\\[)|(\\])|(" NAME "://)|(" FULL_NAME ")|(/)|(\\))|(.)"

/* The words of an expression, or of text that may hold one. */
static GMatchInfo *
tokenize (const char *text)
{
  static GRegex *regex;
  GMatchInfo *tokens;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new (TOKENS, G_REGEX_OPTIMIZE | G_REGEX_DOTALL, 0, NULL));
  g_regex_match (regex, text, G_REGEX_MATCH_ANCHORED, &tokens);
  return tokens;
}

static Token
get_token (GMatchInfo *tokens, int *start, int *end)
{
  g_match_info_fetch_pos (tokens, 0, start, end);
  return g_match_info_get_match_count (tokens) - 1;
}

/* A default that must be computed: it has a call, a predicate, a reference, arithmetic or a union.
 * A hyphen is no minus in dates and places. */
gboolean
sarap_xls_default_is_dynamic (const char *text, const char *type)
{
  static const char *const hyphenated[] = { "date", "dateTime", "geopoint", "geotrace", "geoshape", NULL };
  g_autoptr (GMatchInfo) tokens = tokenize (text);

  for (; g_match_info_matches (tokens); g_match_info_next (tokens, NULL))
    {
      int start, end;
      Token token = get_token (tokens, &start, &end);

      if (token == TOKEN_MATH && text[start] == '-' && g_strv_contains (hyphenated, type))
        return FALSE;
      if (token == TOKEN_MATH || token == TOKEN_UNION || token == TOKEN_PREDICATE || token == TOKEN_REFERENCE || token == TOKEN_CALL)
        return TRUE;
    }
  return FALSE;
}

static void
index_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  GPtrArray *elements;

  if (element->kind == SARAP_XLS_ATTRIBUTE || element->kind == SARAP_XLS_LABEL || element->kind == SARAP_XLS_EXTERNAL)
    return;
  elements = g_hash_table_lookup (self->by_name, element->name);
  if (elements == NULL)
    {
      elements = g_ptr_array_new ();
      g_hash_table_insert (self->by_name, element->name, elements);
    }
  g_ptr_array_add (elements, element);
}

/* To be called again when the tree has grown. */
void
sarap_xls_index_names (SarapXlsForm *self)
{
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  sarap_xls_visit (self, self->root, index_cb, NULL);
}

/* The one element of that name, or NULL. */
SarapXlsElement *
sarap_xls_find_element (SarapXlsForm *self, const char *name)
{
  GPtrArray *elements = g_hash_table_lookup (self->by_name, name);

  return elements != NULL && elements->len == 1 ? g_ptr_array_index (elements, 0) : NULL;
}

typedef struct
{
  SarapXlsForm *form;
  const char *sheet;
  guint row;
  const char *column;
} Place;

static void
check_cb (const char *name, gboolean is_last_saved, gpointer data)
{
  const Place *place = data;
  GPtrArray *elements = g_hash_table_lookup (place->form->by_name, name);

  if (elements == NULL)
    sarap_xls_error (place->form, place->sheet, place->row, place->column, "${%s} names no question, group or repeat of the survey; correct the name", name);
  else if (elements->len > 1)
    sarap_xls_error (place->form, place->sheet, place->row, place->column, "${%s} could be %u different questions or groups; give each its own name", name, elements->len);
}

static gboolean
may_refer (const SarapXlsTable *table, const SarapXlsColumn *column)
{
  static const char *const survey[] = { "type", "name", "trigger", NULL };
  static const char *const choices[] = { "label", "media", NULL };

  if (column->path == NULL)
    return FALSE;
  if (strcmp (table->name, "survey") == 0)
    return !g_strv_contains (survey, column->path[0]);
  if (strcmp (table->name, "choices") == 0)
    return g_strv_contains (choices, column->path[0]);
  return strcmp (column->path[0], "dataset") != 0 && strcmp (column->path[0], "repeat") != 0;
}

static void
check_cell (SarapXlsForm *self, const SarapXlsTable *table, const SarapXlsColumn *column, guint row, const char *text)
{
  Place place = { self, table->name, row, column->header };

  if (text == NULL || strstr (text, "${") == NULL)
    return;
  if (strlen (text) > SARAP_XLS_MAX_EXPRESSION)
    sarap_xls_error (self, table->name, row, column->header, "longer than %d characters", SARAP_XLS_MAX_EXPRESSION);
  else if (!sarap_xls_foreach_reference (text, check_cb, &place))
    sarap_xls_error (self, table->name, row, column->header, "a reference is malformed; write ${name}, with the name of a question and nothing else inside");
}

static void
check_table (SarapXlsForm *self, const SarapXlsTable *table)
{
  for (guint i = 1; table != NULL && i <= table->rows->len; i++)
    {
      const SarapRow *row = g_ptr_array_index (table->sheet->rows, i);

      for (guint j = 0; j < table->columns->len; j++)
        {
          const SarapXlsColumn *column = g_ptr_array_index (table->columns, j);

          if (may_refer (table, column))
            check_cell (self, table, column, row->number, sarap_row_peek (row, column->column));
        }
    }
}

/* Checks every cell that may hold references. */
void
sarap_xls_check_references (SarapXlsForm *self)
{
  check_table (self, self->settings_table);
  check_table (self, self->entities);
  check_table (self, self->survey);
  check_table (self, self->choices);
}

static SarapXlsElement *
common_ancestor (const SarapXlsElement *source, const SarapXlsElement *target, gboolean only_repeats)
{
  for (SarapXlsElement *up = source->parent; up != NULL; up = up->parent)
    {
      if (up->kind != SARAP_XLS_REPEAT && (only_repeats || up->kind != SARAP_XLS_GROUP))
        continue;
      for (const SarapXlsElement *other = target->parent; other != NULL; other = other->parent)
        if (other == up)
          return up;
    }
  return NULL;
}

static char *
relative_path (const SarapXlsElement *source, const SarapXlsElement *target, SarapXlsResolve flags)
{
  const SarapXlsElement *repeat = common_ancestor (source, target, TRUE);
  const SarapXlsElement *from = NULL;
  GString *path;

  if (repeat == NULL)
    return NULL;
  if ((flags & SARAP_XLS_REFERENCE_PARENT) && repeat == sarap_xls_nearest_repeat (target) && (sarap_xls_nearest_repeat (repeat) == NULL || sarap_xls_nearest_repeat (source) != repeat))
    from = repeat->parent;
  else
    from = common_ancestor (source, target, FALSE);
  path = g_string_new (flags & SARAP_XLS_USE_CURRENT ? " current()/" : " ");
  for (const SarapXlsElement *up = source; up != from; up = up->parent)
    if (!sarap_xls_is_flat (up))
      g_string_append (path, up == source ? ".." : "/..");
  g_string_append (path, target->path + strlen (from->path));
  g_string_append_c (path, ' ');
  return g_string_free (path, FALSE);
}

/* Whether the characters @start to @end of @text stand in square brackets while @text speaks of
 * another instance. */
static gboolean
is_in_predicate (const char *text, const char *start, const char *end)
{
  const char *instance = strstr (text, "instance(");

  if (instance == NULL || strlen (instance) < strlen ("instance(") + 2)
    return FALSE;
  for (const char *open = strchr (text, '['); open != NULL && open < start; open = strchr (open, '['))
    {
      const char *close = open[1] ? strchr (open + 2, ']') : NULL;

      if (close == NULL || open[1] == ']')
        {
          open++;
          continue;
        }
      if (end <= close + 1)
        return TRUE;
      open = close + 1;
    }
  return FALSE;
}

static guint
find_argument (const char *inside, const char *end, const char *name)
{
  g_autofree char *arguments = g_strndup (inside, end - inside);
  g_autofree char *wanted = g_strdup_printf ("${%s}", name);
  g_auto (GStrv) parts = g_strsplit (arguments, ",", -1);
  guint found = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (parts[i], wanted) != NULL)
      found = i;
  return found;
}

/* Whether the reference is an argument of indexed-repeat() that must name all instances. */
static gboolean
is_absolute_argument (const char *text, const Reference *reference)
{
  const char *call = text;

  while ((call = strstr (call, "indexed-repeat(")) != NULL && call < reference->start)
    {
      const char *inside = call + strlen ("indexed-repeat(");
      const char *end = strchr (inside, ')');
      guint argument;

      if (end == NULL)
        return FALSE;
      if (reference->end > end + 1)
        {
          call = end;
          continue;
        }
      argument = find_argument (inside, end, reference->name);
      return argument == 0 || argument == 1 || argument == 3 || argument == 5;
    }
  return FALSE;
}

static char *
resolve_one (SarapXlsForm *self, const char *text, const Reference *reference, const SarapXlsElement *context, SarapXlsResolve flags)
{
  const SarapXlsElement *target = sarap_xls_find_element (self, reference->name);

  if (target == NULL)
    return g_strdup ("");
  if (reference->is_last_saved)
    return g_strdup_printf (" instance('__last-saved')%s ", target->path);
  if (context != NULL && !is_absolute_argument (text, reference))
    {
      char *path;

      if (is_in_predicate (text, reference->start, reference->end))
        flags |= SARAP_XLS_USE_CURRENT;
      path = relative_path (context, target, flags);
      if (path != NULL)
        return path;
    }
  return g_strdup_printf (" %s ", target->path);
}

/* @text with every reference replaced, seen from @context (NULL: absolute). Names that are not
 * there vanish: sarap_xls_check_references() has told of them. Returns: (transfer full) */
char *
sarap_xls_resolve (SarapXlsForm *self, const char *text, const SarapXlsElement *context, SarapXlsResolve flags)
{
  g_auto (Reference) reference = { 0 };
  GString *out = g_string_new (NULL);
  const char *at = text;

  while (next_reference (at, &reference) == REFERENCE_FOUND)
    {
      g_autofree char *path = resolve_one (self, text, &reference, context, flags);

      g_string_append_len (out, at, reference.start - at);
      g_string_append (out, path);
      at = reference.end;
    }
  g_string_append (out, at);
  return g_string_free (out, FALSE);
}

/* The end of the path that begins with the instance() call at token @tokens: it goes on through
 * steps and predicates and ends at a blank outside a predicate. Leaves @tokens on what follows. */
static int
skip_instance_path (GMatchInfo *tokens)
{
  gboolean in_path = FALSE, in_predicate = FALSE;
  Token last = TOKEN_CALL;
  int last_end = 0, start, end;

  get_token (tokens, &start, &last_end);
  for (g_match_info_next (tokens, NULL); g_match_info_matches (tokens); g_match_info_next (tokens, NULL))
    {
      Token token = get_token (tokens, &start, &end);
      gboolean belongs = (last == TOKEN_CALL && token == TOKEN_LITERAL) || (last == TOKEN_LITERAL && token == TOKEN_CLOSE && !in_predicate);

      if (!in_predicate && token == TOKEN_SLASH && (last == TOKEN_CLOSE || last == TOKEN_PREDICATE_END))
        in_path = belongs = TRUE;
      else if (in_path && token == TOKEN_PREDICATE)
        {
          belongs = in_predicate = TRUE;
          in_path = FALSE;
        }
      else if (in_path)
        belongs = token != TOKEN_BLANK;
      else if (in_predicate)
        {
          belongs = TRUE;
          in_predicate = token != TOKEN_PREDICATE_END;
        }
      if (!belongs)
        break;
      last = token;
      last_end = end;
    }
  return last_end;
}

static void
append_output_element (SarapXlsForm *self, GString *out, const char *expression, const SarapXlsElement *context)
{
  g_autofree char *path = sarap_xls_resolve (self, expression, context, SARAP_XLS_PLAIN);

  g_string_append (out, "<output");
  sarap_xls_append_attribute (out, "value", path);
  g_string_append (out, "/>");
}

static void
append_with_references (SarapXlsForm *self, GString *out, const char *text, gsize length, const SarapXlsElement *context)
{
  g_autofree char *part = g_strndup (text, length);
  g_auto (Reference) reference = { 0 };
  const char *at = part;

  while (next_reference (at, &reference) == REFERENCE_FOUND)
    {
      g_autofree char *plain = g_strndup (at, reference.start - at);
      g_autofree char *expression = g_strndup (reference.start, reference.end - reference.start);

      sarap_xml_append_escaped (out, plain, FALSE);
      append_output_element (self, out, expression, context);
      at = reference.end;
    }
  sarap_xml_append_escaped (out, at, FALSE);
}

static void
append_parts (SarapXlsForm *self, GString *out, const char *text, const SarapXlsElement *context)
{
  g_autoptr (GMatchInfo) tokens = NULL;
  int done = 0;

  if (strstr (text, "instance(") == NULL)
    {
      append_with_references (self, out, text, strlen (text), context);
      return;
    }
  tokens = tokenize (text);
  while (g_match_info_matches (tokens))
    {
      int start, end;

      if (get_token (tokens, &start, &end) == TOKEN_CALL && end - start == (int) strlen ("instance(") && g_str_has_prefix (text + start, "instance("))
        {
          g_autofree char *expression = NULL;

          append_with_references (self, out, text + done, start - done, context);
          done = skip_instance_path (tokens);
          expression = g_strndup (text + start, done - start);
          append_output_element (self, out, expression, context);
        }
      else
        g_match_info_next (tokens, NULL);
    }
  append_with_references (self, out, text + done, strlen (text) - done, context);
}

/* @text as the content of an element, see rule 6. With an output in it, a blank stands on either
 * side, as the standard converter has it. */
void
sarap_xls_append_output (SarapXlsForm *self, GString *out, const char *text, const SarapXlsElement *context)
{
  g_autoptr (GString) content = g_string_new (NULL);
  gboolean has_output;

  append_parts (self, content, text, context);
  has_output = strstr (content->str, "<output") != NULL;
  g_string_append_printf (out, has_output ? " %s " : "%s", content->str);
}
