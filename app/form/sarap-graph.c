#include "app/form/sarap-form-private.h"

#include <string.h>

/* Which node depends on which, found once when the form is loaded.
 *
 *  1. A facet is what can become wrong: a node's relevance, a repeat's count, a calculation, a
 *     filtered select. required, readonly, constraints and labels are evaluated when they are
 *     asked for: nothing depends on them.
 *  2. Vertices are the relevance and the value of each bind. A facet depends on the value and
 *     the relevance of every node that its expression may read; relevance depends on the
 *     parent's; a value on its own relevance and on the count of its repeat.
 *  3. Strongly connected components (Tarjan, without recursion) in the order in which they are
 *     completed are the order of recomputation: what is depended on comes first.
 *  4. A component with a calculation in it is a cycle, and so is a relevance that reads the node
 *     itself or one below it. Filters and counts are loops that people do write; they are
 *     ordered as well as possible and settle at run time (sarap-recompute.c).
 *  5. In a repeat, a calculation may read its own node in other instances (predicate,
 *     indexed-repeat): running totals.
 *  6. A reader that keeps to its own instance depends on the changes in that instance only: the
 *     depth of the scopes that it shares with what it reads stands with it.
 */

typedef enum
{
  RELEVANCE,
  VALUE,
} Aspect;

typedef struct
{
  guint from; /* vertex that depends … */
  guint to;   /* … on this one */
} Edge;

typedef struct
{
  SarapForm *form;
  SarapProblems *problems;
  GPtrArray *facets;
  GArray *hard; /* (element-type Edge) */
  GArray *soft;
  SarapFacet *facet; /* while its paths are reported */
} Builder;

typedef struct
{
  guint *first; /* edges of vertex v: targets[first[v]] … targets[first[v + 1] - 1] */
  guint *targets;
  guint n;
} Adjacency;

static guint
vertex_of (const SarapBind *bind, Aspect aspect)
{
  return 2 * bind->index + (aspect == VALUE);
}

static Aspect
aspect_of (const SarapFacet *facet)
{
  return facet->kind == SARAP_FACET_RELEVANT ? RELEVANCE : VALUE;
}

static gboolean
is_hard (const SarapFacet *facet)
{
  return facet->kind == SARAP_FACET_RELEVANT || facet->kind == SARAP_FACET_CALCULATE;
}

static gboolean
is_at_or_below (const SarapBind *bind, const SarapBind *ancestor)
{
  for (; bind != NULL; bind = bind->parent)
    if (bind == ancestor)
      return TRUE;
  return FALSE;
}

/* The scope whose frames a facet runs in: a count belongs to the frame around the repeat. */
SarapScope *
sarap_facet_get_scope (const SarapFacet *self)
{
  return self->kind == SARAP_FACET_COUNT ? self->bind->scope->parent : self->bind->scope;
}

/* How deep a reader in @scope and what it reads of @source are in the same instances, when the
 * path keeps to its context's instances down to @limit. */
static guint
shared_depth (SarapForm *form, const SarapScope *scope, const SarapBind *source, const char *limit)
{
  const SarapBind *last = *limit ? sarap_form_find_bind (form, limit) : NULL;
  const SarapScope *target = source->repeat && last != source ? source->scope->parent : source->scope;
  guint deepest = last ? last->scope->depth : 0;

  while (scope->depth > deepest || !sarap_scope_is_above (scope, target))
    scope = scope->parent;
  return scope->depth;
}

/* A calculation may read attributes of its node and, in a repeat, the node in other instances. */
static gboolean
reads_itself (const SarapFacet *facet, const SarapBind *source, guint depth)
{
  if (!is_hard (facet) || !is_at_or_below (source, facet->bind))
    return FALSE;
  if (facet->kind == SARAP_FACET_RELEVANT)
    return TRUE;
  return source != facet->bind ? !source->is_attribute : depth == facet->bind->scope->depth;
}

static void
add_edge (GArray *edges, guint from, guint to)
{
  Edge edge = { from, to };

  g_array_append_val (edges, edge);
}

static void
report_self (Builder *builder, const SarapFacet *facet)
{
  sarap_problems_add (builder->problems, SARAP_PROBLEM_ERROR, NULL, facet->bind->line, NULL, "Cycle: %s of %s reads %s itself. Let it depend on other questions only.", facet->kind == SARAP_FACET_RELEVANT ? "relevant" : "calculate", facet->bind->path, facet->bind->path);
}

