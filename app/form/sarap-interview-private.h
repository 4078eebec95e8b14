#pragma once

#include "app/form/sarap-form-private.h"
#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* The state of one interview.
 *
 *  1. A frame is one instance of a scope (the root, or a repeat): one block of memory with a
 *     cell for each bind of the scope and a range for each nested repeat.
 *  2. node->owner_data is the node's cell; nodes that have no bind (a second node of the same
 *     name) have none, and keep what the form wrote into them.
 *  3. A range holds its instances in order. Instances that a lowered count took away are
 *     parked: out of the tree, with their answers, until the count rises again or the
 *     interview is finalized.
 *  4. A node holds a value of its type. What people wrote and is none stands beside it, in
 *     `typed`: shown, recorded and serialized, seen by no expression, and a violated constraint.
 *  5. Every operation runs between sarap_interview_begin() and _commit(): actions and
 *     recomputation join in, then the signals are sent once.
 */

#define SARAP_MAX_ACTION_DEPTH 32

#define SARAP_SEVERAL_INDEXES G_MAXUINT

typedef struct _SarapFrame SarapFrame;
typedef struct _SarapRange SarapRange;

typedef struct
{
  SarapNode *node;
  SarapBind *bind;
  SarapFrame *frame;
  char *stash; /* answer that a filter took from, given back with its choices; the node has what is left */
  char *typed; /* what people wrote where it is no value of the type; the node has what it is cast to */
  guint own_relevant : 1;
  guint queued : 4;      /* 1 << SarapFacetKind */
  guint index_seen;      /* instance that its calculation last asked indexed-repeat() for; 0: none */
  guint is_recorded : 1; /* restored value: calculations that depend on the moment keep it */
} SarapCell;

struct _SarapRange
{
  SarapScope *scope;
  SarapFrame *owner;
  SarapNode *anchor;  /* template in the tree, before the first instance */
  GPtrArray *frames;  /* owned */
  GPtrArray *parked;  /* owned, last one parked first; NULL: none */
  gboolean is_queued; /* its count */
};

struct _SarapFrame
{
  SarapScope *scope;
  SarapFrame *parent;
  SarapRange *range; /* NULL for the root */
  SarapRange *ranges;
  guint position; /* 1-based */
  SarapCell cells[];
};

/* What an action wants of the application. */
typedef struct
{
  SarapActionKind kind;
  char *ref;
  const char *quality;
} SarapRequest;

typedef struct
{
  guint64 key; /* rank of the facet, then order of arrival */
  SarapFacet *facet;
  gpointer target; /* SarapCell; SarapRange for a count */
} SarapTask;

struct _SarapInterview
{
  GObject parent_instance;
  SarapForm *form;
  SarapClock *clock;
  char *device_id;
  char *username;
  char *phone_number;
  char *email;
  char *interviewer;
  GRand *rand;
  SarapTree *tree;
  SarapTree *last_saved;
  SarapFrame *root;
  SarapXPathHost host;
  int language;

  guint depth;         /* of operations */
  guint action_depth;  /* actions that set off actions */
  GPtrArray *changes;  /* of the operation; NULL while nobody needs them */
  GPtrArray *requests; /* (element-type SarapRequest) nobody has listened to yet */
  GArray *queue;       /* heap of SarapTask */
  guint32 n_queued;    /* ever, for the order of arrival */
  gint64 swept;        /* rank that the first sweep has reached; G_MAXINT64 afterwards */
  guint64 n_runs;      /* of the operation */
  guint index_seen;    /* of the calculation that is going on */
  gboolean is_restoring;
  gboolean needs_state_changed;
  GError *error; /* first failed expression of the operation */
};

