#pragma once

#include "app/base/sarap-problem.h"
#include "app/form/xlsform/sarap-workbook.h"
#include "app/form/xlsform/sarap-xlsform-value.h"

G_BEGIN_DECLS

/* A conversion in the order of its stages: sheets and columns → lists of choices and the tree of
 * the survey → references, entities → itext, instances, binds and body as XML. Every stage tells
 * its errors to `problems` and goes on where that makes sense; nothing is written after an error. */

#define SARAP_XLS_MAX_QUESTIONS 20000
#define SARAP_XLS_MAX_CHOICES 200000
#define SARAP_XLS_MAX_NESTING 80
#define SARAP_XLS_MAX_EXPRESSION 65536

typedef struct
{
  char *header; /* as written, blanks cleaned */
  char **path;  /* {"label", "English (en)"} */
  guint column;
} SarapXlsColumn;

typedef struct
{
  guint number;          /* of the spreadsheet */
  SarapXlsValue *values; /* map by the first word of the path */
} SarapXlsRow;

typedef struct
{
  char *name; /* survey, choices… */
  const SarapSheet *sheet;
  GPtrArray *columns; /* SarapXlsColumn */
  GPtrArray *rows;    /* SarapXlsRow */
  guint n_unnamed;    /* cells under no column */
} SarapXlsTable;

typedef struct
{
  char *name;
  guint row;
  SarapXlsValue *values; /* name, label, media and the author's own columns */
} SarapXlsChoice;

typedef struct
{
  char *name;
  GPtrArray *choices; /* SarapXlsChoice */
  gboolean needs_itext;
  gboolean is_used_by_search;
  gboolean is_used;
} SarapXlsList;

typedef struct
{
  const char *name;
  const char *control; /* element of the body, NULL when nobody sees the question */
  const char *data_type;
  const char *media_type;
  const char *preload;
  const char *preload_params;
  const char *constraint;
  const char *hint;
  gboolean is_readonly;
} SarapXlsType;

typedef enum
{
  SARAP_XLS_SURVEY,
  SARAP_XLS_GROUP,
  SARAP_XLS_REPEAT,
  SARAP_XLS_LOOP, /* becomes groups before the tree is used */
  SARAP_XLS_QUESTION,
  SARAP_XLS_EXTERNAL,
  SARAP_XLS_ENTITY,
  SARAP_XLS_ATTRIBUTE,
  SARAP_XLS_LABEL,
} SarapXlsKind;

typedef struct
{
  const char *name; /* setvalue, odk:setgeopoint, odk:recordaudio */
  const char *event;
  char *value;   /* expression or NULL */
  char *quality; /* odk:quality or NULL */
} SarapXlsAction;

typedef struct _SarapXlsElement SarapXlsElement;

struct _SarapXlsElement
{
  SarapXlsKind kind;
  const SarapXlsType *type; /* of questions */
  char *name;
  char *path; /* /data/group/name */
  guint row;
  guint depth;
  SarapXlsElement *parent;
  GPtrArray *children;
  GHashTable *names;       /* name → lent child, while rows are read */
  GHashTable *lower_names; /* the same in lower case */
  SarapXlsValue *values;   /* label, hint, bind, control… */
  GPtrArray *actions;      /* SarapXlsAction */
  char **triggers;         /* names of questions */
  char *itemset;           /* list, file or ${question} */
  char *loop_list;
  gboolean is_query; /* select_one_external */
  gboolean is_dynamic;
  gboolean is_bodyless;
};

typedef struct
{
  char *target; /* name of the element that is set */
  char *value;  /* "" clears it */
  const char *action;
} SarapXlsTriggered;

typedef struct
{
  SarapProblems *problems;
  SarapWorkbook *workbook;
  SarapXlsTable *survey;
  SarapXlsTable *choices;
  SarapXlsTable *external_choices;
  SarapXlsTable *osm;
  SarapXlsTable *entities;
  SarapXlsTable *settings_table;
  SarapXlsValue *settings;
  char *default_language;
  char *root_name;
  char *id;
  GPtrArray *lists;          /* SarapXlsList in order */
  GHashTable *lists_by_name; /* lent */
  GPtrArray *osm_lists;
  SarapXlsElement *root;
  GPtrArray *meta;         /* SarapXlsElement for the end of the survey */
  GPtrArray *declarations; /* entities, see sarap-xlsform-entities.c */
  GHashTable *by_name;     /* name → GPtrArray of lent SarapXlsElement */
  GHashTable *triggered;   /* name of the trigger → GPtrArray of SarapXlsTriggered */
  guint n_questions;
  const char *entities_version;
} SarapXlsForm;

typedef struct
{
  SarapXlsElement *element; /* lent: the question that is saved or referred to */
  const char *property;     /* lent, or NULL for a reference */
} SarapXlsEntityUse;

typedef struct
{
  char *dataset;
  guint row;
  SarapXlsValue *values;
  GPtrArray *uses;            /* SarapXlsEntityUse */
  SarapXlsElement *scope;     /* lent */
  SarapXlsElement *requested; /* lent */
} SarapXlsDeclaration;

/* sheets */
gboolean sarap_xls_read_sheets (SarapXlsForm *self);
void sarap_xls_table_free (SarapXlsTable *table);
guint sarap_xls_distance (const char *a, const char *b);
char *sarap_xls_suggest_sheets (SarapXlsForm *self, const char *name);
void sarap_xls_error (SarapXlsForm *self, const char *sheet, guint row, const char *column, const char *format, ...) G_GNUC_PRINTF (5, 6);
void sarap_xls_warn (SarapXlsForm *self, const char *sheet, guint row, const char *column, const char *format, ...) G_GNUC_PRINTF (5, 6);
const char *sarap_xls_column_of (const SarapXlsTable *table, const char *key);

