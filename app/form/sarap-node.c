#include "app/form/sarap-node.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"
#include "app/form/sarap-rows.h"

/* The tree that expressions see.
 *
 *  1. Nodes are made in blocks and live as long as their tree; names are interned, so that they are compared by pointer.
 *  2. An element with text alone carries it itself; mixed content has nodes of its own. The text node, the namespaces and
 *     the order of an element are made when an expression asks for them.
 *  3. A tree that is static (a secondary instance) may have indexes (xpath/sarap-xpath-index.c), and the rows of a large
 *     list behind it (sarap-rows.c).
 */

#define BLOCK_NODES 256

struct _SarapTree
{
  SarapNode *document;
  GPtrArray *blocks; /* arrays of BLOCK_NODES nodes */
  guint used;        /* nodes used of the last block */
  GHashTable *indexes;
  GHashTable *texts;      /* element → its text as a node, made when asked for */
  GHashTable *declared;   /* element → first of the namespaces that it declares; only trees read from XML */
  GHashTable *namespaces; /* element → first of the namespaces in scope, made when asked for */
  SarapRows *rows;        /* of a large list, or NULL */
  gboolean is_static;
  gboolean is_numbered; /* `order` of every node is right */
};

/* The pointer that stands for this text for as long as the process lives; NULL for NULL. Any thread.
 * Not g_intern_string(): that leaves an old table behind for each 2048 names, gigabytes for a list
 * with a million of them. */
const char *
sarap_node_intern (const char *text)
{
  static GMutex lock;
  static GStringChunk *names;
  const char *name;

  if (text == NULL)
    return NULL;
  g_mutex_lock (&lock);
  if (names == NULL)
    names = g_string_chunk_new (4096);
  name = g_string_chunk_insert_const (names, text);
  g_mutex_unlock (&lock);
  return name;
}

static SarapNode *
allocate (SarapTree *tree)
{
  if (tree->blocks->len == 0 || tree->used == BLOCK_NODES)
    {
      g_ptr_array_add (tree->blocks, g_new0 (SarapNode, BLOCK_NODES));
      tree->used = 0;
    }
  return (SarapNode *) g_ptr_array_index (tree->blocks, tree->blocks->len - 1) + tree->used++;
}

/* An empty tree: a document node without a root. */
SarapTree *
sarap_tree_new (void)
{
  SarapTree *tree = g_new0 (SarapTree, 1);

  tree->blocks = g_ptr_array_new ();
  tree->document = sarap_tree_new_node (tree, SARAP_NODE_DOCUMENT, NULL, NULL, NULL);
  return tree;
}

void
sarap_tree_free (SarapTree *tree)
{
  for (guint i = 0; i < tree->blocks->len; i++)
    {
      SarapNode *block = g_ptr_array_index (tree->blocks, i);
      guint used = i + 1 == tree->blocks->len ? tree->used : BLOCK_NODES;

      for (guint n = 0; n < used; n++)
        g_free (block[n].text);
      g_free (block);
    }
  g_ptr_array_unref (tree->blocks);
  g_clear_pointer (&tree->indexes, g_hash_table_unref);
  g_clear_pointer (&tree->texts, g_hash_table_unref);
  g_clear_pointer (&tree->declared, g_hash_table_unref);
  g_clear_pointer (&tree->namespaces, g_hash_table_unref);
  g_clear_pointer (&tree->rows, sarap_rows_free);
  g_free (tree);
}

void
sarap_tree_set_static (SarapTree *tree)
{
  tree->is_static = TRUE;
}

gboolean
sarap_tree_is_static (SarapTree *tree)
{
  return tree->is_static;
}

GHashTable **
sarap_tree_peek_indexes (SarapTree *tree)
{
  return &tree->indexes;
}

/* The children of @parent, which has none yet, are those of @rows. */
void
sarap_tree_take_rows (SarapTree *tree, SarapRows *rows, SarapNode *parent)
{
  tree->rows = rows;
  parent->is_closed = TRUE;
}

