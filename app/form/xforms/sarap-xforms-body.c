#include "app/form/xforms/sarap-xforms.h"

#include <string.h>

/* The body of a form.
 *
 *  1. References are relative to the nearest ancestor with one; without any, to the root.
 *  2. A group around nothing but a repeat of the same node is the repeat's: its label and
 *     appearance go to the repeat and the group disappears.
 *  3. A control, repeat or group that names a node must name one of the instance.
 */

typedef struct
{
  const char *name;
  SarapQuestionKind kind;
  gboolean is_select;
} Control;

static const Control controls[] = {
  { "input", SARAP_QUESTION_TEXT, FALSE },
  { "secret", SARAP_QUESTION_TEXT, FALSE },
  { "textarea", SARAP_QUESTION_TEXT, FALSE },
  { "select1", SARAP_QUESTION_SELECT_ONE, TRUE },
  { "select", SARAP_QUESTION_SELECT_MULTIPLE, TRUE },
  { "rank", SARAP_QUESTION_RANK, TRUE },
  { "range", SARAP_QUESTION_RANGE, FALSE },
  { "trigger", SARAP_QUESTION_TRIGGER, FALSE },
  { "upload", SARAP_QUESTION_FILE, FALSE },
};

static void read_children (SarapXformsReader *reader, const xmlNode *node, SarapElement *parent, const char *context);

static const Control *
find_control (const xmlNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    if (strcmp (controls[i].name, (const char *) node->name) == 0)
      return &controls[i];
  return NULL;
}

static gboolean
is_named (const xmlNode *node, const char *name)
{
  return strcmp ((const char *) node->name, name) == 0;
}

/* Its instances are those of the form, for good. */
static gboolean
is_fixed (const xmlNode *repeat)
{
  const char *fixed = sarap_xml_peek_attribute_ns (repeat, SARAP_NS_JAVAROSA, "noAddRemove");

  return fixed != NULL && g_str_has_prefix (fixed, "true") && sarap_xml_peek_attribute_ns (repeat, SARAP_NS_JAVAROSA, "count") == NULL;
}