static void
add_reader (GArray **readers, SarapFacet *facet, guint depth, gboolean is_indexed)
{
  SarapReader reader = { facet, depth, is_indexed };

  if (*readers == NULL)
    *readers = g_array_new (FALSE, FALSE, sizeof (SarapReader));
  for (guint i = (*readers)->len; i > 0 && g_array_index (*readers, SarapReader, i - 1).facet == facet; i--)
    {
      SarapReader *known = &g_array_index (*readers, SarapReader, i - 1);

      known->is_indexed &= is_indexed;
      known->depth = MIN (known->depth, depth);
      return;
    }
  g_array_append_val (*readers, reader);
}

static void
read_bind (Builder *builder, SarapBind *source, const char *limit)
{
  SarapFacet *facet = builder->facet;
  GArray *edges = is_hard (facet) ? builder->hard : builder->soft;
  guint from = vertex_of (facet->bind, aspect_of (facet));
  guint depth = shared_depth (builder->form, sarap_facet_get_scope (facet), source, limit ? limit : "");

  if (reads_itself (facet, source, depth))
    {
      report_self (builder, facet);
      return;
    }
  if (source == facet->bind && !is_hard (facet))
    return;
  add_reader (&source->readers, facet, depth, limit == NULL && facet->kind == SARAP_FACET_CALCULATE);
  if (source == facet->bind)
    return;
  add_edge (edges, from, vertex_of (source, VALUE));
  add_edge (edges, from, vertex_of (source, RELEVANCE));
}

static void
read_below (Builder *builder, SarapBind *ancestor)
{
  SarapForm *form = builder->form;

  for (guint i = ancestor->index + 1; i < form->binds->len && is_at_or_below (g_ptr_array_index (form->binds, i), ancestor); i++)
    if (g_ptr_array_index (form->binds, i) != builder->facet->bind)
      read_bind (builder, g_ptr_array_index (form->binds, i), "");
}

static void
path_cb (const char *path, const char *limit, gpointer data)
{
  Builder *builder = data;
  gsize length = strlen (path);
  g_autofree char *key = NULL;
  SarapBind *source;

  if (g_str_has_prefix (path, "instance("))
    return;
  if (length > 2 && g_str_has_suffix (path, "/" SARAP_XPATH_ANY))
    {
      key = g_strndup (path, length - 2);
      source = sarap_form_find_bind (builder->form, key);
      if (source != NULL)
        read_below (builder, source);
      return;
    }
  source = sarap_form_find_bind (builder->form, path);
  if (source != NULL)
    read_bind (builder, source, limit);
  else
    sarap_problems_add (builder->problems, SARAP_PROBLEM_WARNING, NULL, builder->facet->bind->line, NULL, "An expression of %s refers to %s, which is not in the instance.", builder->facet->bind->path, path);
}

typedef struct
{
  SarapForm *form;
  const SarapScope *scope;
} Preparation;

static gconstpointer
prepare_cb (const char *path, const char *limit, gpointer data)
{
  const Preparation *preparation = data;
  SarapBind *bind = sarap_form_find_bind (preparation->form, path);
  SarapPath *prepared;

  if (bind == NULL || bind->has_namesakes)
    return NULL;
  prepared = g_new0 (SarapPath, 1);
  prepared->bind = bind;
  prepared->depth = shared_depth (preparation->form, preparation->scope, bind, limit);
  g_ptr_array_add (preparation->form->paths, prepared);
  return prepared;
}

/* @context is where the expression is evaluated. */
static void
prepare (Builder *builder, SarapXPath *expression, const SarapBind *context)
{
  Preparation preparation = { builder->form, context->scope };

  if (expression != NULL)
    sarap_xpath_prepare (expression, context->path, prepare_cb, &preparation);
}

static void
add_facet (Builder *builder, SarapBind *bind, SarapFacetKind kind, SarapXPath *expression)
{
  SarapFacet *facet;
  const char *source;

  if (expression == NULL)
    return;
  facet = g_new0 (SarapFacet, 1);
  source = sarap_xpath_get_source (expression);
  facet->bind = bind;
  facet->kind = kind;
  facet->expression = expression;
  facet->is_pure = sarap_xpath_is_pure (expression);
  facet->uses_position = sarap_xpath_uses_position (expression);
  facet->uses_language = strstr (source, "choice-name") != NULL;
  facet->next_of_bind = bind->facets;
  bind->facets = facet;
  g_ptr_array_add (builder->facets, facet);
  builder->facet = facet;
  sarap_xpath_foreach_path (expression, kind == SARAP_FACET_COUNT ? bind->parent->path : bind->path, path_cb, builder);
}

/* Nothing depends on these, so only reading the own node can go round. */
static void
self_cb (const char *path, const char *limit, gpointer data)
{
  gpointer *pair = data;

  if (g_strcmp0 (path, ((SarapBind *) pair[0])->path) == 0)
    pair[1] = GINT_TO_POINTER (TRUE);
}

