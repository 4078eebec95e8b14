#include "app/form/xforms/sarap-xforms.h"

#include <string.h>

/* The model of a form: head, binds, actions, submission.
 *
 *  1. Elements are recognized by local name, as the reference engines do; only actions and
 *     attributes of the dialect need their namespace.
 *  2. Limits: 20,000 questions, 200,000 choices written into the form; those of expressions and
 *     of XML are checked where these are read.
 *  3. All problems are collected with their line; the form is refused when one is an error.
 *  4. The order matters: namespaces, translations, repeats of the body (they make scopes),
 *     instances, binds, body, actions of the model.
 */

static void add_problem (SarapXformsReader *reader, SarapProblemSeverity severity, const xmlNode *at, const char *format, va_list arguments) G_GNUC_PRINTF (4, 0);

static void
add_problem (SarapXformsReader *reader, SarapProblemSeverity severity, const xmlNode *at, const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  long line = at ? xmlGetLineNo (at) : 0;

  sarap_problems_add (reader->problems, severity, NULL, line > 0 ? (guint) line : 0, NULL, "%s", message);
}

void
sarap_xforms_error (SarapXformsReader *reader, const xmlNode *at, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_problem (reader, SARAP_PROBLEM_ERROR, at, format, arguments);
  va_end (arguments);
}

void
sarap_xforms_warn (SarapXformsReader *reader, const xmlNode *at, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_problem (reader, SARAP_PROBLEM_WARNING, at, format, arguments);
  va_end (arguments);
}

/* @text for as long as the form lives. */
const char *
sarap_xforms_keep (SarapXformsReader *reader, const char *text)
{
  return g_string_chunk_insert_const (reader->form->strings, text);
}

/* As much of an expression as a message can hold. */
static char *
dup_beginning (const char *expression)
{
  const glong most = 100;

  if (g_utf8_strlen (expression, -1) <= most)
    return g_strdup (expression);
  return g_strdup_printf ("%.*s…", (int) (g_utf8_offset_to_pointer (expression, most) - expression), expression);
}

/* NULL, with a problem, when @expression is wrong. */
SarapXPath *
sarap_xforms_compile (SarapXformsReader *reader, const xmlNode *at, const char *attribute, const char *expression)
{
  g_autoptr (GError) error = NULL;
  SarapXPath *compiled = sarap_xpath_compile (expression, reader->form->namespaces, &error);
  g_autofree char *broken = NULL;

  if (compiled == NULL)
    {
      g_autofree char *beginning = dup_beginning (expression);

      sarap_xforms_error (reader, at, "%s=\"%s\": %s", attribute, beginning, error->message);
      return NULL;
    }
  broken = sarap_xpath_dup_broken_call (compiled);
  if (broken != NULL)
    {
      g_autofree char *beginning = dup_beginning (expression);

      sarap_xforms_error (reader, at, "%s=\"%s\": %s", attribute, beginning, broken);
    }
  return compiled;
}

/* The argument of "jr:itext(…)", or NULL when @expression is something else. */
char *
sarap_xforms_dup_itext_argument (const char *expression)
{
  g_autofree char *text = g_strstrip (g_strdup (expression));
  gsize length = strlen (text);

  if (!g_str_has_prefix (text, "jr:itext") || length < 10 || text[length - 1] != ')')
    return NULL;
  text[length - 1] = '\0';
  for (const char *c = text + strlen ("jr:itext"); *c != '\0'; c++)
    if (*c == '(')
      return g_strstrip (g_strdup (c + 1));
    else if (!g_ascii_isspace (*c))
      return NULL;
  return NULL;
}

static char *
dup_quoted (const char *text)
{
  gsize length = strlen (text);

  if (length < 2 || (*text != '\'' && *text != '"') || text[length - 1] != *text || strchr (text + 1, *text) != text + length - 1)
    return NULL;
  return g_strndup (text + 1, length - 2);
}

static gboolean
take_reference (SarapXformsReader *reader, const xmlNode *at, const char *expression, SarapText *text)
{
  g_autofree char *argument = sarap_xforms_dup_itext_argument (expression);
  g_autofree char *id = argument ? dup_quoted (argument) : NULL;

  if (id == NULL)
    {
      text->reference = sarap_xforms_compile (reader, at, "ref", expression);
      return text->reference != NULL;
    }
  text->itext = sarap_xforms_keep (reader, id);
  if (!sarap_itext_has (reader->form->itext, id))
    sarap_xforms_warn (reader, at, "There is no text \"%s\" in the translations.", id);
  return TRUE;
}

