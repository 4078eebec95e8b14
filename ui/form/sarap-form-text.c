#include "ui/form/sarap-form-text.h"

#include <cmark.h>
#include <glib/gi18n.h>
#include <string.h>

#include "sarap-config.h"

/* Part of GNU gettext's interface: to be raised after LANGUAGE has changed, or cached answers return. */
extern int _nl_msg_cat_cntr;

/* "Kazakh (kk)" → "kk", "kk" → "kk"; "" when the name holds no code. */
const char *
sarap_language_code (const char *language, char code[4])
{
  const char *open = language != NULL ? strrchr (language, '(') : NULL;
  const char *start = open != NULL ? open + 1 : language;
  gsize length = start != NULL ? strspn (start, "abcdefghijklmnopqrstuvwxyz") : 0;

  code[0] = '\0';
  if (length == 2 || length == 3)
    g_strlcpy (code, start, length + 1);
  return code;
}

/* Translates @message to the language that @interview is shown in. Returns: (transfer none), of
 * the message catalogues; untranslated when they lack it. Not g_dgettext(), which decides once for
 * the process, by the locale it started in, whether anything is translated. */
const char *
sarap_form_text (SarapInterview *interview, const char *message)
{
  g_autofree char *application = g_strdup (g_getenv ("LANGUAGE"));
  /* Not g_dgettext(): it settles for good, at its first call, whether it translates at all. */
  char code[4];
  const char *translated;

  sarap_language_code (sarap_interview_get_language (interview), code);
  if (code[0] == '\0' || application == NULL || g_str_equal (application, code))
    return dgettext (GETTEXT_PACKAGE, message);
  g_setenv ("LANGUAGE", code, TRUE);
  _nl_msg_cat_cntr++;
  translated = dgettext (GETTEXT_PACKAGE, message);
  g_setenv ("LANGUAGE", application, TRUE);
  _nl_msg_cat_cntr++;
  return translated;
}

typedef struct
{
  GString *out;
  gboolean is_markup;
} Writer;

static void
write_tag (Writer *writer, const char *tag)
{
  if (writer->is_markup)
    g_string_append (writer->out, tag);
}

static void
write_text (Writer *writer, const char *text)
{
  g_autofree char *escaped = NULL;

  if (text == NULL)
    return;
  if (!writer->is_markup)
    {
      g_string_append (writer->out, text);
      return;
    }
  escaped = g_markup_escape_text (text, -1);
  g_string_append (writer->out, escaped);
}

static void
write_without_tags (Writer *writer, const char *html)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean in_tag = FALSE;

  for (const char *p = html; p != NULL && *p != '\0'; p++)
    if (*p == '<' || (in_tag && *p == '>'))
      in_tag = *p == '<';
    else if (!in_tag)
      g_string_append_c (text, *p);
  write_text (writer, g_strstrip (text->str));
}

static void
break_line (Writer *writer, guint n)
{
  gsize length = writer->out->len;

  while (length > 0 && writer->out->str[length - 1] == '\n')
    length--;
  if (length == 0)
    return;
  g_string_truncate (writer->out, length);
  while (n-- > 0)
    g_string_append_c (writer->out, '\n');
}

static void
write_bullet (Writer *writer, cmark_node *item)
{
  cmark_node *list = cmark_node_parent (item);
  int number;

  if (writer->out->len > 0 && writer->out->str[writer->out->len - 1] != '\n')
    g_string_append_c (writer->out, '\n');
  if (cmark_node_get_list_type (list) != CMARK_ORDERED_LIST)
    {
      g_string_append (writer->out, "• ");
      return;
    }
  number = cmark_node_get_list_start (list);
  for (cmark_node *sibling = cmark_node_previous (item); sibling != NULL; sibling = cmark_node_previous (sibling))
    number++;
  g_string_append_printf (writer->out, "%d%c ", number, cmark_node_get_list_delim (list) == CMARK_PAREN_DELIM ? ')' : '.');
}

static void
enter_node (Writer *writer, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK)
    write_text (writer, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_HTML_BLOCK)
    write_without_tags (writer, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
    g_string_append_c (writer->out, '\n');
  else if (type == CMARK_NODE_STRONG || type == CMARK_NODE_HEADING)
    write_tag (writer, type == CMARK_NODE_STRONG ? "<b>" : "<b><big>");
  else if (type == CMARK_NODE_EMPH)
    write_tag (writer, "<i>");
  else if (type == CMARK_NODE_ITEM)
    write_bullet (writer, node);
}

static void
leave_node (Writer *writer, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);
  cmark_node_type parent = cmark_node_get_type (cmark_node_parent (node));

  if (type == CMARK_NODE_STRONG)
    write_tag (writer, "</b>");
  else if (type == CMARK_NODE_EMPH)
    write_tag (writer, "</i>");
  else if (type == CMARK_NODE_HEADING)
    {
      write_tag (writer, "</big></b>");
      break_line (writer, 1);
    }
  else if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_LIST)
    break_line (writer, parent == CMARK_NODE_ITEM ? 1 : 2);
}

static char *
convert (const char *text, gboolean is_markup)
{
  Writer writer = { g_string_new (NULL), is_markup };
  cmark_node *document = cmark_parse_document (text, strlen (text), CMARK_OPT_VALIDATE_UTF8);
  cmark_iter *iterator = cmark_iter_new (document);
  cmark_event_type event;

  while ((event = cmark_iter_next (iterator)) != CMARK_EVENT_DONE)
    if (event == CMARK_EVENT_ENTER)
      enter_node (&writer, cmark_iter_get_node (iterator));
    else
      leave_node (&writer, cmark_iter_get_node (iterator));
  cmark_iter_free (iterator);
  cmark_node_free (document);
  return g_strchomp (g_string_free (writer.out, FALSE));
}

/* Returns: (transfer full): Pango markup that parses whatever @text is. */
char *
sarap_markdown_to_pango (const char *text)
{
  return convert (text, TRUE);
}

char *
sarap_markdown_to_plain (const char *text)
{
  return convert (text, FALSE);
}