SarapRows *
sarap_node_peek_rows (const SarapNode *node)
{
  return node->tree->rows != NULL && node->parent == node->tree->document ? node->tree->rows : NULL;
}

void
sarap_node_open (const SarapNode *node)
{
  sarap_rows_open (node->tree->rows, (SarapNode *) node);
}

/* Forgets what was made for @element, which is about to go. */
void
sarap_node_forget_made (SarapNode *element)
{
  if (element->tree->texts != NULL)
    g_hash_table_remove (element->tree->texts, element);
  if (element->tree->namespaces != NULL)
    g_hash_table_remove (element->tree->namespaces, element);
}

void
sarap_tree_trim (SarapTree *tree)
{
  if (tree->rows != NULL)
    sarap_rows_trim (tree->rows);
}

SarapNode *
sarap_tree_get_document (SarapTree *tree)
{
  return tree->document;
}

/* Makes @node, of the same tree, the place where absolute paths start. */
void
sarap_tree_set_document (SarapTree *tree, SarapNode *node)
{
  tree->document = node;
}

/* The root element; NULL in an empty tree. */
SarapNode *
sarap_tree_get_root (SarapTree *tree)
{
  for (SarapNode *node = tree->document->first_child; node != NULL; node = node->next)
    if (node->kind == SARAP_NODE_ELEMENT)
      return node;
  return NULL;
}

/* A node that is not yet in the tree; the names need not be interned. */
SarapNode *
sarap_tree_new_node (SarapTree *tree, SarapNodeKind kind, const char *prefix, const char *ns, const char *name)
{
  SarapNode *node = allocate (tree);

  node->tree = tree;
  node->kind = kind;
  node->prefix = sarap_node_intern (prefix);
  node->ns = sarap_node_intern (ns);
  node->name = sarap_node_intern (name);
  node->is_relevant = TRUE;
  return node;
}

void
sarap_node_set_text (SarapNode *node, const char *text)
{
  char *copy = text != NULL && *text != '\0' ? g_strdup (text) : NULL;

  g_free (node->text);
  node->text = copy;
}

/* Whether @node is what sarap_node_get_text_node() gave: it has no text of its own. */
static gboolean
is_made_text (const SarapNode *node)
{
  return node->kind == SARAP_NODE_TEXT && node->parent != NULL && node->parent->first_child == NULL;
}

/* The stored text, never NULL; whether the node is relevant is the caller's to ask. */
const char *
sarap_node_peek_text (const SarapNode *node)
{
  if (is_made_text (node))
    node = node->parent;
  return node->text != NULL ? node->text : "";
}

static void
append_attribute (SarapNode *parent, SarapNode *attribute)
{
  SarapNode *last = parent->first_attribute;

  attribute->parent = parent;
  if (last == NULL)
    {
      parent->first_attribute = attribute;
      return;
    }
  while (last->next != NULL)
    last = last->next;
  last->next = attribute;
  attribute->previous = last;
}

void
sarap_node_append (SarapNode *parent, SarapNode *child)
{
  parent->tree->is_numbered = FALSE;
  if (child->kind == SARAP_NODE_ATTRIBUTE)
    {
      append_attribute (parent, child);
      return;
    }
  child->parent = parent;
  child->previous = parent->last_child;
  if (parent->last_child != NULL)
    parent->last_child->next = child;
  else
    parent->first_child = child;
  parent->last_child = child;
}

void
sarap_node_insert_after (SarapNode *sibling, SarapNode *child)
{
  SarapNode *parent = sibling->parent;

  parent->tree->is_numbered = FALSE;
  child->parent = parent;
  child->previous = sibling;
  child->next = sibling->next;
  if (sibling->next != NULL)
    sibling->next->previous = child;
  else
    parent->last_child = child;
  sibling->next = child;
}