static void
add_output (SarapXformsReader *reader, const xmlNode *node, GPtrArray *outputs, GPtrArray *literals, GString *literal)
{
  const char *expression = sarap_xml_peek_attribute (node, "value");
  SarapXPath *output;

  if (expression == NULL)
    expression = sarap_xml_peek_attribute (node, "ref");
  if (expression == NULL)
    {
      sarap_xforms_error (reader, node, "An output needs value=\"…\".");
      return;
    }
  output = sarap_xforms_compile (reader, node, "output value", expression);
  if (output == NULL)
    return;
  g_ptr_array_add (outputs, output);
  g_ptr_array_add (literals, (gpointer) sarap_xforms_keep (reader, literal->str));
  g_string_truncate (literal, 0);
}

static void
read_content (SarapXformsReader *reader, const xmlNode *element, GPtrArray *outputs, GPtrArray *literals, GString *literal)
{
  for (const xmlNode *node = element->children; node != NULL; node = node->next)
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
      g_string_append (literal, (const char *) node->content);
    else if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, "output") == 0)
      add_output (reader, node, outputs, literals, literal);
    else if (node->type == XML_ELEMENT_NODE)
      read_content (reader, node, outputs, literals, literal);
}

/* A label, hint or translated value: ref="…" or text with outputs. */
SarapText *
sarap_xforms_read_text (SarapXformsReader *reader, const xmlNode *element)
{
  SarapText *text = g_new0 (SarapText, 1);
  const char *reference = sarap_xml_peek_attribute (element, "ref");
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) literals = g_ptr_array_new ();
  g_autoptr (GString) literal = g_string_new (NULL);

  if (reference != NULL && take_reference (reader, element, reference, text))
    return text;
  read_content (reader, element, outputs, literals, literal);
  if (outputs->len == 0)
    g_strstrip (literal->str);
  g_ptr_array_add (literals, (gpointer) sarap_xforms_keep (reader, literal->str));
  text->n_outputs = outputs->len;
  text->outputs = (SarapXPath **) g_ptr_array_steal (outputs, NULL);
  text->literals = (const char **) g_ptr_array_steal (literals, NULL);
  return text;
}

/* jr:constraintMsg and jr:requiredMsg: a sentence or jr:itext('…'). */
SarapText *
sarap_xforms_read_message (SarapXformsReader *reader, const xmlNode *at, const char *message)
{
  SarapText *text;

  if (!g_str_has_prefix (message, "jr:itext"))
    return sarap_text_new_literal (reader->form, message);
  text = g_new0 (SarapText, 1);
  take_reference (reader, at, message, text);
  return text;
}

static void
append_steps (GPtrArray *steps, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (char **part = parts; *part != NULL; part++)
    if (strcmp (*part, "..") == 0)
      {
        if (steps->len > 0)
          g_ptr_array_set_size (steps, (int) steps->len - 1);
      }
    else if (**part != '\0' && strcmp (*part, ".") != 0)
      g_ptr_array_add (steps, g_strdup (*part));
}

/* The key of the node that @control binds (ref, nodeset or bind), relative to @context (NULL:
 * the root). NULL when it binds none. Returns: (transfer full) (nullable) */
char *
sarap_xforms_resolve (SarapXformsReader *reader, const xmlNode *control, const char *context)
{
  const char *id = sarap_xml_peek_attribute (control, "bind");
  const char *reference = id ? g_hash_table_lookup (reader->nodeset_of, id) : NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *key = NULL;
  GString *path;

  if (reference == NULL)
    reference = sarap_xml_peek_attribute (control, "ref");
  if (reference == NULL)
    reference = sarap_xml_peek_attribute (control, "nodeset");
  if (reference == NULL)
    return NULL;
  key = sarap_path_strip (reference);
  if (g_str_has_prefix (key, "current()/"))
    memmove (key, key + strlen ("current()/"), strlen (key + strlen ("current()/")) + 1);
  if (*key == '/' && strstr (key, "/.") == NULL && strstr (key, "//") == NULL && !g_str_has_suffix (key, "/"))
    return g_steal_pointer (&key);
  if (*key != '/')
    append_steps (steps, context ? context : "");
  append_steps (steps, key);
  path = g_string_new (NULL);
  for (guint i = 0; i < steps->len; i++)
    g_string_append_printf (path, "/%s", (char *) g_ptr_array_index (steps, i));
  return g_string_free (path, FALSE);
}

