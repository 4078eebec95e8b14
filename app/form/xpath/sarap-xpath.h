#pragma once

#include "app/base/sarap-clock.h"
#include "app/form/sarap-node.h"

G_BEGIN_DECLS

/* XPath 1.0 with the functions of the ODK dialect. An expression is parsed once into a compact
 * form that any number of interviews evaluate. */

typedef struct _SarapXPath SarapXPath;

#define SARAP_XPATH_ERROR (sarap_xpath_error_quark ())
GQuark sarap_xpath_error_quark (void);

typedef enum
{
  SARAP_XPATH_ERROR_SYNTAX,   /* does not parse; the message names the position */
  SARAP_XPATH_ERROR_FUNCTION, /* unknown function, or a wrong number of arguments */
  SARAP_XPATH_ERROR_LIMIT,    /* longer or deeper than allowed */
  SARAP_XPATH_ERROR_VALUE,    /* reached while evaluating: a bad date, an unknown instance… */
} SarapXPathError;

typedef enum
{
  SARAP_XPATH_BOOLEAN,
  SARAP_XPATH_NUMBER,
  SARAP_XPATH_STRING,
  SARAP_XPATH_NODESET, /* document order, no duplicates */
  SARAP_XPATH_DATE,    /* date() and its kin: a number of days that prints as ISO text */
} SarapXPathType;

typedef struct
{
  SarapXPathType type;
  gboolean boolean;
  double number;    /* NUMBER; DATE: days since 1970-01-01, local for whole dates */
  char *string;     /* STRING; DATE: its ISO text */
  GPtrArray *nodes; /* NODESET: (element-type SarapNode) borrowed nodes */
} SarapXPathValue;

typedef void (*SarapXPathNodeFunc) (SarapNode *node, gpointer data);

/* What evaluation asks of the owner of the trees. Every member may be NULL: then the expression
 * that needs it fails with SARAP_XPATH_ERROR_VALUE. */
typedef struct
{
  SarapNode *(*instance) (const char *id, gpointer data);                                        /* document node of a secondary instance */
  char *(*itext) (const char *id, const char *form, gpointer data);                              /* jr:itext; form NULL, "short", "guidance"… */
  char *(*choice_name) (const char *value, const char *path, SarapNode *context, gpointer data); /* jr:choice-name */
  const char *(*property) (const char *name, gpointer data);                                     /* property() / preload properties */
  /* Calls @found for each node of a path that sarap_xpath_prepare() handed out, in document order,
   * as seen from @context; with @repeat (a prepared path too) only below its instance @index,
   * wherever @context stands. FALSE: the tree has to be walked. */
  gboolean (*walk) (gconstpointer path, SarapNode *context, gconstpointer repeat, guint index, SarapXPathNodeFunc found, gpointer found_data, gpointer data);
  /* Place of a repeat instance, from 1; 0 when @node is none. */
  guint (*position) (SarapNode *node, gpointer data);
  const char *language; /* of month and day names; "Kazakh (kk)" or a code */
  SarapClock *clock;    /* now(), today() and the zone */
  GRand *rand;          /* random(), uuid(); NULL: the process' own */
} SarapXPathHost;

typedef struct
{
  SarapNode *node;       /* context node */
  SarapNode *current;    /* current(); NULL means node */
  guint position;        /* 1-based; 0 means 1 */
  guint size;            /* 0 means 1 */
  const char *candidate; /* value of `.` in a constraint; NULL: the node's own */
  const SarapXPathHost *host;
  gpointer host_data;
} SarapXPathContext;

SarapXPath *sarap_xpath_compile (const char *expression, GHashTable *namespaces, GError **error);
SarapXPath *sarap_xpath_ref (SarapXPath *self);
void sarap_xpath_unref (SarapXPath *self);
const char *sarap_xpath_get_source (const SarapXPath *self);

gboolean sarap_xpath_evaluate (const SarapXPath *self, const SarapXPathContext *context, SarapXPathValue *value, GError **error);
gboolean sarap_xpath_evaluate_boolean (const SarapXPath *self, const SarapXPathContext *context, gboolean *value, GError **error);
gboolean sarap_xpath_evaluate_number (const SarapXPath *self, const SarapXPathContext *context, double *value, GError **error);
char *sarap_xpath_evaluate_string (const SarapXPath *self, const SarapXPathContext *context, GError **error);

void sarap_xpath_value_clear (SarapXPathValue *value);
gboolean sarap_xpath_value_to_boolean (const SarapXPathValue *value);
double sarap_xpath_value_to_number (const SarapXPathValue *value);
char *sarap_xpath_value_to_string (const SarapXPathValue *value);
char *sarap_xpath_format_number (double number);

/* Static analysis, for the dependency graph. Each path that the expression may read is reported
 * once, made absolute against @context_path ("/data/group/x", no positions and no predicates;
 * paths inside predicates are reported too); a path into a secondary instance as
 * "instance(id)"; a trailing "//" or "/ *" path ends in "/…" written as SARAP_XPATH_ANY.
 * @limit is the path itself or an ancestor: down to there the expression reads the instance in
 * which its context node stands, below it may read any. NULL: indexed-repeat() reads it, in the
 * one instance that it asks SarapXPathHost.walk for. */
#define SARAP_XPATH_ANY "*"
typedef void (*SarapXPathPathFunc) (const char *path, const char *limit, gpointer data);
void sarap_xpath_foreach_path (const SarapXPath *self, const char *context_path, SarapXPathPathFunc func, gpointer data);

/* Lets the owner of the tree resolve the plain paths of an expression (names only, no predicates)
 * for contexts at @context_path: what @func gives for one is handed to SarapXPathHost.walk; NULL
 * leaves it to the tree. It must live as long as the expression. */
typedef gconstpointer (*SarapXPathPrepareFunc) (const char *path, const char *limit, gpointer data);
void sarap_xpath_prepare (SarapXPath *self, const char *context_path, SarapXPathPrepareFunc func, gpointer data);
gboolean sarap_xpath_is_pure (const SarapXPath *self);       /* no now, today, random, uuid, once */
gboolean sarap_xpath_uses_position (const SarapXPath *self); /* position(..): depends on siblings */
char *sarap_xpath_dup_broken_call (const SarapXPath *self);  /* compile accepts such calls, forms refuse them */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapXPath, sarap_xpath_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapXPathValue, sarap_xpath_value_clear)

G_END_DECLS
