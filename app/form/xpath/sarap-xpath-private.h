#pragma once

#include "app/form/xpath/sarap-xpath.h"

G_BEGIN_DECLS

/* The compact form of an expression, the values that evaluation passes around, and what the
 * families of functions share. */

#define SARAP_XPATH_MAX_LENGTH 65536
#define SARAP_XPATH_MAX_DEPTH 64

typedef enum
{
  EXPR_NUMBER,
  EXPR_LITERAL,
  EXPR_CALL,
  EXPR_PATH,
  EXPR_FILTER, /* primary expression with predicates and a relative path behind it */
  EXPR_UNION,
  EXPR_OR,
  EXPR_AND,
  EXPR_EQUAL,
  EXPR_NOT_EQUAL,
  EXPR_LESS,
  EXPR_LESS_EQUAL,
  EXPR_GREATER,
  EXPR_GREATER_EQUAL,
  EXPR_ADD,
  EXPR_SUBTRACT,
  EXPR_MULTIPLY,
  EXPR_DIVIDE,
  EXPR_MODULO,
  EXPR_NEGATE,
} ExprKind;

typedef enum
{
  AXIS_CHILD,
  AXIS_SELF,
  AXIS_PARENT,
  AXIS_ATTRIBUTE,
  AXIS_DESCENDANT,
  AXIS_DESCENDANT_OR_SELF,
  AXIS_ANCESTOR,
  AXIS_ANCESTOR_OR_SELF,
  AXIS_FOLLOWING,
  AXIS_FOLLOWING_SIBLING,
  AXIS_PRECEDING,
  AXIS_PRECEDING_SIBLING,
  AXIS_NAMESPACE,
} Axis;

typedef enum
{
  TEST_NAME, /* name NULL: any */
  TEST_NODE,
  TEST_TEXT,
  TEST_COMMENT,
  TEST_INSTRUCTION, /* name NULL: any */
} NodeTest;

typedef struct _Expr Expr;
typedef struct _Function Function;

typedef struct
{
  Axis axis;
  NodeTest test;
  const char *name;   /* interned; NULL: any */
  const char *prefix; /* interned as written, or NULL */
  const char *ns;     /* interned URI when the prefix is known, or NULL */
  Expr **predicates;
  guint n_predicates;
} Step;

struct _Expr
{
  ExprKind kind;
  double number;            /* NUMBER */
  char *text;               /* LITERAL; CALL: name as written */
  const Function *function; /* CALL; NULL: unknown */
  Expr **arguments;         /* CALL; operators: operands; FILTER: the primary expression */
  guint n_arguments;
  gboolean is_absolute;   /* PATH */
  gconstpointer prepared; /* PATH, FILTER behind current(): the owner's handle, or NULL */
  Step *steps;            /* PATH, FILTER */
  guint n_steps;
  Expr **predicates; /* FILTER */
  guint n_predicates;
};

struct _SarapXPath
{
  gatomicrefcount references;
  char *source;
  Expr *root;
};

/* A value in flight. Text is borrowed from literals and leaves where it can be; `owned` is freed. */
#define VALUE_INLINE_NODES 6
typedef struct
{
  SarapXPathType type;
  gboolean boolean;
  double number;
  const char *text;
  char *owned;
  SarapNode **heap; /* nodes when there are more than fit inside */
  guint n_nodes;
  guint capacity;
  SarapNode *inside[VALUE_INLINE_NODES];
} Value;

/* One evaluation. */
typedef struct
{
  SarapNode *node;
  guint position;
  guint size;
  const SarapXPathContext *outer;
  GError **error;
} Eval;

typedef gboolean (*FunctionEvaluate) (Eval *eval, const Expr *call, Value *result);

typedef enum
{
  FUNCTION_PURE = 0,
  FUNCTION_IMPURE = 1 << 0, /* another result although nothing that it reads has changed */
} FunctionFlags;

struct _Function
{
  const char *name;
  int min_arguments;
  int max_arguments; /* -1: any number */
  FunctionEvaluate evaluate;
  FunctionFlags flags;
};

const Function *sarap_xpath_find_function (const char *name);
Expr *sarap_xpath_parse (const char *source, GHashTable *namespaces, GError **error);
void sarap_xpath_expr_free (Expr *expr);

/* Evaluation. @result is filled anew; clear it with value_clear() whatever is returned. */
gboolean sarap_xpath_eval (Eval *eval, const Expr *expr, Value *result);
gboolean sarap_xpath_eval_path (Eval *eval, const Expr *expr, Value *result);
gboolean sarap_xpath_eval_filter (Eval *eval, const Expr *expr, Value *result);
gboolean sarap_xpath_eval_instance (Eval *eval, const Expr *path, const Expr *repeat, guint index, Value *nodes);
gboolean sarap_xpath_eval_number (Eval *eval, const Expr *expr, double *number);
gboolean sarap_xpath_eval_boolean (Eval *eval, const Expr *expr, gboolean *boolean);
/* Text of an argument: borrowed from @value, which the caller clears after use. */
gboolean sarap_xpath_eval_text (Eval *eval, const Expr *expr, Value *value, const char **text);
gboolean sarap_xpath_fail (Eval *eval, const char *format, ...) G_GNUC_PRINTF (2, 3);
const SarapXPathHost *sarap_xpath_host (Eval *eval);
SarapClock *sarap_xpath_clock (Eval *eval);

/* Values. */
#define VALUE_INIT             \
  {                            \
    .type = SARAP_XPATH_STRING \
  }
void value_clear (Value *value);
void value_set_boolean (Value *value, gboolean boolean);
void value_set_number (Value *value, double number);
void value_set_text (Value *value, const char *text);
void value_take_text (Value *value, char *text);
/* @days: since 1970-01-01; @iso: (transfer full) its text */
void value_take_date (Value *value, double days, char *iso);
void value_start_nodes (Value *value);
void value_add_node (Value *value, SarapNode *node);
void value_move (Value *to, Value *from);
SarapNode **value_nodes (Value *value);
const char *value_text (Value *value);
double value_number (Value *value);
gboolean value_boolean (Value *value);
void value_sort_nodes (Value *value, gboolean drop_duplicates);

const char *sarap_xpath_node_text (const SarapNode *node, char **owned);
double sarap_xpath_text_to_number (const char *text);

/* Dates: ISO text to days since 1970-01-01. A whole date is its local day; a moment is in UTC
 * days. FALSE when the text is no date at all; @invalid when it looks like one but names no day. */
gboolean sarap_xpath_parse_date (const char *text, GTimeZone *zone, double *days, gboolean *has_time, gboolean *invalid);
char *sarap_xpath_format_moment (double days, GTimeZone *zone);
char *sarap_xpath_format_day (double days);

/* Index of a secondary instance: children of @parent named @item whose child @key reads @text. */
const GPtrArray *sarap_xpath_lookup (SarapNode *parent, const char *item, const char *key, const char *text);

/* Random numbers of the dialect. */
void sarap_xpath_shuffle (SarapNode **nodes, guint n, double seed);
double sarap_xpath_seed_of_text (const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Value, value_clear)

/* The families of functions. */
extern const Function sarap_xpath_core_functions[];
extern const Function sarap_xpath_text_functions[];
extern const Function sarap_xpath_number_functions[];
extern const Function sarap_xpath_date_functions[];
extern const Function sarap_xpath_node_functions[];
extern const Function sarap_xpath_select_functions[];
extern const Function sarap_xpath_geo_functions[];
extern const Function sarap_xpath_chance_functions[];

G_END_DECLS
