#pragma once

#include "app/form/sarap-form.h"
#include "app/form/sarap-node.h"
#include "app/form/xpath/sarap-xpath.h"

G_BEGIN_DECLS

/* The compiled form, immutable after sarap_form_load(). What belongs to one interview lives in
 * sarap-interview-private.h.
 *
 *  1. Every node of the primary instance has a SarapBind, whether the model binds it or not;
 *     `binds` is in document order, so parents come before their children.
 *  2. A scope is the root or a repeat. A bind is a slot of exactly one scope; the repeat's own
 *     node is slot 0 of its scope.
 *  3. Each repeat has one template per enclosing instance, flagged is_template, standing before
 *     the first instance. The parser makes those that the form does not have.
 *  4. Paths are keys: absolute, local names, attributes as "@name", no positions.
 *  5. Strings live in `strings` as long as the form.
 */

#define SARAP_NS_XFORMS "http://www.w3.org/2002/xforms"
#define SARAP_NS_XHTML "http://www.w3.org/1999/xhtml"
#define SARAP_NS_JAVAROSA "http://openrosa.org/javarosa"
#define SARAP_NS_OPENROSA "http://openrosa.org/xforms"
#define SARAP_NS_ODK "http://www.opendatakit.org/xforms"
#define SARAP_NS_SARAP "https://sarap.org/xforms"
#define SARAP_NS_ENTITIES "http://www.opendatakit.org/xforms/entities"

typedef struct _SarapBind SarapBind;
typedef struct _SarapScope SarapScope;
typedef struct _SarapText SarapText;
typedef struct _SarapItext SarapItext;
typedef struct _SarapFacet SarapFacet;
typedef struct _SarapAction SarapAction;
typedef struct _SarapItemset SarapItemset;

typedef enum
{
  SARAP_DATA_TEXT,
  SARAP_DATA_INT,
  SARAP_DATA_DECIMAL,
  SARAP_DATA_BOOLEAN,
  SARAP_DATA_DATE,
  SARAP_DATA_TIME,
  SARAP_DATA_DATE_TIME,
  SARAP_DATA_GEOPOINT,
  SARAP_DATA_GEOTRACE,
  SARAP_DATA_GEOSHAPE,
  SARAP_DATA_BINARY,
  SARAP_DATA_BARCODE,
} SarapDataType;

typedef enum
{
  SARAP_PRELOAD_NONE,
  SARAP_PRELOAD_UID,
  SARAP_PRELOAD_START,
  SARAP_PRELOAD_END,
  SARAP_PRELOAD_TODAY,
  SARAP_PRELOAD_PROPERTY,
} SarapPreload;

struct _SarapBind
{
  const char *path;
  const char *name; /* interned local name */
  SarapBind *parent;
  SarapScope *scope;
  SarapScope *repeat; /* the scope that this node is an instance of, or NULL */
  const SarapElement *element;
  SarapXPath *relevant;
  SarapXPath *required;
  SarapXPath *readonly;
  SarapXPath *constraint;
  SarapXPath *calculate;
  SarapText *required_message;
  SarapText *constraint_message;
  const char *preload_parameters;
  const char **parameters; /* attributes of OpenRosa and ODK: name, value, …, NULL */
  SarapFacet *facets;      /* chained by next_of_bind */
  GArray *readers;         /* (element-type SarapReader), NULL when nothing reads this node */
  GPtrArray *actions;      /* (element-type SarapAction) run when the value changes; borrowed */
  guint index;
  guint slot;
  guint line;
  guint type : 4;
  guint preload : 4;
  guint is_attribute : 1;
  guint is_leaf : 1;
  guint is_sensitive : 1;  /* sarap:sensitive */
  guint is_bound : 1;      /* the model has a <bind> for it */
  guint has_namesakes : 1; /* it or a node around it stands several times and is no repeat */
  guint required_always : 1;
  guint readonly_always : 1;
};