/* Takes the node out; it stays valid until its tree is freed. */
void
sarap_node_unlink (SarapNode *node)
{
  SarapNode *parent = node->parent;

  if (parent == NULL)
    return;
  node->tree->is_numbered = FALSE;
  if (node->previous != NULL)
    node->previous->next = node->next;
  else if (node->kind == SARAP_NODE_ATTRIBUTE)
    parent->first_attribute = node->next;
  else
    parent->first_child = node->next;
  if (node->next != NULL)
    node->next->previous = node->previous;
  else if (node->kind != SARAP_NODE_ATTRIBUTE)
    parent->last_child = node->previous;
  node->parent = node->previous = node->next = NULL;
}

/* Made nodes: they hang below their element without being in its lists. */
static SarapNode *
look_up (GHashTable **table, const SarapNode *element)
{
  if (*table == NULL)
    *table = g_hash_table_new (NULL, NULL);
  return g_hash_table_lookup (*table, element);
}

/* The text of @element as a node, always the same one; NULL when it has none or has children. */
SarapNode *
sarap_node_get_text_node (SarapNode *element)
{
  SarapNode *node;

  if (element->kind != SARAP_NODE_ELEMENT || sarap_node_get_first_child (element) != NULL || element->text == NULL)
    return NULL;
  node = look_up (&element->tree->texts, element);
  if (node == NULL)
    {
      node = sarap_tree_new_node (element->tree, SARAP_NODE_TEXT, NULL, NULL, NULL);
      node->parent = element;
      g_hash_table_insert (element->tree->texts, element, node);
    }
  node->is_relevant = element->is_relevant;
  return node;
}

/* @prefix "" is the default namespace. Nothing when @first has that prefix already. */
static SarapNode *
add_namespace (SarapNode *first, SarapNode *element, const char *prefix, const char *uri)
{
  SarapNode *node, *last = NULL;

  for (SarapNode *known = first; known != NULL; last = known, known = known->next)
    if (known->name == sarap_node_intern (prefix))
      return first;
  node = sarap_tree_new_node (element->tree, SARAP_NODE_NAMESPACE, NULL, NULL, prefix);
  node->parent = element;
  node->order = last != NULL ? last->order + 1 : 1;
  sarap_node_set_text (node, uri);
  if (last == NULL)
    return node;
  last->next = node;
  return first;
}

/* xmlns="" takes the default namespace away. */
static SarapNode *
without_undeclared (SarapNode *first)
{
  SarapNode **link = &first;

  while (*link != NULL)
    if ((*link)->text == NULL)
      *link = (*link)->next;
    else
      link = &(*link)->next;
  return first;
}

/* The namespaces in scope, linked by `next`, as XPath 1.0, section 5.4, has them; known only of
 * trees that were read from XML. NULL when @element is none. */
SarapNode *
sarap_node_get_namespaces (SarapNode *element)
{
  SarapTree *tree = element->tree;
  SarapNode *first;

  if (element->kind != SARAP_NODE_ELEMENT)
    return NULL;
  first = look_up (&tree->namespaces, element);
  if (first != NULL)
    return first;
  for (SarapNode *node = element; node != NULL; node = node->parent)
    for (SarapNode *declared = look_up (&tree->declared, node); declared != NULL; declared = declared->next)
      first = add_namespace (first, element, declared->name, declared->text);
  first = add_namespace (first, element, "xml", "http://www.w3.org/XML/1998/namespace");
  first = without_undeclared (first);
  g_hash_table_insert (tree->namespaces, element, first);
  return first;
}