static void
check_self_reference (Builder *builder, SarapBind *bind, const char *name, SarapXPath *expression)
{
  gpointer pair[2] = { bind, NULL };

  if (expression == NULL)
    return;
  sarap_xpath_foreach_path (expression, bind->path, self_cb, pair);
  if (pair[1] != NULL)
    sarap_problems_add (builder->problems, SARAP_PROBLEM_ERROR, NULL, bind->line, NULL, "Cycle: %s of %s reads %s itself. Let it depend on other questions only.", name, bind->path, bind->path);
}

static void
prepare_bind (Builder *builder, SarapBind *bind)
{
  prepare (builder, bind->relevant, bind);
  prepare (builder, bind->calculate, bind);
  prepare (builder, bind->required, bind);
  prepare (builder, bind->readonly, bind);
  prepare (builder, bind->constraint, bind);
  if (bind->repeat != NULL)
    prepare (builder, bind->repeat->count, bind->parent);
  if (bind->element != NULL && bind->element->itemset != NULL)
    {
      prepare (builder, bind->element->itemset->nodeset, bind);
      prepare (builder, bind->element->itemset->member, bind);
    }
}

static void
collect_bind (Builder *builder, SarapBind *bind)
{
  prepare_bind (builder, bind);
  add_facet (builder, bind, SARAP_FACET_RELEVANT, bind->relevant);
  add_facet (builder, bind, SARAP_FACET_CALCULATE, bind->calculate);
  if (bind->repeat != NULL)
    add_facet (builder, bind, SARAP_FACET_COUNT, bind->repeat->count);
  if (bind->element != NULL && bind->element->itemset != NULL && bind->element->itemset->is_filtered)
    add_facet (builder, bind, SARAP_FACET_FILTER, bind->element->itemset->nodeset);
  check_self_reference (builder, bind, "required", bind->required);
  check_self_reference (builder, bind, "readonly", bind->readonly);
  add_edge (builder->hard, vertex_of (bind, VALUE), vertex_of (bind, RELEVANCE));
  if (bind->parent != NULL)
    add_edge (builder->hard, vertex_of (bind, RELEVANCE), vertex_of (bind->parent, RELEVANCE));
  if (bind->scope->bind != bind && bind->scope->parent != NULL)
    add_edge (builder->soft, vertex_of (bind, RELEVANCE), vertex_of (bind->scope->bind, VALUE));
}

static void
count_edges (guint *first, GArray *edges)
{
  for (guint i = 0; edges != NULL && i < edges->len; i++)
    first[g_array_index (edges, Edge, i).from + 1]++;
}

static void
place_edges (Adjacency *graph, guint *next, GArray *edges)
{
  for (guint i = 0; edges != NULL && i < edges->len; i++)
    {
      const Edge *edge = &g_array_index (edges, Edge, i);

      graph->targets[next[edge->from]++] = edge->to;
    }
}

static void
adjacency_init (Adjacency *graph, guint n, GArray *hard, GArray *soft)
{
  g_autofree guint *next = NULL;

  graph->n = n;
  graph->first = g_new0 (guint, n + 1);
  graph->targets = g_new (guint, hard->len + (soft ? soft->len : 0) + 1);
  count_edges (graph->first, hard);
  count_edges (graph->first, soft);
  for (guint v = 0; v < n; v++)
    graph->first[v + 1] += graph->first[v];
  next = g_memdup2 (graph->first, n * sizeof (guint));
  place_edges (graph, next, hard);
  place_edges (graph, next, soft);
}

static void
adjacency_clear (Adjacency *graph)
{
  g_free (graph->first);
  g_free (graph->targets);
}

/* Tarjan's algorithm. @component[v] numbers components in the order of completion. */
typedef struct
{
  const Adjacency *graph;
  guint *index; /* 0: not yet seen */
  guint *low;
  guint *next; /* edge to look at next */
  guint *component;
  GArray *stack; /* vertices whose component is open */
  GArray *calls; /* vertices on the way */
  guint n_seen;
  guint n_components;
} Tarjan;

#define OPEN G_MAXUINT

static void
enter (Tarjan *tarjan, guint v)
{
  tarjan->index[v] = tarjan->low[v] = ++tarjan->n_seen;
  tarjan->next[v] = tarjan->graph->first[v];
  tarjan->component[v] = OPEN;
  g_array_append_val (tarjan->stack, v);
  g_array_append_val (tarjan->calls, v);
}