struct _SarapScope
{
  SarapScope *parent;
  SarapBind *bind;
  const SarapElement *element;
  GPtrArray *binds;  /* slots, (element-type SarapBind) borrowed */
  GPtrArray *ranges; /* nested repeats, (element-type SarapScope) borrowed */
  SarapXPath *count;
  GPtrArray *actions;      /* odk-new-repeat, (element-type SarapAction) borrowed */
  GArray *outside_readers; /* (element-type SarapReader) who see instances come and go; NULL: none */
  guint range;             /* index in parent->ranges */
  guint depth;             /* 0 for the root */
  guint no_add_remove : 1;
};

/* What a change can make wrong: the unit of recomputation (sarap-graph.c). */
typedef enum
{
  SARAP_FACET_RELEVANT,
  SARAP_FACET_COUNT,
  SARAP_FACET_CALCULATE,
  SARAP_FACET_FILTER, /* a select whose answer must stay among its choices */
} SarapFacetKind;

struct _SarapFacet
{
  SarapFacet *next_of_bind;
  SarapBind *bind;
  SarapXPath *expression; /* borrowed */
  guint rank;             /* position in SarapForm.facets */
  guint kind : 3;
  guint is_pure : 1;
  guint uses_position : 1;
  guint uses_language : 1;
};

/* Who reads a node: @facet, in all frames that share with the node its instance at @depth (of
 * scopes) and above. */
typedef struct
{
  SarapFacet *facet;
  guint depth;
  gboolean is_indexed; /* reads it in the instance that SarapCell.index_seen tells */
} SarapReader;

/* A plain path of an expression: from the context's frame at @depth down to @bind. */
typedef struct
{
  SarapBind *bind;
  guint depth;
} SarapPath;

/* Text with outputs. @outputs[i] stands after @literals[i]; there is one literal more. */
struct _SarapText
{
  const char *itext;     /* id of a translated text, or NULL */
  SarapXPath *reference; /* label ref="…" that is no constant jr:itext(), or NULL */
  const char **literals;
  SarapXPath **outputs;
  guint n_outputs;
};

typedef enum
{
  SARAP_EVENT_FIRST_LOAD = 1 << 0,
  SARAP_EVENT_NEW_REPEAT = 1 << 1,
  SARAP_EVENT_VALUE_CHANGED = 1 << 2,
  SARAP_EVENT_LOAD = 1 << 3,
} SarapEvent;

typedef enum
{
  SARAP_ACTION_SETVALUE,
  SARAP_ACTION_SETGEOPOINT,
  SARAP_ACTION_RECORDAUDIO,
} SarapActionKind;

struct _SarapAction
{
  SarapActionKind kind;
  guint events; /* SarapEvent */
  SarapBind *target_bind;
  SarapXPath *target;          /* only for a target with predicates */
  SarapXPath *value;           /* NULL: the literal */
  const char *literal;         /* "" clears */
  const char *quality;         /* recordaudio */
  const SarapElement *element; /* in which it is nested; NULL in the model */
};

struct _SarapItemset
{
  SarapXPath *nodeset;
  SarapXPath *value;
  SarapXPath *member;     /* the items whose value is that of the context node; NULL: ask the nodeset */
  SarapXPath *label;      /* NULL: the value */
  const char *value_name; /* interned, when the value is just a child's name */
  const char *label_name;
  gboolean label_is_itext; /* label ref="jr:itext(…)": `label` gives the id */
  gboolean is_filtered;    /* has a predicate: answers may fall out of it */
};

typedef struct
{
  const char *value;
  SarapText *label;
} SarapItem;

struct _SarapElement
{
  SarapElementKind kind;
  SarapQuestionKind question_kind;
  const SarapElement *parent;
  GPtrArray *children; /* (element-type SarapElement), owned; NULL for questions */
  SarapBind *bind;
  const char *path;
  const char *name;
  const char *appearance;
  char **appearance_words;
  const char *mediatype;
  const char **parameters; /* name, value, …, NULL */
  SarapText *label;
  SarapText *hint;
  SarapItemset *itemset;
  GArray *items; /* (element-type SarapItem) or NULL */
  gboolean is_select;
};

