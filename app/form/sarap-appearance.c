#include "app/form/sarap-appearance.h"

#include <string.h>

/* What each word of an appearance means here. A word that is not served is harmless: the question
 * is shown as its type is. */

static const char *const served[] = {
  "acknowledge", "annotate", "autocomplete", "bold", "columns", "columns-flex", "columns-pack", "compact", "counter", "draw", "field-list", "front", "gregorian", "hidden-answer", "horizontal", "horizontal-compact", "image-map", "label", "likert", "list", "list-nolabel", "map", "maps", "masked", "minimal", "month-year", "multiline", "new", "new-front", "no-buttons", "no-calendar", "no-ticks", "numbers", "pages", "picker", "placement-map", "printer", "quick", "quickcompact", "rating", "search", "selfie", "signature", "spinner", "streets", "table-list", "theme-grid", "thousands-sep", "url", "vertical", "year", NULL
};

/* Words with a number at the end: columns-3, w12. */
static const char *const numbered[] = { "columns-", "compact-", "quickcompact-", "w" };

static const struct
{
  const char *word;
  const char *instead;
} elsewhere[] = {
  { "bearing", "there is no compass; the direction is typed" },
  { "bikram-sambat", "the date is shown in the civil calendar" },
  { "buddhist", "the date is shown in the civil calendar" },
  { "coptic", "the date is shown in the civil calendar" },
  { "ethiopian", "the date is shown in the civil calendar" },
  { "islamic", "the date is shown in the civil calendar" },
  { "myanmar", "the date is shown in the civil calendar" },
  { "persian", "the date is shown in the civil calendar" },
  { "hide-input", "the coordinates stay visible" },
};

/* Words are parted by blanks; what stands in brackets belongs to its word: search('x', 'contains').
 * Returns: (transfer full) */
char **
sarap_appearance_split (const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const char *start = text;
  guint depth = 0;

  for (const char *at = text;; at++)
    {
      depth += *at == '(';
      depth -= *at == ')' && depth > 0;
      if (*at != '\0' && (depth > 0 || !g_ascii_isspace (*at)))
        continue;
      if (at > start)
        g_ptr_array_add (words, g_strndup (start, at - start));
      start = at + 1;
      if (*at == '\0')
        break;
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

static gboolean
is_numbered (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbered); i++)
    {
      const char *digits = g_str_has_prefix (word, numbered[i]) ? word + strlen (numbered[i]) : "";

      if (*digits != '\0' && strspn (digits, "0123456789") == strlen (digits))
        return TRUE;
    }
  return FALSE;
}

/* @instead: set for SARAP_APPEARANCE_ELSEWHERE to what happens, English, static. */
SarapAppearanceVerdict
sarap_appearance_judge (const char *word, const char **instead)
{
  gsize length = strcspn (word, "(:");
  g_autofree char *name = g_strndup (word, length);

  if ((strcmp (name, "ex") == 0 || strcmp (name, "intent") == 0) && word[length] == ':')
    {
      *instead = "it starts an Android application; the answer can only be read here";
      return SARAP_APPEARANCE_ELSEWHERE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (strcmp (elsewhere[i].word, name) == 0)
      {
        *instead = elsewhere[i].instead;
        return SARAP_APPEARANCE_ELSEWHERE;
      }
  return g_strv_contains (served, name) || is_numbered (name) ? SARAP_APPEARANCE_SERVED : SARAP_APPEARANCE_UNKNOWN;
}
