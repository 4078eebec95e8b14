#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The tree that expressions walk: the main instance of an interview and every secondary
 * instance (inline, CSV, XML, GeoJSON) are trees of SarapNode.
 *
 *  1. Nodes live in the arena of their tree and die with it; a node that is taken out stays
 *     valid until then.
 *  2. A name is interned (sarap_node_intern): equal names are equal pointers. `prefix` is kept
 *     as the document wrote it, `ns` is the interned namespace URI or NULL.
 *  3. The text of an element without children stands in `text` (NULL means ''); TEXT children
 *     exist only in mixed content. Attributes hang in their own list. Who needs the text of such an
 *     element as a node of its own asks for it: sarap_node_get_text_node().
 *  4. An irrelevant node is left out of node-sets and reads '' but keeps its text.
 *  5. Nodes of large lists are made when they are asked for (sarap-rows.c): whoever may meet them
 *     goes on with sarap_node_get_first_child() and its sisters, not with the pointers.
 */

typedef struct _SarapNode SarapNode;
typedef struct _SarapTree SarapTree;

typedef enum
{
  SARAP_NODE_DOCUMENT,
  SARAP_NODE_ELEMENT,
  SARAP_NODE_ATTRIBUTE,
  SARAP_NODE_TEXT,
  SARAP_NODE_COMMENT,
  SARAP_NODE_INSTRUCTION,
  SARAP_NODE_NAMESPACE, /* name: the prefix, "" for the default; text: the URI */
} SarapNodeKind;

struct _SarapNode
{
  SarapTree *tree;
  const char *name;
  const char *prefix;
  const char *ns;
  char *text;
  SarapNode *parent;
  SarapNode *previous;
  SarapNode *next;
  SarapNode *first_child;
  SarapNode *last_child;
  SarapNode *first_attribute;
  gpointer owner_data; /* what the owner of the tree knows about this node (its bind) */
  guint kind : 4;
  guint is_relevant : 1; /* own and inherited; TRUE unless the owner says otherwise */
  guint is_template : 1; /* jr:template: never seen by expressions */
  guint is_number : 1;   /* an answer of a numeric type */
  guint is_repeat : 1;   /* an instance of a repeat: its path has a position */
  guint is_closed : 1;   /* its children are yet to be made */
  guint is_loose : 1;    /* its neighbours are yet to be made */
  guint32 order;         /* sarap_node_compare_order() only */
};

const char *sarap_node_intern (const char *text);

SarapTree *sarap_tree_new (void);
SarapTree *sarap_tree_new_from_xml (GBytes *bytes, const char *file, GError **error);
SarapTree *sarap_tree_new_from_xml_exact (GBytes *bytes, const char *file, GError **error);
SarapTree *sarap_tree_new_from_csv (GBytes *bytes, const char *file, GError **error);
SarapTree *sarap_tree_new_from_geojson (GBytes *bytes, const char *file, GError **error);
void sarap_tree_free (SarapTree *tree);
/* A static tree never changes again: a secondary instance. Its look-ups are indexed. */
void sarap_tree_set_static (SarapTree *tree);
gboolean sarap_tree_is_static (SarapTree *tree);
GHashTable **sarap_tree_peek_indexes (SarapTree *tree); /* kept for app/form/xpath */
/* Lets go of nodes of a large list; no expression may be under way. */
void sarap_tree_trim (SarapTree *tree);
void sarap_node_forget_made (SarapNode *element);
struct _SarapRows;
void sarap_tree_take_rows (SarapTree *tree, struct _SarapRows *rows, SarapNode *parent);
SarapNode *sarap_tree_get_document (SarapTree *tree);
void sarap_tree_set_document (SarapTree *tree, SarapNode *node);
SarapNode *sarap_tree_get_root (SarapTree *tree);

SarapNode *sarap_tree_new_node (SarapTree *tree, SarapNodeKind kind, const char *prefix, const char *ns, const char *name);
void sarap_node_set_text (SarapNode *node, const char *text);
const char *sarap_node_peek_text (const SarapNode *node);
void sarap_node_append (SarapNode *parent, SarapNode *child);
void sarap_node_insert_after (SarapNode *sibling, SarapNode *child);
void sarap_node_unlink (SarapNode *node);
SarapNode *sarap_node_get_text_node (SarapNode *element);
SarapNode *sarap_node_get_namespaces (SarapNode *element);
SarapNode *sarap_node_copy (SarapNode *node, SarapTree *into);
SarapNode *sarap_node_find_child (const SarapNode *parent, const char *interned_name);
SarapNode *sarap_node_find_attribute (const SarapNode *element, const char *interned_name);
char *sarap_node_dup_string_value (const SarapNode *node);
int sarap_node_compare_order (const SarapNode *a, const SarapNode *b);

void sarap_node_open (const SarapNode *node);

static inline SarapNode *
sarap_node_get_first_child (const SarapNode *node)
{
  if (G_UNLIKELY (node->is_closed))
    sarap_node_open (node);
  return node->first_child;
}

static inline SarapNode *
sarap_node_get_last_child (const SarapNode *node)
{
  if (G_UNLIKELY (node->is_closed))
    sarap_node_open (node);
  return node->last_child;
}

static inline SarapNode *
sarap_node_get_next (const SarapNode *node)
{
  if (G_UNLIKELY (node->is_loose))
    sarap_node_open (node->parent);
  return node->next;
}

static inline SarapNode *
sarap_node_get_previous (const SarapNode *node)
{
  if (G_UNLIKELY (node->is_loose))
    sarap_node_open (node->parent);
  return node->previous;
}

/* "/data/rep[2]/x": [n] only where the owner says that the node is a repeat instance, or, with
 * @all_positions, wherever a sibling has the same name. */
char *sarap_node_dup_path (const SarapNode *node, gboolean all_positions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapTree, sarap_tree_free)

G_END_DECLS
