#pragma once

#include "app/form/xpath/sarap-xpath.h"

G_BEGIN_DECLS

/* What the files of the XPath room share. A compiled expression is a tree of XPathExpr in one
 * arena. Operators of one level are one expression with many terms ("a + b + c" has three), so
 * that depth grows with parentheses, predicates and calls only, never with length. */

#define XPATH_MAX_LENGTH 65536
#define XPATH_MAX_DEPTH 64

typedef struct _XPathExpr XPathExpr;
typedef struct _XPathFunction XPathFunction;

typedef enum
{
  XPATH_OR,
  XPATH_AND,
  XPATH_EQUAL,
  XPATH_UNEQUAL,
  XPATH_LESS,
  XPATH_LESS_OR_EQUAL,
  XPATH_GREATER,
  XPATH_GREATER_OR_EQUAL,
  XPATH_PLUS,
  XPATH_MINUS,
  XPATH_TIMES,
  XPATH_DIV,
  XPATH_MOD,
  XPATH_UNION,
} XPathOperator;

typedef enum
{
  XPATH_EXPR_NUMBER,
  XPATH_EXPR_STRING,
  XPATH_EXPR_CHAIN,
  XPATH_EXPR_NEGATION,
  XPATH_EXPR_CALL,
  XPATH_EXPR_PATH,
} XPathExprKind;

typedef enum
{
  XPATH_AXIS_CHILD,
  XPATH_AXIS_ATTRIBUTE,
  XPATH_AXIS_SELF,
  XPATH_AXIS_PARENT,
  XPATH_AXIS_DESCENDANT,
  XPATH_AXIS_DESCENDANT_OR_SELF,
  XPATH_AXIS_FOLLOWING,
  XPATH_AXIS_FOLLOWING_SIBLING,
  XPATH_AXIS_NAMESPACE,
  XPATH_AXIS_ANCESTOR, /* this and what follows run backwards */
  XPATH_AXIS_ANCESTOR_OR_SELF,
  XPATH_AXIS_PRECEDING,
  XPATH_AXIS_PRECEDING_SIBLING,
} XPathAxis;

typedef enum
{
  XPATH_TEST_NAME,
  XPATH_TEST_ANY_NAME, /* the star, or prefix:* */
  XPATH_TEST_NODE,
  XPATH_TEST_TEXT,
  XPATH_TEST_COMMENT,
  XPATH_TEST_INSTRUCTION,
} XPathTest;

typedef struct
{
  const char *name; /* interned */
  XPathExpr *value; /* does not depend on the node that the predicate looks at */
} XPathLookup;

typedef struct
{
  XPathExpr *expr;
  XPathExpr *index; /* the position to pick, when that is all the predicate says; or NULL */
  guint n_lookups;  /* equalities with a child that must all hold: answered from an index */
  XPathLookup *lookups;
} XPathPredicate;

typedef struct
{
  XPathAxis axis;
  XPathTest test;
  const char *prefix;   /* interned, as written; NULL without */
  const char *name;     /* interned local name; target of an instruction or NULL */
  const char *ns;       /* interned; NULL: no namespace */
  gboolean any_ns;      /* the prefix as written is compared, not the namespace */
  gboolean skips_texts; /* of `//`: the step behind it finds nothing in a text */
  guint n_predicates;
  XPathPredicate *predicates;
} XPathStep;

typedef enum
{
  XPATH_FROM_FOCUS,
  XPATH_FROM_ROOT,
  XPATH_FROM_EXPR,
} XPathStart;

typedef struct
{
  XPathStart start;
  XPathExpr *base;
  guint n_predicates; /* of the base */
  XPathPredicate *predicates;
  guint n_steps;
  guint n_simple; /* leading steps without predicates: `.` and `..`, then child names */
  XPathStep *steps;
  gconstpointer prepared; /* what the owner of the tree knows of this path, or NULL */
} XPathPath;

typedef struct
{
  XPathOperator operator; /* before the operand; of the first one without meaning */
  XPathExpr *operand;
} XPathTerm;

struct _XPathExpr
{
  XPathExprKind kind;
  guint position;          /* 1-based character in the source */
  guint needs_focus : 1;   /* its value differs with the node or position that it is asked for */
  guint uses_position : 1; /* position() or last() of the focus */
  union
  {
    double number;
    const char *text;
    XPathExpr *operand;
    XPathPath path;
    struct
    {
      guint n;
      XPathTerm *terms;
    } chain;
    struct
    {
      const XPathFunction *function; /* NULL: unknown */
      const char *name;
      gboolean is_broken; /* unknown, or it cannot have so many arguments */
      guint n;
      XPathExpr **arguments;
    } call;
  };
};

struct _SarapXPath
{
  gatomicrefcount references;
  char *source;
  XPathExpr *expr;
  GPtrArray *blocks;
  gsize block_size;
  gsize block_used;
};

/* Working values: text is borrowed from the tree or the expression where possible, and a single
 * node needs no array. Start with XPATH_VALUE_INIT, end with xpath_value_reset(). */