static SarapPreload
find_preload (const char *preload, const char *parameters)
{
  static const char *const properties[] = { "deviceid", "username", "phonenumber", "email", NULL };

  if (strcmp (preload, "uid") == 0)
    return SARAP_PRELOAD_UID;
  if (strcmp (preload, "timestamp") == 0)
    return strcmp (parameters, "end") == 0 ? SARAP_PRELOAD_END : SARAP_PRELOAD_START;
  if (strcmp (preload, "date") == 0)
    return *parameters == '\0' || strcmp (parameters, "today") == 0 ? SARAP_PRELOAD_TODAY : SARAP_PRELOAD_NONE;
  if (strcmp (preload, "property") != 0)
    return SARAP_PRELOAD_NONE;
  if (g_str_has_prefix (parameters, "uri:"))
    parameters += strlen ("uri:");
  return g_strv_contains (properties, parameters) ? SARAP_PRELOAD_PROPERTY : SARAP_PRELOAD_NONE;
}

static void
read_type (SarapXformsReader *reader, const xmlNode *node, SarapBind *bind)
{
  const char *type = sarap_xml_peek_attribute (node, "type");
  const char *preload = sarap_xml_peek_attribute_ns (node, SARAP_NS_JAVAROSA, "preload");
  const char *parameters = sarap_xml_peek_attribute_ns (node, SARAP_NS_JAVAROSA, "preloadParams");

  if (type != NULL)
    bind->type = sarap_data_type_parse (type);
  if (preload == NULL)
    return;
  bind->preload_parameters = sarap_xforms_keep (reader, parameters ? parameters : "");
  bind->preload = find_preload (preload, bind->preload_parameters);
  if (bind->preload == SARAP_PRELOAD_NONE)
    sarap_xforms_warn (reader, node, "jr:preload=\"%s\" with \"%s\" is not supported: %s stays blank.", preload, bind->preload_parameters, bind->path);
}

static gboolean
is_word (const char *expression, const char *word)
{
  g_autofree char *text = g_strstrip (g_strdup (expression));

  return strcmp (text, word) == 0;
}

/* An expression, unless it always says what the bind says without it. */
static SarapXPath *
read_condition (SarapXformsReader *reader, const xmlNode *node, const char *name, gboolean neutral, gboolean *always)
{
  const char *expression = sarap_xml_peek_attribute (node, name);

  if (expression == NULL || *expression == '\0' || is_word (expression, neutral ? "true()" : "false()"))
    return NULL;
  if (always != NULL && is_word (expression, "true()"))
    {
      *always = TRUE;
      return NULL;
    }
  return sarap_xforms_compile (reader, node, name, expression);
}

static void
read_expressions (SarapXformsReader *reader, const xmlNode *node, SarapBind *bind)
{
  const char *message = sarap_xml_peek_attribute_ns (node, SARAP_NS_JAVAROSA, "constraintMsg");
  const char *calculate = sarap_xml_peek_attribute (node, "calculate");
  gboolean required = FALSE;
  gboolean readonly = FALSE;

  bind->relevant = read_condition (reader, node, "relevant", TRUE, NULL);
  bind->constraint = read_condition (reader, node, "constraint", TRUE, NULL);
  bind->required = read_condition (reader, node, "required", FALSE, &required);
  bind->readonly = read_condition (reader, node, "readonly", FALSE, &readonly);
  bind->required_always = required;
  bind->readonly_always = readonly;
  if (calculate != NULL && *calculate != '\0')
    bind->calculate = sarap_xforms_compile (reader, node, "calculate", calculate);
  if (message != NULL)
    bind->constraint_message = sarap_xforms_read_message (reader, node, message);
  message = sarap_xml_peek_attribute_ns (node, SARAP_NS_JAVAROSA, "requiredMsg");
  if (message != NULL)
    bind->required_message = sarap_xforms_read_message (reader, node, message);
}

static gboolean
is_parameter (const xmlAttr *attribute)
{
  static const char *const namespaces[] = { SARAP_NS_OPENROSA, SARAP_NS_ODK, SARAP_NS_ENTITIES, NULL };

  return attribute->ns != NULL && attribute->ns->href != NULL && g_strv_contains (namespaces, (const char *) attribute->ns->href);
}