/* A deep copy with attributes, owner data and flags, not yet in the tree @into. */
SarapNode *
sarap_node_copy (SarapNode *node, SarapTree *into)
{
  SarapNode *copy = allocate (into);

  copy->tree = into;
  copy->name = node->name;
  copy->prefix = node->prefix;
  copy->ns = node->ns;
  copy->text = g_strdup (node->text);
  copy->owner_data = node->owner_data;
  copy->kind = node->kind;
  copy->is_relevant = node->is_relevant;
  copy->is_template = node->is_template;
  copy->is_repeat = node->is_repeat;
  copy->is_number = node->is_number;
  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    sarap_node_append (copy, sarap_node_copy (attribute, into));
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    sarap_node_append (copy, sarap_node_copy (child, into));
  return copy;
}

SarapNode *
sarap_node_find_child (const SarapNode *parent, const char *interned_name)
{
  for (SarapNode *child = sarap_node_get_first_child (parent); child != NULL; child = child->next)
    if (child->name == interned_name && child->kind == SARAP_NODE_ELEMENT && !child->is_template)
      return child;
  return NULL;
}

SarapNode *
sarap_node_find_attribute (const SarapNode *element, const char *interned_name)
{
  for (SarapNode *attribute = element->first_attribute; attribute != NULL; attribute = attribute->next)
    if (attribute->name == interned_name)
      return attribute;
  return NULL;
}

static void
append_string_value (const SarapNode *node, GString *text)
{
  if (node->text != NULL)
    g_string_append (text, node->text);
  for (const SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = child->next)
    if (child->is_relevant && !child->is_template && child->kind != SARAP_NODE_COMMENT && child->kind != SARAP_NODE_INSTRUCTION)
      append_string_value (child, text);
}