typedef struct
{
  SarapXPathType type;
  gboolean boolean;
  double number;     /* NUMBER; DATE: whole local days (is_day) or UTC days */
  gboolean is_day;   /* DATE: reads as a day, even when it knows its time */
  gboolean has_time; /* DATE: `ms` is the instant; else local midnight */
  gint64 ms;
  const char *text;
  char *owned;
  SarapNode *node;  /* NODESET of at most one */
  GPtrArray *nodes; /* NODESET of several; else NULL */
} XPathValue;

#define XPATH_VALUE_INIT                   \
  {                                        \
    .type = SARAP_XPATH_STRING, .text = "" \
  }

typedef struct
{
  SarapNode *node;
  guint position;
  guint size;
} XPathFocus;

typedef struct
{
  const SarapXPathContext *context;
  SarapNode *origin; /* current(); absolute paths start from its tree */
  GError **error;
} XPathEvaluator;

typedef enum
{
  XPATH_IS_IMPURE = 1 << 0,
  XPATH_IS_FOCUSED = 1 << 1, /* depends on the focus whatever its arguments */
  XPATH_IS_FOCUSED_WITHOUT_ARGUMENTS = 1 << 2,
  XPATH_IS_POSITION = 1 << 3, /* without arguments it asks for the focus' position */
  XPATH_NEEDS_EVEN = 1 << 4,  /* number of arguments */
  XPATH_NEEDS_ODD = 1 << 5,
} XPathFunctionFlags;

typedef gboolean (*XPathFunctionFunc) (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result);

struct _XPathFunction
{
  const char *name;
  guint min;
  guint max;
  XPathFunctionFunc evaluate;
  guint flags;
  double (*unary) (double); /* of xpath_call_unary */
};

/* sarap-xpath-lexer.c */
typedef enum
{
  XPATH_TOKEN_END,
  XPATH_TOKEN_NUMBER,
  XPATH_TOKEN_LITERAL,
  XPATH_TOKEN_NAME, /* name, prefix:name, prefix:* or * */
  XPATH_TOKEN_OPERATOR,
  XPATH_TOKEN_PUNCTUATION, /* ( ) [ ] . .. @ , :: / // */
} XPathTokenKind;

typedef struct
{
  XPathTokenKind kind;
  XPathOperator operator;
  double number;
  const char *start;
  gsize length;
  guint position; /* 1-based character of `start` */
} XPathToken;

typedef struct
{
  const char *at; /* start with the source and position 1 */
  guint position;
  gboolean after_operand;
} XPathLexer;

gboolean xpath_lexer_next (XPathLexer *self, XPathToken *token, GError **error);

/* sarap-xpath-value.c */
void xpath_value_reset (XPathValue *self);
void xpath_value_set_boolean (XPathValue *self, gboolean boolean);
void xpath_value_set_number (XPathValue *self, double number);
void xpath_value_borrow_text (XPathValue *self, const char *text);
void xpath_value_take_text (XPathValue *self, char *text);
void xpath_value_clear_nodes (XPathValue *self);
void xpath_value_add_node (XPathValue *self, SarapNode *node);
guint xpath_value_n_nodes (const XPathValue *self);
SarapNode *xpath_value_peek_node (const XPathValue *self, guint index);
void xpath_value_sort (XPathValue *self);
void xpath_node_text (XPathEvaluator *self, SarapNode *node, XPathValue *text);
void xpath_value_type_node (XPathEvaluator *self, XPathValue *value);
gboolean xpath_node_to_boolean (XPathEvaluator *self, SarapNode *node);
double xpath_text_to_number (XPathEvaluator *self, const char *text);
gboolean xpath_text_to_plain_number (const char *text, double *number);
gboolean xpath_text_is_blank (const char *text);
double xpath_to_number (XPathEvaluator *self, const XPathValue *value);
gboolean xpath_to_boolean (XPathEvaluator *self, const XPathValue *value);
const char *xpath_to_text (XPathEvaluator *self, XPathValue *value);
gboolean xpath_compare (XPathEvaluator *self, XPathOperator operator, const XPathValue * left, const XPathValue *right);