static void
find_repeats_below (SarapXformsReader *reader, const xmlNode *parent, const char *context)
{
  for (const xmlNode *node = sarap_xml_first_element (parent, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    {
      g_autofree char *path = NULL;

      reader->n_questions += find_control (node) != NULL;
      if (!is_named (node, "group") && !is_named (node, "repeat"))
        continue;
      path = sarap_xforms_resolve (reader, node, context);
      if (is_named (node, "repeat") && path == NULL)
        sarap_xforms_error (reader, node, "A repeat has no nodeset: say which node it repeats.");
      else if (is_named (node, "repeat"))
        g_hash_table_insert (reader->repeats, g_strdup (path), GINT_TO_POINTER (is_fixed (node)));
      find_repeats_below (reader, node, path ? path : context);
    }
}

/* Before the instances are read: repeats decide how nodes are kept. Counts the questions on its way. */
void
sarap_xforms_find_repeats (SarapXformsReader *reader)
{
  const xmlNode *instance = sarap_xml_first_element (reader->model, "instance");
  const xmlNode *root = instance ? sarap_xml_first_element (instance, NULL) : NULL;
  g_autofree char *context = root ? g_strconcat ("/", root->name, NULL) : NULL;

  find_repeats_below (reader, reader->body, context);
}

static void
read_appearance (SarapXformsReader *reader, const xmlNode *node, SarapElement *element)
{
  const char *appearance = sarap_xml_peek_attribute (node, "appearance");

  if (appearance == NULL || *appearance == '\0')
    return;
  g_strfreev (element->appearance_words);
  element->appearance = sarap_xforms_keep (reader, appearance);
  element->appearance_words = g_strsplit_set (appearance, " \t\n", -1);
}

static void
read_parameters (SarapXformsReader *reader, const xmlNode *node, SarapElement *element)
{
  static const char *const others[] = { "ref", "nodeset", "bind", "appearance", "mediatype", NULL };
  g_autoptr (GPtrArray) parameters = g_ptr_array_new ();
  const char *const *bound = element->bind ? (const char *const *) element->bind->parameters : NULL;

  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      g_autofree char *value = NULL;

      if (attribute->ns == NULL && g_strv_contains (others, (const char *) attribute->name))
        continue;
      value = sarap_xml_dup_text ((const xmlNode *) attribute);
      g_ptr_array_add (parameters, (gpointer) sarap_xforms_keep (reader, (const char *) attribute->name));
      g_ptr_array_add (parameters, (gpointer) sarap_xforms_keep (reader, value));
    }
  for (; bound != NULL && *bound != NULL; bound++)
    g_ptr_array_add (parameters, (gpointer) *bound);
  if (parameters->len == 0)
    return;
  g_ptr_array_add (parameters, NULL);
  element->parameters = (const char **) g_ptr_array_steal (parameters, NULL);
}

static void
read_label (SarapXformsReader *reader, const xmlNode *node, SarapElement *element)
{
  const xmlNode *label = sarap_xml_first_element (node, "label");
  const xmlNode *hint = sarap_xml_first_element (node, "hint");

  if (label != NULL && element->label == NULL)
    element->label = sarap_xforms_read_text (reader, label);
  if (hint != NULL && element->hint == NULL)
    element->hint = sarap_xforms_read_text (reader, hint);
}

/* Finds the node of @element and registers it; FALSE when the instance does not have it. */
static gboolean
attach (SarapXformsReader *reader, const xmlNode *node, SarapElement *element, const char *path)
{
  SarapForm *form = reader->form;
  SarapBind *bind = g_hash_table_lookup (form->bind_of, path);

  if (bind == NULL)
    {
      sarap_xforms_error (reader, node, "A %s refers to %s, which is not in the instance.", (const char *) node->name, path);
      return FALSE;
    }
  element->bind = bind;
  element->path = bind->path;
  element->name = bind->name;
  if (bind->element == NULL || element->kind == SARAP_ELEMENT_QUESTION)
    bind->element = element;
  if (element->kind != SARAP_ELEMENT_GROUP || !g_hash_table_contains (form->element_of, bind->path))
    g_hash_table_insert (form->element_of, (gpointer) bind->path, element);
  if (element->kind == SARAP_ELEMENT_QUESTION && !g_hash_table_contains (form->question_of, bind->name))
    g_hash_table_insert (form->question_of, (gpointer) bind->name, element);
  return TRUE;
}

static gboolean
has_predicate (const char *expression)
{
  return strchr (expression, '[') != NULL;
}

static const char *
plain_name (const char *expression)
{
  for (const char *c = expression; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '_' && *c != '-' && !(*c & 0x80))
      return NULL;
  return g_ascii_isdigit (*expression) ? NULL : sarap_node_intern (expression);
}

static void
read_itemset_parts (SarapXformsReader *reader, const xmlNode *node, SarapItemset *itemset)
{
  const xmlNode *value = sarap_xml_first_element (node, "value");
  const xmlNode *label = sarap_xml_first_element (node, "label");
  const char *expression = value ? sarap_xml_peek_attribute (value, "ref") : NULL;
  g_autofree char *id = NULL;

  if (expression == NULL)
    {
      sarap_xforms_error (reader, node, "An itemset needs <value ref=\"…\"/>.");
      return;
    }
  itemset->value = sarap_xforms_compile (reader, value, "ref", expression);
  itemset->value_name = plain_name (expression);
  expression = label ? sarap_xml_peek_attribute (label, "ref") : NULL;
  if (expression == NULL)
    return;
  id = sarap_xforms_dup_itext_argument (expression);
  itemset->label_is_itext = id != NULL;
  itemset->label = sarap_xforms_compile (reader, label, "ref", id ? id : expression);
  itemset->label_name = plain_name (id ? id : expression);
}

/* "instance('c')/root/item[k = /data/k]" with "[name = current()]" before its predicate: whether the
 * answer is a choice is then one look into an index. NULL when that may not mean the same. */
static char *
dup_member_nodeset (const char *nodeset, const char *value_name)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (nodeset));
  const char *open = strchr (trimmed, '[');

  if (open == NULL || value_name == NULL || !g_str_has_prefix (trimmed, "instance(") || !g_str_has_suffix (trimmed, "]"))
    return NULL;
  if (strstr (trimmed, "position") != NULL || strstr (trimmed, "last") != NULL || strstr (trimmed, "]/") != NULL || g_ascii_isdigit (open[1]))
    return NULL;
  return g_strdup_printf ("%.*s[%s = current()]%s", (int) (open - trimmed), trimmed, value_name, open);
}

static gboolean
read_itemset (SarapXformsReader *reader, const xmlNode *control, SarapElement *element)
{
  const xmlNode *node = sarap_xml_first_element (control, "itemset");
  const char *nodeset = node ? sarap_xml_peek_attribute (node, "nodeset") : NULL;
  g_autofree char *member = NULL;
  SarapItemset *itemset;

  if (node == NULL)
    return FALSE;
  if (nodeset == NULL)
    {
      sarap_xforms_error (reader, node, "An itemset needs nodeset=\"…\".");
      return TRUE;
    }
  itemset = element->itemset = g_new0 (SarapItemset, 1);
  itemset->nodeset = sarap_xforms_compile (reader, node, "nodeset", nodeset);
  itemset->is_filtered = has_predicate (nodeset) || strstr (nodeset, "instance(") == NULL;
  read_itemset_parts (reader, node, itemset);
  member = dup_member_nodeset (nodeset, itemset->value_name);
  if (member != NULL)
    itemset->member = sarap_xpath_compile (member, reader->form->namespaces, NULL);
  return TRUE;
}