/* Attributes of OpenRosa, ODK and its entities that the question needs, such as orx:max-pixels. */
static void
read_parameters (SarapXformsReader *reader, const xmlNode *node, SarapBind *bind)
{
  GPtrArray *parameters = NULL;

  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      g_autofree char *value = NULL;

      if (!is_parameter (attribute))
        continue;
      if (parameters == NULL)
        parameters = g_ptr_array_new ();
      value = sarap_xml_dup_text ((const xmlNode *) attribute);
      g_ptr_array_add (parameters, (gpointer) sarap_xforms_keep (reader, (const char *) attribute->name));
      g_ptr_array_add (parameters, (gpointer) sarap_xforms_keep (reader, value));
    }
  if (parameters == NULL)
    return;
  g_ptr_array_add (parameters, NULL);
  bind->parameters = (const char **) g_ptr_array_free (parameters, FALSE);
}

/* A file is no text that could be sealed in its place. */
static void
read_sensitive (SarapXformsReader *reader, const xmlNode *node, SarapBind *bind)
{
  const char *text = sarap_xml_peek_attribute_ns (node, SARAP_NS_SARAP, "sensitive");

  if (text == NULL || !(is_word (text, "true()") || is_word (text, "true")))
    return;
  if (bind->type == SARAP_DATA_BINARY || !bind->is_leaf)
    sarap_xforms_warn (reader, node, "%s is marked as sensitive, but only answers in words, numbers and choices are sealed for the project.", bind->path);
  else
    bind->is_sensitive = TRUE;
}

static void
read_bind (SarapXformsReader *reader, const xmlNode *node)
{
  g_autofree char *path = sarap_xforms_resolve (reader, node, reader->form->root->name);
  SarapBind *bind = path ? g_hash_table_lookup (reader->form->bind_of, path) : NULL;
  long line = xmlGetLineNo (node);

  if (bind == NULL)
    {
      sarap_xforms_error (reader, node, "A bind refers to %s, which is not in the instance.", path ? path : "nothing");
      return;
    }
  if (bind->is_bound)
    {
      sarap_xforms_warn (reader, node, "%s has more than one bind: the first counts.", bind->path);
      return;
    }
  bind->is_bound = TRUE;
  bind->line = line > 0 ? (guint) line : 0;
  read_type (reader, node, bind);
  read_expressions (reader, node, bind);
  read_parameters (reader, node, bind);
  read_sensitive (reader, node, bind);
}

void
sarap_xforms_read_binds (SarapXformsReader *reader)
{
  for (const xmlNode *node = sarap_xml_first_element (reader->model, "bind"); node != NULL; node = sarap_xml_next_element (node, "bind"))
    read_bind (reader, node);
}

static guint
read_events (SarapXformsReader *reader, const xmlNode *node)
{
  static const struct
  {
    const char *name;
    SarapEvent event;
  } known[] = {
    { "odk-instance-first-load", SARAP_EVENT_FIRST_LOAD },
    { "odk-new-repeat", SARAP_EVENT_NEW_REPEAT },
    { "xforms-value-changed", SARAP_EVENT_VALUE_CHANGED },
    { "odk-instance-load", SARAP_EVENT_LOAD },
    { "xforms-ready", SARAP_EVENT_FIRST_LOAD },
  };
  const char *names = sarap_xml_peek_attribute (node, "event");
  g_auto (GStrv) words = g_strsplit_set (names ? names : "", " \t\n", -1);
  guint events = 0;

  for (char **word = words; *word != NULL; word++)
    {
      guint event = 0;

      for (guint i = 0; i < G_N_ELEMENTS (known); i++)
        if (strcmp (known[i].name, *word) == 0)
          event = known[i].event;
      if (event == 0 && **word != '\0')
        sarap_xforms_error (reader, node, "An action for the event \"%s\", which does not exist.", *word);
      events |= event;
    }
  return events;
}

void
sarap_action_free (SarapAction *self)
{
  g_clear_pointer (&self->target, sarap_xpath_unref);
  g_clear_pointer (&self->value, sarap_xpath_unref);
  g_free (self);
}

static gboolean
find_action_kind (const xmlNode *node, SarapActionKind *kind)
{
  if (strcmp ((const char *) node->name, "setvalue") == 0)
    *kind = SARAP_ACTION_SETVALUE;
  else if (sarap_xml_is (node, SARAP_NS_ODK, "setgeopoint"))
    *kind = SARAP_ACTION_SETGEOPOINT;
  else if (sarap_xml_is (node, SARAP_NS_ODK, "recordaudio"))
    *kind = SARAP_ACTION_RECORDAUDIO;
  else
    return FALSE;
  return TRUE;
}

