#pragma once

#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* The way through an interview, page by page: one question, or all questions of a group with
 * appearance field-list (or a form without style `pages`: still one question a page), or the
 * place where another instance of a repeat may be added. Irrelevant pages are not there. */

typedef enum
{
  SARAP_PAGE_QUESTIONS,
  SARAP_PAGE_REPEAT, /* end of a repeat that people may extend: "add another?" */
  SARAP_PAGE_REVIEW, /* last page: problems, finalize */
} SarapPageKind;

typedef struct
{
  SarapPageKind kind;
  char *key;   /* stable while the page exists: first ref, or the repeat's path, or "review" */
  char **refs; /* concrete refs of the questions, relevant ones only, NULL-terminated */
  char *path;  /* REPEAT: path of the repeat */
  char *title; /* labels of the enclosing groups and repeat instance, outermost first, joined by " › " */
} SarapPage;

/* Pages in order, (element-type SarapPage); made anew from the state: cheap for 2,000 questions. */
GPtrArray *sarap_pages_new (SarapInterview *interview);
int sarap_pages_find (GPtrArray *pages, const char *key);
/* Index of the page that shows @ref; -1 when none does. */
int sarap_pages_find_ref (GPtrArray *pages, const char *ref);
void sarap_page_free (SarapPage *page);

G_END_DECLS