/* sarap-xpath-evaluate.c */
gboolean xpath_evaluate (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value);
gboolean xpath_argument (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *value);
gboolean xpath_argument_number (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, double *number);
gboolean xpath_argument_boolean (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, gboolean *boolean);
const char *xpath_argument_text (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *holder);
gboolean xpath_argument_nodes (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *nodes);
/* Each value of the arguments from @first on, node-sets node by node, in order; stops on FALSE. */
typedef gboolean (*XPathEachFunc) (XPathEvaluator *self, XPathValue *value, gpointer data);
gboolean xpath_arguments_foreach (XPathEvaluator *self, const XPathExpr *call, guint first, const XPathFocus *focus, XPathEachFunc func, gpointer data);
gboolean xpath_fail (XPathEvaluator *self, const XPathExpr *at, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* sarap-xpath-path.c */
gboolean xpath_evaluate_path (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value);
gboolean xpath_step_matches (const XPathStep *step, const SarapNode *node);
gboolean xpath_node_is_visible (const SarapNode *node);
guint xpath_node_position (XPathEvaluator *self, SarapNode *node);
gboolean xpath_walk_prepared (XPathEvaluator *self, const XPathPath *path, const XPathPath *repeat, guint index, XPathValue *value);

gboolean xpath_holds (XPathEvaluator *self, const XPathPredicate *predicate, const XPathFocus *focus, gboolean *result);
guint xpath_step_n_lookups (const XPathStep *step);

/* sarap-xpath-list.c */
gboolean xpath_list_collect (XPathEvaluator *self, const XPathStep *step, SarapNode *root, GPtrArray *found, guint *n_done);
void xpath_list_find (SarapNode *root, const char *key, const char *text, GPtrArray *found);

/* sarap-xpath-index.c */
gboolean xpath_index_read_key (const XPathValue *value, XPathValue *text);
gboolean xpath_index_find (SarapNode *parent, const XPathStep *step, const char *key, const XPathValue *value, GPtrArray *found);

/* sarap-xpath-functions.c */
const XPathFunction *xpath_function_find (const char *name);
char *xpath_call_dup_problem (const XPathExpr *call);

/* sarap-xpath-dates.c */
gboolean xpath_text_to_date (XPathEvaluator *self, const char *text, XPathValue *date);
char *xpath_date_to_text (XPathEvaluator *self, const XPathValue *date);
double xpath_date_instant (XPathEvaluator *self, const XPathValue *date);

/* The functions, by family. */
#define XPATH_DECLARE(name) gboolean xpath_call_##name (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
/* sarap-xpath-numbers.c */
XPATH_DECLARE (unary);
XPATH_DECLARE (number);
XPATH_DECLARE (round);
XPATH_DECLARE (pow);
XPATH_DECLARE (atan2);
XPATH_DECLARE (pi);
XPATH_DECLARE (sum);
XPATH_DECLARE (avg);
XPATH_DECLARE (min);
XPATH_DECLARE (max);
XPATH_DECLARE (boolean);
XPATH_DECLARE (not );
XPATH_DECLARE (true);
XPATH_DECLARE (false);
XPATH_DECLARE (boolean_from_string);
/* sarap-xpath-strings.c */
XPATH_DECLARE (string);
XPATH_DECLARE (concat);
XPATH_DECLARE (join);
XPATH_DECLARE (starts_with);
XPATH_DECLARE (ends_with);
XPATH_DECLARE (contains);
XPATH_DECLARE (substring_before);
XPATH_DECLARE (substring_after);
XPATH_DECLARE (substring);
XPATH_DECLARE (substr);
XPATH_DECLARE (string_length);
XPATH_DECLARE (normalize_space);
XPATH_DECLARE (translate);
XPATH_DECLARE (regex);
/* sarap-xpath-choices.c */
XPATH_DECLARE (selected);
XPATH_DECLARE (selected_at);
XPATH_DECLARE (count_selected);
XPATH_DECLARE (choice_name);
XPATH_DECLARE (checklist);
XPATH_DECLARE (weighted_checklist);
/* sarap-xpath-digest.c */
XPATH_DECLARE (digest);
XPATH_DECLARE (base64_decode);
/* sarap-xpath-repeats.c */
XPATH_DECLARE (position);
XPATH_DECLARE (indexed_repeat);
/* sarap-xpath-nodes.c */
XPATH_DECLARE (last);
XPATH_DECLARE (count);
XPATH_DECLARE (count_non_empty);
XPATH_DECLARE (id);
XPATH_DECLARE (local_name);
XPATH_DECLARE (name);
XPATH_DECLARE (namespace_uri);
XPATH_DECLARE (lang);
XPATH_DECLARE (current);
XPATH_DECLARE (instance);
XPATH_DECLARE (pulldata);
/* sarap-xpath-form.c */
XPATH_DECLARE (if);
XPATH_DECLARE (coalesce);
XPATH_DECLARE (depend);
XPATH_DECLARE (once);
XPATH_DECLARE (itext);
XPATH_DECLARE (property);
XPATH_DECLARE (version);
/* sarap-xpath-random.c */
XPATH_DECLARE (random);
XPATH_DECLARE (uuid);
XPATH_DECLARE (randomize);
/* sarap-xpath-dates.c */
XPATH_DECLARE (date);
XPATH_DECLARE (date_time);
XPATH_DECLARE (decimal_date_time);
XPATH_DECLARE (decimal_time);
XPATH_DECLARE (format_date);
XPATH_DECLARE (today);
XPATH_DECLARE (now);
/* sarap-xpath-geo.c */
XPATH_DECLARE (area);
XPATH_DECLARE (distance);
XPATH_DECLARE (geofence);
#undef XPATH_DECLARE

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XPathValue, xpath_value_reset)

G_END_DECLS