static void
listen (SarapAction *action)
{
  const SarapElement *element = action->element;
  GPtrArray **listeners;

  while (element != NULL && element->bind == NULL)
    element = element->parent;
  if (element == NULL)
    return;
  if (action->events & SARAP_EVENT_VALUE_CHANGED && element->kind == SARAP_ELEMENT_QUESTION)
    {
      listeners = &element->bind->actions;
      if (*listeners == NULL)
        *listeners = g_ptr_array_new ();
      g_ptr_array_add (*listeners, action);
    }
  if (action->events & SARAP_EVENT_NEW_REPEAT)
    {
      listeners = &element->bind->scope->actions;
      if (*listeners == NULL)
        *listeners = g_ptr_array_new ();
      g_ptr_array_add (*listeners, action);
    }
}

/* @element is NULL in the model. NULL when @node is no action, or a wrong one. */
SarapAction *
sarap_xforms_read_action (SarapXformsReader *reader, const xmlNode *node, const SarapElement *element)
{
  const char *context = element && element->path ? element->path : NULL;
  const char *value = sarap_xml_peek_attribute (node, "value");
  const char *quality = sarap_xml_peek_attribute_ns (node, SARAP_NS_ODK, "quality");
  g_autofree char *path = NULL;
  g_autofree char *literal = NULL;
  const char *target;
  SarapActionKind kind;
  SarapAction *action;

  if (!find_action_kind (node, &kind))
    return NULL;
  path = sarap_xforms_resolve (reader, node, context ? context : reader->form->root->name);
  if (path == NULL || sarap_form_find_bind (reader->form, path) == NULL)
    {
      sarap_xforms_error (reader, node, "An action refers to %s, which is not in the instance.", path ? path : "nothing");
      return NULL;
    }
  action = g_new0 (SarapAction, 1);
  action->kind = kind;
  action->element = element;
  action->events = read_events (reader, node);
  target = sarap_xml_peek_attribute (node, "ref");
  action->target_bind = sarap_form_find_bind (reader->form, path);
  if (target != NULL && strchr (target, '[') != NULL)
    action->target = sarap_xforms_compile (reader, node, "ref", target);
  if (value != NULL && *value != '\0')
    action->value = sarap_xforms_compile (reader, node, "value", value);
  literal = value ? g_strdup ("") : sarap_xml_dup_text (node);
  action->literal = sarap_xforms_keep (reader, literal);
  action->quality = quality ? sarap_xforms_keep (reader, quality) : NULL;
  if (action->events & SARAP_EVENT_NEW_REPEAT && element == NULL)
    sarap_xforms_error (reader, node, "An action for odk-new-repeat must stand in the repeat of the body.");
  g_ptr_array_add (reader->form->actions, action);
  listen (action);
  return action;
}