typedef struct
{
  const char *id;
  const char *source; /* jr:// or NULL when inline */
  SarapTree *tree;
  gboolean is_last_saved;
} SarapSecondary;

struct _SarapForm
{
  GObject parent_instance;

  GBytes *xml;
  char *file;
  char hash[4 + 32 + 1];
  gboolean is_converted; /* from a workbook */
  SarapFormMedia media;

  GStringChunk *strings;
  const char *id;
  const char *version;
  const char *title;
  const char *body_class;
  GHashTable *submission; /* attributes of the submission element: local name → value */
  GHashTable *namespaces; /* prefix → URI, for expressions */

  SarapTree *instance; /* primary instance with its templates */
  SarapNode *root;
  GPtrArray *binds;       /* (element-type SarapBind) owned, document order */
  GHashTable *bind_of;    /* path → SarapBind */
  GPtrArray *scopes;      /* (element-type SarapScope) owned, [0] the root */
  GPtrArray *facets;      /* (element-type SarapFacet) owned, topological order */
  GPtrArray *paths;       /* (element-type SarapPath) owned, of prepared expressions */
  GPtrArray *secondaries; /* (element-type SarapSecondary) */
  GHashTable *secondary_of;
  GPtrArray *media_names; /* NULL-terminated */

  SarapItext *itext;
  SarapElement *body;
  GHashTable *element_of;  /* path → SarapElement */
  GHashTable *question_of; /* name → SarapElement */
  GPtrArray *actions;      /* (element-type SarapAction) owned, document order */
  SarapBind *instance_id;
  SarapBind *deprecated_id; /* most often without a node */
  SarapBind *instance_name;
  SarapBind *audit;
};

/* sarap-bind.c */
SarapBind *sarap_form_find_bind (SarapForm *self, const char *path);
SarapDataType sarap_data_type_parse (const char *name);
SarapBind *sarap_form_add_bind (SarapForm *self, SarapBind *parent, SarapScope *scope, const SarapNode *node);
void sarap_bind_free (SarapBind *self);
SarapScope *sarap_form_add_scope (SarapForm *self, SarapScope *parent);
gboolean sarap_scope_is_above (const SarapScope *self, const SarapScope *below);
void sarap_scope_free (SarapScope *self);
char *sarap_path_strip (const char *path);

/* sarap-value.c */
gboolean sarap_value_is_valid (SarapDataType type, const char *text);
char *sarap_value_canonicalize (SarapDataType type, const char *text);
char *sarap_value_cast (SarapDataType type, const char *text);
char *sarap_value_from_xpath (SarapDataType type, const SarapXPathValue *value, GTimeZone *zone);

/* sarap-text.c */
void sarap_text_free (SarapText *self);
char *sarap_text_dup_literals (const SarapText *self);
SarapText *sarap_text_new_literal (SarapForm *form, const char *text);

/* xforms/sarap-xforms-itext.c */
SarapItext *sarap_itext_new (void);
void sarap_itext_free (SarapItext *self);
const char *const *sarap_itext_get_languages (SarapItext *self);
int sarap_itext_find_language (SarapItext *self, const char *language);
int sarap_itext_get_default (SarapItext *self);
void sarap_itext_foreach_media (SarapItext *self, GPtrArray *names);
gboolean sarap_itext_has (SarapItext *self, const char *id);
const SarapText *sarap_itext_find (SarapItext *self, int language, const char *id, const char *form);

/* sarap-element.c */
SarapElement *sarap_element_new (SarapElementKind kind, const SarapElement *parent);
void sarap_element_free (SarapElement *self);

/* sarap-graph.c */
SarapScope *sarap_facet_get_scope (const SarapFacet *self);
gboolean sarap_graph_build (SarapForm *form, SarapProblems *problems);

/* sarap-form.c */
SarapScope *sarap_form_peek_root_scope (SarapForm *self);
SarapNode *sarap_form_peek_secondary (SarapForm *self, const char *id);

G_END_DECLS
