#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* A scale whose labels rise in one language and fall in another turns answers around, and nobody
 * sees it in the figures. It is told when it can be known:
 * 1. A label has a worth in words, the sum of those that speak well (+1) or ill (−1), turned by a
 *    "not" before (in Kazakh behind) them and doubled by "very", and one in figures, the number
 *    that it begins with. Words are known by their beginnings, in English, Russian and Kazakh.
 * 2. A language gives a direction when at least two labels of the list have a worth and the worths
 *    of all that have one never turn back.
 * 3. Two directions in one list, both in words or both in figures, are a warning at the first
 *    choice: in "1 – very good, 5 – very bad" words and figures differ by right. */

typedef struct
{
  const char *start; /* in lower case; the longest that fits counts */
  int worth;
} Word;

static const Word words[] = {
  { "agree", 1 },
  { "always", 1 },
  { "bad", -1 },
  { "best", 2 },
  { "difficult", -1 },
  { "disagree", -1 },
  { "dissatisf", -1 },
  { "distrust", -1 },
  { "easy", 1 },
  { "excellent", 2 },
  { "good", 1 },
  { "hard", -1 },
  { "important", 1 },
  { "likely", 1 },
  { "never", -2 },
  { "often", 1 },
  { "poor", -1 },
  { "rarely", -1 },
  { "satisf", 1 },
  { "terrible", -2 },
  { "trust", 1 },
  { "unimportant", -1 },
  { "unlikely", -1 },
  { "unsatisf", -1 },
  { "worst", -2 },
  { "важн", 1 },
  { "всегда", 2 },
  { "довер", 1 },
  { "доволен", 1 },
  { "довольн", 1 },
  { "легко", 1 },
  { "недовер", -1 },
  { "недовол", -1 },
  { "неудовлетвор", -1 },
  { "неважн", -1 },
  { "несоглас", -1 },
  { "никогда", -2 },
  { "отличн", 2 },
  { "плох", -1 },
  { "редко", -1 },
  { "сложн", -1 },
  { "соглас", 1 },
  { "трудн", -1 },
  { "удовлетвор", 1 },
  { "ужасн", -2 },
  { "хорош", 1 },
  { "часто", 1 },
  { "ешқашан", -2 },
  { "жақсы", 1 },
  { "жаман", -1 },
  { "жиі", 1 },
  { "келісе", 1 },
  { "келіспе", -1 },
  { "қанағаттан", 1 },
  { "қанағаттанба", -1 },
  { "қиын", -1 },
  { "маңызды", 1 },
  { "нашар", -1 },
  { "оңай", 1 },
  { "риза", 1 },
  { "сенбе", -1 },
  { "сенем", 1 },
  { "сирек", -1 },
  { "әрдайым", 2 },
  { "әрқашан", 2 },
};

static const char *const intensifiers[] = { "very", "strongly", "completely", "totally", "fully", "очень", "полностью", "совершенно", "өте", "толық", "мүлдем", NULL };
static const char *const negations[] = { "not", "не", NULL };

static int
worth_of_word (const char *word)
{
  gsize longest = 0;
  int worth = 0;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].start) > longest && g_str_has_prefix (word, words[i].start))
      {
        longest = strlen (words[i].start);
        worth = words[i].worth;
      }
  return worth;
}

static char **
split_words (const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_autoptr (GString) spaced = g_string_new (NULL);

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    g_string_append_unichar (spaced, g_unichar_isalpha (g_utf8_get_char (at)) ? g_utf8_get_char (at) : ' ');
  return g_strsplit (spaced->str, " ", -1);
}

/* Returns: FALSE when nothing is known of @label */
typedef gboolean (*GetWorth) (const char *label, double *worth);

static gboolean
get_worth_of_words (const char *label, double *worth)
{
  g_auto (GStrv) parts = split_words (label);
  int sum = 0, sign = 1, factor = 1;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      int own = worth_of_word (parts[i]);

      if (strcmp (parts[i], "емес") == 0)
        sum = -sum;
      else if (g_strv_contains (negations, parts[i]))
        sign = -1;
      else if (g_strv_contains (intensifiers, parts[i]))
        factor = 2;
      else if (own != 0)
        {
          sum += own * sign * factor;
          sign = factor = 1;
        }
    }
  *worth = sum;
  return sum != 0;
}

static gboolean
get_figure (const char *label, double *worth)
{
  char *end;

  *worth = g_ascii_strtod (label, &end);
  return end != label && !g_ascii_isalpha (*label);
}

static const char *
get_label (const SarapXlsChoice *choice, const char *language)
{
  return sarap_xls_map_peek_text2 (choice->values, "label", language);
}

/* 1 rising, -1 falling, 0 unknown. */
static int
get_direction (const SarapXlsList *list, const char *language, GetWorth get_worth)
{
  double first = 0, last = 0;
  gboolean has_first = FALSE, rises = FALSE, falls = FALSE;

  for (guint i = 0; i < list->choices->len; i++)
    {
      const char *label = get_label (g_ptr_array_index (list->choices, i), language);
      double worth;

      if (label == NULL || !get_worth (label, &worth))
        continue;
      if (has_first)
        {
          rises |= worth > last;
          falls |= worth < last;
        }
      else
        first = worth;
      has_first = TRUE;
      last = worth;
    }
  if (rises == falls)
    return 0;
  return last > first ? 1 : -1;
}

/* TRUE when it has warned. */
static gboolean
check_list (SarapXlsForm *self, const SarapXlsList *list, GetWorth get_worth)
{
  const SarapXlsChoice *first = g_ptr_array_index (list->choices, 0);
  const SarapXlsValue *label = sarap_xls_map_peek (first->values, "label");
  const char *known = NULL;
  int direction = 0;

  for (guint i = 0; i < sarap_xls_map_get_length (label); i++)
    {
      const char *language = sarap_xls_map_peek_entry (label, i)->key;
      int own = get_direction (list, language, get_worth);

      if (own != 0 && direction != 0 && own != direction)
        {
          sarap_xls_warn (self, "choices", first->row, "label", "the scale '%s' rises in one of '%s' and '%s' and falls in the other; put the labels beside the right names", list->name, known, language);
          return TRUE;
        }
      if (direction == 0)
        known = language;
      if (own != 0)
        direction = own;
    }
  return FALSE;
}

void
sarap_xls_check_scales (SarapXlsForm *self)
{
  for (guint i = 0; i < self->lists->len; i++)
    {
      const SarapXlsList *list = g_ptr_array_index (self->lists, i);

      if (!check_list (self, list, get_worth_of_words))
        check_list (self, list, get_figure);
    }
}