static void
read_model_actions (SarapXformsReader *reader)
{
  for (const xmlNode *node = sarap_xml_first_element (reader->model, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    sarap_xforms_read_action (reader, node, NULL);
}

/* All attributes are kept: what a later version of OpenRosa or ODK adds can be asked for, too. */
static void
read_submission (SarapXformsReader *reader)
{
  const xmlNode *node = sarap_xml_first_element (reader->model, "submission");
  SarapForm *form = reader->form;
  const char *method = node ? sarap_xml_peek_attribute (node, "method") : NULL;

  if (node == NULL)
    return;
  if (method != NULL && strcmp (method, "post") != 0 && strcmp (method, "form-data-post") != 0)
    sarap_xforms_error (reader, node, "Submission method \"%s\" is not supported: only post is.", method);
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      g_autofree char *value = sarap_xml_dup_text ((const xmlNode *) attribute);

      g_hash_table_insert (form->submission, (gpointer) sarap_xforms_keep (reader, (const char *) attribute->name), (gpointer) sarap_xforms_keep (reader, value));
    }
}

static void
read_namespaces (SarapForm *form, const xmlNode *node)
{
  for (; node != NULL && node->type == XML_ELEMENT_NODE; node = node->parent)
    for (const xmlNs *ns = node->nsDef; ns != NULL; ns = ns->next)
      if (ns->prefix != NULL && ns->href != NULL && !g_hash_table_contains (form->namespaces, ns->prefix))
        g_hash_table_insert (form->namespaces, g_strdup ((const char *) ns->prefix), g_strdup ((const char *) ns->href));
}

static const xmlNode *
find_parts (SarapXformsReader *reader, xmlNode *root)
{
  const xmlNode *head = sarap_xml_first_element (root, "head");
  const xmlNode *title = head ? sarap_xml_first_element (head, "title") : NULL;

  reader->model = head ? sarap_xml_first_element (head, "model") : NULL;
  reader->body = sarap_xml_first_element (root, "body");
  if (reader->model == NULL)
    sarap_xforms_error (reader, root, "This is not a form: there is no model in its head.");
  else if (reader->body == NULL)
    sarap_xforms_error (reader, root, "The form has no body.");
  return title;
}

static void
index_bind_ids (SarapXformsReader *reader)
{
  for (const xmlNode *node = sarap_xml_first_element (reader->model, "bind"); node != NULL; node = sarap_xml_next_element (node, "bind"))
    {
      const char *id = sarap_xml_peek_attribute (node, "id");
      const char *nodeset = sarap_xml_peek_attribute (node, "nodeset");

      if (id != NULL && nodeset != NULL)
        g_hash_table_insert (reader->nodeset_of, g_strdup (id), g_strdup (nodeset));
    }
}

/* A default that is no value of its type is cast as an answer would be; nobody can mend it later. */
static void
compose_default (SarapXformsReader *reader, SarapNode *node, const SarapBind *bind)
{
  g_autofree char *composed = sarap_value_canonicalize (bind->type, node->text);
  g_autofree char *cast = sarap_value_cast (bind->type, composed);

  if (strcmp (cast, composed) != 0)
    sarap_problems_add (reader->problems, SARAP_PROBLEM_WARNING, NULL, bind->line, NULL, "The default \"%s\" of %s is no value of its type: it begins with \"%s\".", composed, bind->path, cast);
  sarap_node_set_text (node, *cast != '\0' ? cast : NULL);
}

/* Defaults are stored as answers would be. */
static void
compose_defaults (SarapXformsReader *reader, SarapNode *node, const SarapBind *parent)
{
  SarapForm *form = reader->form;
  g_autofree char *path = g_strconcat (parent ? parent->path : "", "/", node->name, NULL);
  const SarapBind *bind = g_hash_table_lookup (form->bind_of, path);

  if (bind == NULL)
    return;
  if (node->text != NULL && bind->type != SARAP_DATA_TEXT)
    compose_default (reader, node, bind);
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    if (child->kind == SARAP_NODE_ELEMENT)
      compose_defaults (reader, child, bind);
}

static void
read_parts (SarapXformsReader *reader, const xmlNode *title)
{
  SarapForm *form = reader->form;
  const xmlNode *instance = sarap_xml_first_element (reader->model, "instance");
  g_autofree char *text = title ? sarap_xml_dup_text (title) : g_strdup ("");

  form->title = sarap_xforms_keep (reader, g_strstrip (text));
  read_namespaces (form, instance ? sarap_xml_first_element (instance, NULL) : NULL);
  read_namespaces (form, reader->model);
  index_bind_ids (reader);
  sarap_xforms_read_itext (reader);
  sarap_xforms_find_repeats (reader);
  if (reader->n_questions > SARAP_XFORMS_MAX_QUESTIONS)
    {
      sarap_xforms_error (reader, reader->body, "The form has %u questions; at most %d are allowed. Divide it into several forms.", reader->n_questions, SARAP_XFORMS_MAX_QUESTIONS);
      return;
    }
  sarap_xforms_read_instances (reader);
  if (form->root == NULL)
    return;
  sarap_xforms_read_binds (reader);
  compose_defaults (reader, form->root, NULL);
  sarap_xforms_read_body (reader);
  read_model_actions (reader);
  read_submission (reader);
  sarap_xforms_warn_about_unknown (reader);
  if (reader->n_choices > SARAP_XFORMS_MAX_CHOICES)
    sarap_xforms_error (reader, reader->model, "The form contains %u choices; at most %d are allowed. Put long lists into CSV files.", reader->n_choices, SARAP_XFORMS_MAX_CHOICES);
}

gboolean
sarap_xforms_parse (SarapForm *form, GBytes *xml, SarapProblems *problems, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (xml, form->file, error);
  g_autoptr (GHashTable) nodeset_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) repeats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SarapXformsReader reader = { .form = form, .problems = problems, .nodeset_of = nodeset_of, .repeats = repeats };
  const xmlNode *title;

  if (document == NULL)
    return FALSE;
  title = find_parts (&reader, xmlDocGetRootElement (document));
  if (!sarap_problems_has_errors (problems))
    read_parts (&reader, title);
  if (!sarap_problems_has_errors (problems))
    return TRUE;
  sarap_problems_to_error (problems, error);
  return FALSE;
}