static void
leave (Tarjan *tarjan, guint v)
{
  guint w;

  g_array_set_size (tarjan->calls, tarjan->calls->len - 1);
  if (tarjan->calls->len > 0)
    {
      guint caller = g_array_index (tarjan->calls, guint, tarjan->calls->len - 1);

      tarjan->low[caller] = MIN (tarjan->low[caller], tarjan->low[v]);
    }
  if (tarjan->low[v] != tarjan->index[v])
    return;
  do
    {
      w = g_array_index (tarjan->stack, guint, tarjan->stack->len - 1);
      g_array_set_size (tarjan->stack, tarjan->stack->len - 1);
      tarjan->component[w] = tarjan->n_components;
    }
  while (w != v);
  tarjan->n_components++;
}

static void
visit (Tarjan *tarjan, guint root)
{
  enter (tarjan, root);
  while (tarjan->calls->len > 0)
    {
      guint v = g_array_index (tarjan->calls, guint, tarjan->calls->len - 1);
      guint w;

      if (tarjan->next[v] == tarjan->graph->first[v + 1])
        {
          leave (tarjan, v);
          continue;
        }
      w = tarjan->graph->targets[tarjan->next[v]++];
      if (tarjan->index[w] == 0)
        enter (tarjan, w);
      else if (tarjan->component[w] == OPEN)
        tarjan->low[v] = MIN (tarjan->low[v], tarjan->index[w]);
    }
}

/* Returns: (transfer full): the component of each vertex */
static guint *
find_components (const Adjacency *graph)
{
  Tarjan tarjan = { .graph = graph };

  tarjan.index = g_new0 (guint, graph->n);
  tarjan.low = g_new (guint, graph->n);
  tarjan.next = g_new (guint, graph->n);
  tarjan.component = g_new0 (guint, graph->n);
  tarjan.stack = g_array_new (FALSE, FALSE, sizeof (guint));
  tarjan.calls = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint v = 0; v < graph->n; v++)
    if (tarjan.index[v] == 0)
      visit (&tarjan, v);
  g_free (tarjan.index);
  g_free (tarjan.low);
  g_free (tarjan.next);
  g_array_unref (tarjan.stack);
  g_array_unref (tarjan.calls);
  return tarjan.component;
}

#define MAX_NAMES_SHOWN 12

/* The names are collected from the end; two vertices of one node are one name. */
static void
prepend_name (const Builder *builder, GPtrArray *names, guint vertex)
{
  const SarapBind *bind = g_ptr_array_index (builder->form->binds, vertex / 2);

  if (names->len == 0 || g_ptr_array_index (names, names->len - 1) != (gpointer) bind->path)
    g_ptr_array_add (names, (gpointer) bind->path);
}

static char *
join_names (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = names->len; i > 0; i--)
    if (names->len <= MAX_NAMES_SHOWN || i > names->len - MAX_NAMES_SHOWN / 2 || i <= MAX_NAMES_SHOWN / 2)
      g_string_append_printf (text, "%s%s", text->len ? " → " : "", (char *) g_ptr_array_index (names, i - 1));
    else if (i == names->len - MAX_NAMES_SHOWN / 2)
      g_string_append_printf (text, " → … (%u more)", names->len - MAX_NAMES_SHOWN);
  return g_string_free (text, FALSE);
}

/* The way round, from @start through its component back to it, as "a → b → a". */
static char *
describe_cycle (Builder *builder, const Adjacency *graph, const guint *component, guint start)
{
  g_autofree guint *came_from = g_new0 (guint, graph->n);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint at;

  prepend_name (builder, names, start);
  g_array_append_val (queue, start);
  for (guint i = 0; i < queue->len && came_from[start] == 0; i++)
    {
      guint v = g_array_index (queue, guint, i);

      for (guint e = graph->first[v]; e < graph->first[v + 1]; e++)
        {
          guint w = graph->targets[e];

          if (component[w] != component[start] || came_from[w] != 0)
            continue;
          came_from[w] = v + 1;
          g_array_append_val (queue, w);
        }
    }
  for (at = came_from[start] ? came_from[start] - 1 : start; at != start; at = came_from[at] - 1)
    prepend_name (builder, names, at);
  prepend_name (builder, names, start);
  return join_names (names);
}

