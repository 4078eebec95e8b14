#include "app/form/sarap-pages.h"

#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Pages from the body and the state.
 *
 *  1. A question is a page; a group or repeat instance with appearance field-list is one page
 *     with all questions in it, nested ones included.
 *  2. Irrelevant questions and questions below irrelevant groups are not there; a page without
 *     questions is not there.
 *  3. Where people may add an instance, a page asks for it after the last one. Inside a
 *     field-list it stands after the list.
 *  4. The last page is the review.
 */

typedef struct
{
  SarapInterview *interview;
  GPtrArray *pages;
  GPtrArray *titles;  /* labels on the way, borrowed */
  GPtrArray *refs;    /* of the field-list that is being filled, or NULL */
  GPtrArray *repeats; /* paths of repeats inside of it */
} Walker;

static void walk (Walker *walker, const SarapElement *element, SarapFrame *frame);

void
sarap_page_free (SarapPage *page)
{
  g_free (page->key);
  g_strfreev (page->refs);
  g_free (page->path);
  g_free (page->title);
  g_free (page);
}

static char *
dup_title (const Walker *walker)
{
  GString *title = g_string_new (NULL);

  for (guint i = 0; i < walker->titles->len; i++)
    {
      const char *label = g_ptr_array_index (walker->titles, i);

      if (*label == '\0')
        continue;
      if (title->len > 0)
        g_string_append (title, " › ");
      g_string_append (title, label);
    }
  return g_string_free (title, FALSE);
}

/* Takes @refs. */
static void
add_questions (Walker *walker, char **refs)
{
  SarapPage *page = g_new0 (SarapPage, 1);

  page->kind = SARAP_PAGE_QUESTIONS;
  page->key = g_strdup (refs[0]);
  page->refs = refs;
  page->title = dup_title (walker);
  g_ptr_array_add (walker->pages, page);
}

static void
add_repeat (Walker *walker, const char *path)
{
  SarapPage *page = g_new0 (SarapPage, 1);

  page->kind = SARAP_PAGE_REPEAT;
  page->key = g_strdup (path);
  page->path = g_strdup (path);
  page->refs = g_new0 (char *, 1);
  page->title = dup_title (walker);
  g_ptr_array_add (walker->pages, page);
}

static void
add_question (Walker *walker, const SarapElement *element, SarapFrame *frame)
{
  const SarapCell *cell = sarap_frame_peek_cell (frame, element->bind);
  char *ref, **refs;

  if (cell->node == NULL || !cell->node->is_relevant)
    return;
  ref = sarap_cell_dup_ref (cell);
  if (walker->refs != NULL)
    {
      g_ptr_array_add (walker->refs, ref);
      return;
    }
  refs = g_new0 (char *, 2);
  refs[0] = ref;
  add_questions (walker, refs);
}

static void
walk_children (Walker *walker, const SarapElement *element, SarapFrame *frame)
{
  for (guint i = 0; i < element->children->len; i++)
    walk (walker, g_ptr_array_index (element->children, i), frame);
}

static void
close_list (Walker *walker)
{
  g_autoptr (GPtrArray) refs = g_steal_pointer (&walker->refs);
  g_autoptr (GPtrArray) repeats = g_steal_pointer (&walker->repeats);

  g_ptr_array_add (refs, NULL);
  if (refs->len > 1)
    add_questions (walker, (char **) g_ptr_array_steal (refs, NULL));
  for (guint i = 0; i < repeats->len; i++)
    add_repeat (walker, g_ptr_array_index (repeats, i));
}

/* The children of a group or of a repeat instance, under its label. */
static void
walk_inside (Walker *walker, const SarapElement *element, SarapFrame *frame, SarapNode *node)
{
  gboolean is_list = walker->refs == NULL && sarap_element_has_appearance (element, "field-list");

  g_ptr_array_add (walker->titles, element->label ? sarap_interview_dup_text (walker->interview, element->label, NULL, node) : g_strdup (""));
  if (is_list)
    {
      walker->refs = g_ptr_array_new ();
      walker->repeats = g_ptr_array_new_with_free_func (g_free);
    }
  walk_children (walker, element, frame);
  if (is_list)
    close_list (walker);
  g_free (g_ptr_array_steal_index (walker->titles, walker->titles->len - 1));
}

static char *
dup_range_path (const SarapRange *range)
{
  const SarapCell cell = { .bind = range->scope->bind, .frame = range->owner };

  return sarap_cell_dup_ref (&cell);
}

static void
walk_repeat (Walker *walker, const SarapElement *element, SarapFrame *outer)
{
  SarapRange *range = &outer->ranges[element->bind->repeat->range];
  g_autofree char *path = NULL;

  for (guint i = 0; i < range->frames->len; i++)
    {
      SarapFrame *frame = g_ptr_array_index (range->frames, i);

      if (frame->cells[0].node->is_relevant)
        walk_inside (walker, element, frame, frame->cells[0].node);
    }
  if (range->scope->no_add_remove || !sarap_range_is_relevant (walker->interview, range))
    return;
  path = dup_range_path (range);
  g_ptr_array_add (walker->titles, element->label ? sarap_interview_dup_text (walker->interview, element->label, NULL, range->anchor) : g_strdup (""));
  if (walker->repeats != NULL)
    g_ptr_array_add (walker->repeats, g_steal_pointer (&path));
  else
    add_repeat (walker, path);
  g_free (g_ptr_array_steal_index (walker->titles, walker->titles->len - 1));
}

static void
walk (Walker *walker, const SarapElement *element, SarapFrame *frame)
{
  SarapNode *node = NULL;

  if (element->kind == SARAP_ELEMENT_REPEAT)
    {
      walk_repeat (walker, element, frame);
      return;
    }
  if (element->kind == SARAP_ELEMENT_QUESTION)
    {
      add_question (walker, element, frame);
      return;
    }
  if (element->bind != NULL)
    node = sarap_frame_peek_cell (frame, element->bind)->node;
  if (node != NULL && !node->is_relevant)
    return;
  walk_inside (walker, element, frame, node ? node : frame->cells[0].node);
}

static void
add_review (GPtrArray *pages)
{
  SarapPage *page = g_new0 (SarapPage, 1);

  page->kind = SARAP_PAGE_REVIEW;
  page->key = g_strdup ("review");
  page->refs = g_new0 (char *, 1);
  page->title = g_strdup ("");
  g_ptr_array_add (pages, page);
}

GPtrArray *
sarap_pages_new (SarapInterview *interview)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_page_free);
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();
  Walker walker = { .interview = interview, .pages = pages, .titles = titles };

  walk_children (&walker, interview->form->body, interview->root);
  add_review (pages);
  return pages;
}

/* -1 when no page has @key. */
int
sarap_pages_find (GPtrArray *pages, const char *key)
{
  for (guint i = 0; i < pages->len; i++)
    if (strcmp (((SarapPage *) g_ptr_array_index (pages, i))->key, key) == 0)
      return (int) i;
  return -1;
}

int
sarap_pages_find_ref (GPtrArray *pages, const char *ref)
{
  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);

      if (g_strv_contains ((const char *const *) page->refs, ref))
        return (int) i;
    }
  return -1;
}