static void
read_items (SarapXformsReader *reader, const xmlNode *control, SarapElement *element)
{
  element->items = g_array_new (FALSE, TRUE, sizeof (SarapItem));
  for (const xmlNode *node = sarap_xml_first_element (control, "item"); node != NULL; node = sarap_xml_next_element (node, "item"))
    {
      const xmlNode *value = sarap_xml_first_element (node, "value");
      const xmlNode *label = sarap_xml_first_element (node, "label");
      g_autofree char *text = value ? sarap_xml_dup_text (value) : NULL;
      SarapItem item = { NULL };

      if (text == NULL || *g_strstrip (text) == '\0')
        {
          sarap_xforms_error (reader, node, "A choice of %s has no value.", element->path);
          continue;
        }
      reader->n_choices++;
      item.value = sarap_xforms_keep (reader, text);
      item.label = label ? sarap_xforms_read_text (reader, label) : NULL;
      g_array_append_val (element->items, item);
    }
}

static void
read_choices (SarapXformsReader *reader, const xmlNode *control, SarapElement *element)
{
  if (read_itemset (reader, control, element))
    return;
  if (sarap_xml_first_element (control, "item") != NULL)
    read_items (reader, control, element);
  else if (element->is_select)
    sarap_xforms_error (reader, control, "The select %s has no choices.", element->path);
}

static SarapQuestionKind
input_kind (const SarapBind *bind)
{
  switch ((SarapDataType) bind->type)
    {
    case SARAP_DATA_INT:
      return SARAP_QUESTION_INTEGER;
    case SARAP_DATA_DECIMAL:
      return SARAP_QUESTION_DECIMAL;
    case SARAP_DATA_DATE:
      return SARAP_QUESTION_DATE;
    case SARAP_DATA_TIME:
      return SARAP_QUESTION_TIME;
    case SARAP_DATA_DATE_TIME:
      return SARAP_QUESTION_DATE_TIME;
    case SARAP_DATA_GEOPOINT:
      return SARAP_QUESTION_GEOPOINT;
    case SARAP_DATA_GEOTRACE:
      return SARAP_QUESTION_GEOTRACE;
    case SARAP_DATA_GEOSHAPE:
      return SARAP_QUESTION_GEOSHAPE;
    case SARAP_DATA_BARCODE:
      return SARAP_QUESTION_BARCODE;
    case SARAP_DATA_TEXT:
    case SARAP_DATA_BOOLEAN:
    case SARAP_DATA_BINARY:
    default:
      return bind->type == SARAP_DATA_TEXT && bind->readonly_always && bind->calculate == NULL ? SARAP_QUESTION_NOTE : SARAP_QUESTION_TEXT;
    }
}

static SarapQuestionKind
upload_kind (SarapXformsReader *reader, const xmlNode *node, SarapElement *element)
{
  const char *type = sarap_xml_peek_attribute (node, "mediatype");

  if (type == NULL || *type == '\0')
    return SARAP_QUESTION_FILE;
  element->mediatype = sarap_xforms_keep (reader, type);
  if (strchr (type, '/') == NULL)
    sarap_xforms_error (reader, node, "mediatype=\"%s\" is no media type: write one such as image/* or application/pdf.", type);
  if (g_str_has_prefix (type, "image/"))
    return SARAP_QUESTION_IMAGE;
  if (g_str_has_prefix (type, "audio/"))
    return SARAP_QUESTION_AUDIO;
  if (g_str_has_prefix (type, "video/"))
    return SARAP_QUESTION_VIDEO;
  return SARAP_QUESTION_FILE;
}