static void
check_cycles (Builder *builder)
{
  guint n = 2 * builder->form->binds->len;
  g_autoptr (GHashTable) reported = g_hash_table_new (NULL, NULL);
  g_autofree guint *component = NULL;
  g_autofree guint *size = g_new0 (guint, n);
  Adjacency graph;

  adjacency_init (&graph, n, builder->hard, NULL);
  component = find_components (&graph);
  for (guint v = 0; v < n; v++)
    size[component[v]]++;
  for (guint i = 0; i < builder->facets->len; i++)
    {
      const SarapFacet *facet = g_ptr_array_index (builder->facets, i);
      guint v = vertex_of (facet->bind, VALUE);
      g_autofree char *way = NULL;

      if (facet->kind != SARAP_FACET_CALCULATE || size[component[v]] < 2 || !g_hash_table_add (reported, GUINT_TO_POINTER (component[v])))
        continue;
      way = describe_cycle (builder, &graph, component, v);
      sarap_problems_add (builder->problems, SARAP_PROBLEM_ERROR, NULL, facet->bind->line, NULL, "Cycle: %s. Each of these waits for the next one; break the circle at one of them.", way);
    }
  adjacency_clear (&graph);
}

static int
compare_facets (gconstpointer a, gconstpointer b)
{
  const SarapFacet *left = *(SarapFacet *const *) a;
  const SarapFacet *right = *(SarapFacet *const *) b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;
  if (left->bind->index != right->bind->index)
    return left->bind->index < right->bind->index ? -1 : 1;
  return (int) left->kind - (int) right->kind;
}

static void
order_facets (Builder *builder)
{
  SarapForm *form = builder->form;
  g_autofree guint *component = NULL;
  Adjacency graph;

  adjacency_init (&graph, 2 * form->binds->len, builder->hard, builder->soft);
  component = find_components (&graph);
  for (guint i = 0; i < builder->facets->len; i++)
    {
      SarapFacet *facet = g_ptr_array_index (builder->facets, i);

      facet->rank = component[vertex_of (facet->bind, aspect_of (facet))];
      g_ptr_array_add (form->facets, facet);
    }
  g_ptr_array_sort (form->facets, compare_facets);
  for (guint i = 0; i < form->facets->len; i++)
    ((SarapFacet *) g_ptr_array_index (form->facets, i))->rank = i;
  adjacency_clear (&graph);
}

/* What must run again when an instance of a repeat comes or goes, besides its own facets. */
static void
collect_outside_readers (SarapBind *bind)
{
  for (guint i = 0; bind->readers != NULL && i < bind->readers->len; i++)
    {
      const SarapReader *reader = &g_array_index (bind->readers, SarapReader, i);

      for (SarapScope *scope = bind->scope; scope->depth > reader->depth; scope = scope->parent)
        add_reader (&scope->outside_readers, reader->facet, reader->depth, reader->is_indexed);
    }
}

static int
compare_readers (gconstpointer a, gconstpointer b)
{
  const SarapReader *left = a;
  const SarapReader *right = b;

  if (left->facet != right->facet)
    return left->facet->rank < right->facet->rank ? -1 : 1;
  return (int) left->depth - (int) right->depth;
}

/* One entry for each facet, with the least depth. */
static void
tidy_outside_readers (const SarapScope *scope)
{
  GArray *readers = scope->outside_readers;
  guint kept = 0;

  if (readers == NULL)
    return;
  g_array_sort (readers, compare_readers);
  for (guint i = 0; i < readers->len; i++)
    if (kept == 0 || g_array_index (readers, SarapReader, kept - 1).facet != g_array_index (readers, SarapReader, i).facet)
      g_array_index (readers, SarapReader, kept++) = g_array_index (readers, SarapReader, i);
    else
      g_array_index (readers, SarapReader, kept - 1).is_indexed &= g_array_index (readers, SarapReader, i).is_indexed;
  g_array_set_size (readers, kept);
}

/* Finds the facets of @form, who reads what, and the order of recomputation. FALSE, with the
 * cycles among @problems, when there is none. */
gboolean
sarap_graph_build (SarapForm *form, SarapProblems *problems)
{
  g_autoptr (GArray) hard = g_array_new (FALSE, FALSE, sizeof (Edge));
  g_autoptr (GArray) soft = g_array_new (FALSE, FALSE, sizeof (Edge));
  g_autoptr (GPtrArray) facets = g_ptr_array_new ();
  Builder builder = { .form = form, .problems = problems, .facets = facets, .hard = hard, .soft = soft };

  for (guint i = 0; i < form->binds->len; i++)
    collect_bind (&builder, g_ptr_array_index (form->binds, i));
  check_cycles (&builder);
  order_facets (&builder);
  for (guint i = 0; i < form->binds->len; i++)
    collect_outside_readers (g_ptr_array_index (form->binds, i));
  for (guint i = 0; i < form->scopes->len; i++)
    tidy_outside_readers (g_ptr_array_index (form->scopes, i));
  return !sarap_problems_has_errors (problems);
}