/* sarap-interview.c */
void sarap_interview_begin (SarapInterview *self);
gboolean sarap_interview_commit (SarapInterview *self, GError **error);
void sarap_interview_note (SarapInterview *self, SarapChangeKind kind, const SarapCell *cell, const char *value);
void sarap_interview_note_value (SarapInterview *self, const SarapCell *cell);
void sarap_interview_note_error (SarapInterview *self, const SarapBind *bind, const char *what, GError *error);
void sarap_interview_init_context (SarapInterview *self, SarapNode *node, SarapXPathContext *context);
SarapCell *sarap_interview_find_cell (SarapInterview *self, const char *ref);
SarapCell *sarap_interview_find_cell_from (SarapInterview *self, const char *ref, SarapNode *context);
SarapRange *sarap_interview_find_range (SarapInterview *self, const char *path);
gboolean sarap_interview_cell_is_required (SarapInterview *self, const SarapCell *cell);
gboolean sarap_interview_cell_is_readonly (SarapInterview *self, const SarapCell *cell);

/* sarap-label.c */
char *sarap_interview_dup_text (SarapInterview *self, const SarapText *text, const char *form, SarapNode *context);
char *sarap_interview_dup_itext (SarapInterview *self, const char *id, const char *form, SarapNode *context);

/* sarap-validate.c */
SarapAnswerResult sarap_interview_validate_cell (SarapInterview *self, SarapCell *cell, char **message, GError **error);

/* sarap-host.c */
void sarap_interview_init_host (SarapInterview *self);

/* sarap-frame.c */
SarapFrame *sarap_frame_new (SarapScope *scope, SarapFrame *parent, SarapRange *range, SarapNode *node);
void sarap_frame_free (SarapFrame *self);
SarapCell *sarap_frame_peek_cell (SarapFrame *self, const SarapBind *bind);
SarapCell *sarap_frame_add_node (SarapFrame *self, SarapBind *bind, SarapNode *sibling);
char *sarap_cell_dup_ref (const SarapCell *self);
void sarap_cell_take_text (SarapCell *self, const char *text);
const char *sarap_cell_peek_text (const SarapCell *self);
const char *sarap_cell_peek_recorded (const SarapCell *self);
typedef void (*SarapCellFunc) (SarapCell *cell, gpointer data);
void sarap_frame_foreach (SarapFrame *self, SarapCellFunc func, gpointer data);

/* sarap-recompute.c */
void sarap_recompute_all (SarapInterview *self);
void sarap_recompute_drain (SarapInterview *self);
void sarap_recompute_value_changed (SarapInterview *self, SarapCell *cell);
void sarap_recompute_range_changed (SarapInterview *self, SarapRange *range, guint first_moved, guint added);
void sarap_recompute_frame_added (SarapInterview *self, SarapFrame *frame);
void sarap_recompute_language_changed (SarapInterview *self);
gboolean sarap_interview_set_value (SarapInterview *self, SarapCell *cell, const char *value);
gboolean sarap_interview_set_text (SarapInterview *self, SarapCell *cell, const char *text);

/* sarap-repeat.c */
SarapFrame *sarap_range_add (SarapInterview *self, SarapRange *range, gboolean fire_events);
void sarap_range_remove (SarapInterview *self, SarapRange *range, guint index);
void sarap_range_set_count (SarapInterview *self, SarapRange *range, guint count);
void sarap_range_forget_parked (SarapRange *range);
gboolean sarap_range_is_relevant (SarapInterview *self, SarapRange *range);

/* sarap-choices.c */
gboolean sarap_choices_keep_valid (SarapInterview *self, SarapCell *cell, const char *value, char **kept);
char *sarap_choices_order (SarapInterview *self, SarapCell *cell, const char *value);
char *sarap_choices_dup_name (SarapInterview *self, const char *value, const char *path, SarapNode *context);

/* sarap-actions.c */
void sarap_actions_run_first_load (SarapInterview *self);
void sarap_actions_run_load (SarapInterview *self);
void sarap_actions_run_new_repeat (SarapInterview *self, SarapFrame *frame);
void sarap_request_free (SarapRequest *self);
void sarap_actions_run_value_changed (SarapInterview *self, SarapCell *cell);

/* sarap-preload.c */
void sarap_preload_run (SarapInterview *self);
void sarap_preload_renew_id (SarapInterview *self);
void sarap_preload_run_end (SarapInterview *self);
const char *sarap_preload_peek_property (SarapInterview *self, const char *name);

G_END_DECLS