/* XPath 1.0, section 5: the text of an element is that of all its descendants. Irrelevant nodes read ''. */
char *
sarap_node_dup_string_value (const SarapNode *node)
{
  g_autoptr (GString) text = NULL;

  if (!node->is_relevant)
    return g_strdup ("");
  if (sarap_node_get_first_child (node) == NULL)
    return g_strdup (sarap_node_peek_text (node));
  text = g_string_new (NULL);
  append_string_value (node, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Attributes come before children (XPath 1.0, section 5). A number is left free for the text of an
 * element without children. */
static guint32
number_nodes (SarapNode *node, guint32 order)
{
  node->order = order++;
  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    attribute->order = order++;
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    order = number_nodes (child, order);
  return order + (node->first_child == NULL);
}

/* Made nodes have no number: namespaces stand behind their element, a text behind the attributes. */
static guint32
order_of (const SarapNode *node)
{
  guint32 order;

  if (node->kind == SARAP_NODE_NAMESPACE)
    return node->parent->order;
  if (!is_made_text (node))
    return node->order;
  order = node->parent->order + 1;
  for (const SarapNode *attribute = node->parent->first_attribute; attribute != NULL; attribute = attribute->next)
    order++;
  return order;
}

static guint32
order_of_namespace (const SarapNode *node)
{
  return node->kind == SARAP_NODE_NAMESPACE ? node->order : 0;
}

static SarapNode *
top_of (const SarapNode *node)
{
  SarapNode *top = (SarapNode *) node;

  while (top->parent != NULL)
    top = top->parent;
  return top;
}

/* Nodes of a large list are numbered as they are made (sarap-rows.c, rule 4). */
static guint64
order_in_list (const SarapNode *node)
{
  const SarapNode *root = sarap_tree_get_root (node->tree);
  guint64 made = node->kind == SARAP_NODE_NAMESPACE ? 1 : node->kind == SARAP_NODE_TEXT ? 2
                                                                                        : 0;

  if (made > 0)
    node = node->parent;
  if (node == node->tree->document || node == root)
    return (node == root) * 4 + made;
  if (node->parent == root)
    return ((guint64) node->order << 32) + made;
  return ((guint64) node->parent->order << 32) + (guint64) node->order * 4 + made;
}

/* Document order: < 0 when @a comes first. Nodes of different trees compare by address of the
 * tree. Cheap: nodes are numbered once after the structure has changed. */
int
sarap_node_compare_order (const SarapNode *a, const SarapNode *b)
{
  if (a == b)
    return 0;
  if (a->tree != b->tree)
    return (guintptr) a->tree < (guintptr) b->tree ? -1 : 1;
  if (a->tree->rows != NULL && order_in_list (a) != order_in_list (b))
    return order_in_list (a) < order_in_list (b) ? -1 : 1;
  if (!a->tree->is_numbered && a->tree->rows == NULL)
    {
      number_nodes (top_of (a), 0);
      a->tree->is_numbered = TRUE;
    }
  if (order_of (a) != order_of (b))
    return order_of (a) < order_of (b) ? -1 : 1;
  return order_of_namespace (a) < order_of_namespace (b) ? -1 : 1;
}

static guint
position_among_namesakes (const SarapNode *node, gboolean *is_alone)
{
  guint position = 1;

  for (const SarapNode *sibling = sarap_node_get_previous (node); sibling != NULL; sibling = sibling->previous)
    position += sibling->name == node->name && sibling->kind == node->kind && !sibling->is_template;
  *is_alone = position == 1;
  for (const SarapNode *sibling = node->next; sibling != NULL && *is_alone; sibling = sibling->next)
    *is_alone = sibling->name != node->name || sibling->kind != node->kind || sibling->is_template;
  return position;
}

static void
append_step (const SarapNode *node, gboolean all_positions, GString *path)
{
  gboolean is_alone;
  guint position;

  if (node->parent == NULL || node->kind == SARAP_NODE_DOCUMENT)
    return;
  append_step (node->parent, all_positions, path);
  g_string_append (path, node->kind == SARAP_NODE_ATTRIBUTE ? "/@" : "/");
  if (node->kind == SARAP_NODE_TEXT)
    g_string_append (path, "text()");
  else if (node->kind == SARAP_NODE_COMMENT)
    g_string_append (path, "comment()");
  else if (node->kind == SARAP_NODE_INSTRUCTION)
    g_string_append_printf (path, "processing-instruction('%s')", node->name);
  else if (node->kind == SARAP_NODE_NAMESPACE)
    g_string_append_printf (path, "namespace::%s", node->name);
  else if (node->prefix != NULL)
    g_string_append_printf (path, "%s:%s", node->prefix, node->name);
  else
    g_string_append (path, node->name);
  if (node->kind == SARAP_NODE_ATTRIBUTE || node->kind == SARAP_NODE_NAMESPACE)
    return;
  position = position_among_namesakes (node, &is_alone);
  if (node->is_repeat || (all_positions && !is_alone))
    g_string_append_printf (path, "[%u]", position);
}

char *
sarap_node_dup_path (const SarapNode *node, gboolean all_positions)
{
  GString *path = g_string_new (NULL);

  append_step (node, all_positions, path);
  return g_string_free (path, FALSE);
}

/* XML: mixed content keeps its texts as nodes, other elements carry their text themselves. */
static void
add_xml_attributes (SarapTree *tree, SarapNode *element, const xmlNode *source)
{
  for (const xmlAttr *attribute = source->properties; attribute != NULL; attribute = attribute->next)
    {
      SarapNode *node = sarap_tree_new_node (tree, SARAP_NODE_ATTRIBUTE, attribute->ns ? (const char *) attribute->ns->prefix : NULL,
                                             attribute->ns ? (const char *) attribute->ns->href : NULL, (const char *) attribute->name);
      xmlChar *value = xmlNodeListGetString (source->doc, attribute->children, 1);

      sarap_node_set_text (node, (const char *) value);
      xmlFree (value);
      append_attribute (element, node);
    }
}

static void
add_xml_namespaces (SarapNode *element, const xmlNode *source)
{
  SarapNode *first = NULL;

  for (const xmlNs *ns = source->nsDef; ns != NULL; ns = ns->next)
    first = add_namespace (first, element, ns->prefix ? (const char *) ns->prefix : "", (const char *) ns->href);
  if (first == NULL)
    return;
  look_up (&element->tree->declared, element);
  g_hash_table_insert (element->tree->declared, element, first);
}

static gboolean
is_text (const xmlNode *node)
{
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

static const xmlNode *add_xml_child (SarapTree *tree, SarapNode *parent, const xmlNode *child, gboolean keeps_blanks);

static void
add_xml_children (SarapTree *tree, SarapNode *parent, const xmlNode *first, gboolean keeps_blanks)
{
  for (const xmlNode *child = first; child != NULL;)
    child = add_xml_child (tree, parent, child, keeps_blanks);
}

/* Neighbouring texts and CDATA sections are one text. Returns what follows them. */
static const xmlNode *
add_xml_text (SarapTree *tree, SarapNode *parent, const xmlNode *child, gboolean keeps_blanks)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_alone = child->prev == NULL;
  SarapNode *node;

  for (; child != NULL && is_text (child); child = child->next)
    g_string_append (text, (const char *) child->content);
  is_alone = is_alone && child == NULL;
  if (is_alone && parent->kind == SARAP_NODE_ELEMENT)
    sarap_node_set_text (parent, text->str);
  else if (keeps_blanks || !is_blank (text->str))
    {
      node = sarap_tree_new_node (tree, SARAP_NODE_TEXT, NULL, NULL, NULL);
      sarap_node_set_text (node, text->str);
      sarap_node_append (parent, node);
    }
  return child;
}

static const xmlNode *
add_xml_child (SarapTree *tree, SarapNode *parent, const xmlNode *child, gboolean keeps_blanks)
{
  gboolean is_instruction = child->type == XML_PI_NODE;
  SarapNode *node;

  if (is_text (child))
    return add_xml_text (tree, parent, child, keeps_blanks);
  if (child->type == XML_ELEMENT_NODE)
    {
      node = sarap_tree_new_node (tree, SARAP_NODE_ELEMENT, child->ns ? (const char *) child->ns->prefix : NULL,
                                  child->ns ? (const char *) child->ns->href : NULL, (const char *) child->name);
      sarap_node_append (parent, node);
      add_xml_attributes (tree, node, child);
      add_xml_namespaces (node, child);
      add_xml_children (tree, node, child->children, keeps_blanks);
    }
  else if (child->type == XML_COMMENT_NODE || is_instruction)
    {
      node = sarap_tree_new_node (tree, is_instruction ? SARAP_NODE_INSTRUCTION : SARAP_NODE_COMMENT, NULL, NULL, is_instruction ? (const char *) child->name : NULL);
      sarap_node_set_text (node, (const char *) child->content);
      sarap_node_append (parent, node);
    }
  return child->next;
}

static guint
count_elements (const xmlNode *parent)
{
  guint n = 0;

  for (const xmlNode *child = parent ? parent->children : NULL; child != NULL; child = child->next)
    n += child->type == XML_ELEMENT_NODE;
  return n;
}

static SarapTree *
read_xml (GBytes *bytes, const char *file, gboolean keeps_blanks, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (bytes, file, error);
  SarapTree *tree;

  if (document == NULL)
    return NULL;
  if (count_elements (xmlDocGetRootElement (document)) > SARAP_LIST_MAX_ROWS)
    {
      sarap_list_set_too_long (file, error);
      return NULL;
    }
  tree = sarap_tree_new ();
  add_xml_children (tree, tree->document, document->children, keeps_blanks);
  return tree;
}

/* Blank text between elements is left out. */
SarapTree *
sarap_tree_new_from_xml (GBytes *bytes, const char *file, GError **error)
{
  return read_xml (bytes, file, FALSE, error);
}

/* With every text as it stands in the document. */
SarapTree *
sarap_tree_new_from_xml_exact (GBytes *bytes, const char *file, GError **error)
{
  return read_xml (bytes, file, TRUE, error);
}