/* columns */
void sarap_xls_resolve_columns (SarapXlsForm *self, SarapXlsTable *table);

/* languages, scales */
void sarap_xls_check_translations (SarapXlsForm *self);
void sarap_xls_check_scales (SarapXlsForm *self);

/* types */
const SarapXlsType *sarap_xls_find_type (const char *name);
gboolean sarap_xls_parse_yes_no (const char *text, gboolean *value);
gboolean sarap_xls_parse_control (const char *type, gboolean *is_end, SarapXlsKind *kind, char **list);
typedef struct
{
  const char *type; /* "select one", "select all that apply", "rank", "select one external" */
  gboolean is_file;
  gboolean has_other;
  char *list;
} SarapXlsSelect;
gboolean sarap_xls_parse_select (const char *type, SarapXlsSelect *select);
void sarap_xls_select_clear (SarapXlsSelect *select);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapXlsSelect, sarap_xls_select_clear)
const char *sarap_xls_get_extension (const char *list);

/* parameters */
SarapXlsValue *sarap_xls_parse_parameters (SarapXlsForm *self, guint row, const char *text);
void sarap_xls_apply_parameters (SarapXlsForm *self, SarapXlsElement *element, const char *type, SarapXlsValue *parameters);
void sarap_xls_apply_select_parameters (SarapXlsForm *self, SarapXlsElement *element, const SarapXlsSelect *select, SarapXlsValue *parameters);
void sarap_xls_check_geometry_references (SarapXlsForm *self);

/* choices */
void sarap_xls_read_choices (SarapXlsForm *self);
void sarap_xls_list_free (gpointer list);
SarapXlsList *sarap_xls_find_list (SarapXlsForm *self, const char *name);
void sarap_xls_list_add_other (SarapXlsList *list);
void sarap_xls_prepare_lists (SarapXlsForm *self);
GHashTable *sarap_xls_collect_files (SarapXlsForm *self);
void sarap_xls_write_instances (SarapXlsForm *self, GString *out);

/* survey, loops */
void sarap_xls_read_survey (SarapXlsForm *self);
void sarap_xls_unroll_loops (SarapXlsForm *self);

/* element */
SarapXlsElement *sarap_xls_element_new (SarapXlsKind kind, const char *name, guint row);
void sarap_xls_element_free (gpointer element);
void sarap_xls_element_append (SarapXlsElement *parent, SarapXlsElement *child);
void sarap_xls_element_set_type (SarapXlsElement *self, const SarapXlsType *type);
void sarap_xls_element_add_action (SarapXlsElement *self, const char *name, const char *event, const char *value, const char *quality);
void sarap_xls_action_free (gpointer action);
typedef void (*SarapXlsVisit) (SarapXlsForm *self, SarapXlsElement *element, gpointer data);
void sarap_xls_visit (SarapXlsForm *self, SarapXlsElement *element, SarapXlsVisit visit, gpointer data);
gboolean sarap_xls_is_flat (const SarapXlsElement *element);
SarapXlsElement *sarap_xls_nearest_repeat (const SarapXlsElement *element);

/* references */
gboolean sarap_xls_is_name (const char *text);
gboolean sarap_xls_has_reference (const char *text);
gboolean sarap_xls_is_reference (const char *text);
typedef void (*SarapXlsReferenceFunc) (const char *name, gboolean is_last_saved, gpointer data);
gboolean sarap_xls_foreach_reference (const char *text, SarapXlsReferenceFunc func, gpointer data);
gboolean sarap_xls_default_is_dynamic (const char *text, const char *type);
void sarap_xls_index_names (SarapXlsForm *self);
void sarap_xls_check_references (SarapXlsForm *self);
SarapXlsElement *sarap_xls_find_element (SarapXlsForm *self, const char *name);
typedef enum
{
  SARAP_XLS_PLAIN = 0,
  SARAP_XLS_USE_CURRENT = 1 << 0,      /* relative paths start at current(), for predicates */
  SARAP_XLS_REFERENCE_PARENT = 1 << 1, /* up to the repeat's parent, for select_one ${question} */
} SarapXlsResolve;
char *sarap_xls_resolve (SarapXlsForm *self, const char *text, const SarapXlsElement *context, SarapXlsResolve flags);
void sarap_xls_append_output (SarapXlsForm *self, GString *out, const char *text, const SarapXlsElement *context);

/* expressions */
void sarap_xls_check_expressions (SarapXlsForm *self);

/* entities */
void sarap_xls_read_entities (SarapXlsForm *self);
void sarap_xls_place_entities (SarapXlsForm *self);
gboolean sarap_xls_has_entity (SarapXlsForm *self, const char *dataset);
void sarap_xls_declaration_free (gpointer declaration);

/* itext */
gboolean sarap_xls_needs_itext (const SarapXlsElement *element);
void sarap_xls_write_itext (SarapXlsForm *self, GString *out);

/* model, body */
void sarap_xls_append_attribute (GString *out, const char *name, const char *value);
void sarap_xls_append_text_element (GString *out, const char *name, const char *text);
void sarap_xls_write_action (SarapXlsForm *self, GString *out, const SarapXlsElement *element, const SarapXlsAction *action);
void sarap_xls_write_model (SarapXlsForm *self, GString *out);
void sarap_xls_write_body (SarapXlsForm *self, GString *out);

G_END_DECLS