static void
read_actions (SarapXformsReader *reader, const xmlNode *parent, const SarapElement *element)
{
  for (const xmlNode *node = sarap_xml_first_element (parent, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    sarap_xforms_read_action (reader, node, element);
}

static void
read_question (SarapXformsReader *reader, const xmlNode *node, const Control *control, SarapElement *parent, const char *context)
{
  g_autofree char *path = sarap_xforms_resolve (reader, node, context);
  SarapElement *element;

  if (path == NULL)
    {
      sarap_xforms_error (reader, node, "A %s does not say which node it fills: give it ref=\"…\".", control->name);
      return;
    }
  element = sarap_element_new (SARAP_ELEMENT_QUESTION, parent);
  element->question_kind = control->kind;
  element->is_select = control->is_select;
  if (!attach (reader, node, element, path))
    return;
  if (is_named (node, "input"))
    element->question_kind = input_kind (element->bind);
  else if (control->kind == SARAP_QUESTION_FILE)
    element->question_kind = upload_kind (reader, node, element);
  read_appearance (reader, node, element);
  read_parameters (reader, node, element);
  read_label (reader, node, element);
  read_choices (reader, node, element);
  read_actions (reader, node, element);
}

static void
read_repeat_count (SarapXformsReader *reader, const xmlNode *node, SarapScope *scope)
{
  const char *count = sarap_xml_peek_attribute_ns (node, SARAP_NS_JAVAROSA, "count");

  if (count != NULL && *count != '\0')
    scope->count = sarap_xforms_compile (reader, node, "jr:count", count);
  scope->no_add_remove = scope->count != NULL || is_fixed (node);
}

/* @group is the group that stands around the repeat for its label, or NULL. */
static void
read_repeat (SarapXformsReader *reader, const xmlNode *node, const xmlNode *group, SarapElement *parent, const char *context)
{
  g_autofree char *path = sarap_xforms_resolve (reader, node, context);
  SarapElement *element;

  if (path == NULL)
    return;
  element = sarap_element_new (SARAP_ELEMENT_REPEAT, parent);
  if (!attach (reader, node, element, path))
    return;
  if (element->bind->repeat == NULL || element->bind->repeat->element != NULL)
    {
      sarap_xforms_error (reader, node, "There are two repeats of %s.", path);
      return;
    }
  element->bind->repeat->element = element;
  if (group != NULL)
    {
      read_appearance (reader, group, element);
      read_label (reader, group, element);
      read_actions (reader, group, element);
    }
  read_appearance (reader, node, element);
  read_label (reader, node, element);
  read_parameters (reader, node, element);
  read_repeat_count (reader, node, element->bind->repeat);
  read_actions (reader, node, element);
  read_children (reader, node, element, path);
}

/* The repeat that @group only dresses, or NULL. @path is the group's own node, if it has one. */
static const xmlNode *
find_dressed_repeat (SarapXformsReader *reader, const xmlNode *group, const char *path, const char *context)
{
  const xmlNode *repeat = sarap_xml_first_element (group, "repeat");
  g_autofree char *inner = repeat ? sarap_xforms_resolve (reader, repeat, path ? path : context) : NULL;

  if (inner == NULL || (path != NULL && strcmp (inner, path) != 0))
    return NULL;
  for (const xmlNode *node = sarap_xml_first_element (group, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    if (is_named (node, "group") || find_control (node) != NULL || (is_named (node, "repeat") && node != repeat))
      return NULL;
  return repeat;
}

static void
read_group (SarapXformsReader *reader, const xmlNode *node, SarapElement *parent, const char *context)
{
  gboolean names_node = sarap_xml_peek_attribute (node, "ref") != NULL || sarap_xml_peek_attribute (node, "bind") != NULL;
  g_autofree char *path = names_node ? sarap_xforms_resolve (reader, node, context) : NULL;
  const xmlNode *repeat = find_dressed_repeat (reader, node, path, context);
  SarapElement *element;

  if (repeat != NULL)
    {
      read_repeat (reader, repeat, node, parent, context);
      return;
    }
  element = sarap_element_new (SARAP_ELEMENT_GROUP, parent);
  if (path != NULL && !attach (reader, node, element, path))
    return;
  read_appearance (reader, node, element);
  read_parameters (reader, node, element);
  read_label (reader, node, element);
  read_actions (reader, node, element);
  read_children (reader, node, element, path ? path : context);
}

static void
read_children (SarapXformsReader *reader, const xmlNode *parent_node, SarapElement *parent, const char *context)
{
  for (const xmlNode *node = sarap_xml_first_element (parent_node, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    {
      const Control *control = find_control (node);

      if (control != NULL)
        read_question (reader, node, control, parent, context);
      else if (is_named (node, "group"))
        read_group (reader, node, parent, context);
      else if (is_named (node, "repeat"))
        read_repeat (reader, node, NULL, parent, context);
      else if (!is_named (node, "label") && !is_named (node, "hint") && !is_named (node, "setvalue") && !sarap_xml_is (node, SARAP_NS_ODK, (const char *) node->name))
        sarap_xforms_warn (reader, node, "The body has an element <%s> that Sarap does not know.", (const char *) node->name);
    }
}

void
sarap_xforms_read_body (SarapXformsReader *reader)
{
  SarapForm *form = reader->form;
  const char *class = sarap_xml_peek_attribute (reader->body, "class");

  form->body_class = sarap_xforms_keep (reader, class ? class : "");
  form->body = sarap_element_new (SARAP_ELEMENT_GROUP, NULL);
  read_actions (reader, reader->body, NULL);
  read_children (reader, reader->body, form->body, sarap_form_peek_root_scope (form)->bind->path);
}
