#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The body of a form as people see it: a tree of groups, repeats and questions, immutable, owned
 * by its SarapForm. What changes while filling (labels, relevance, values) is the interview's. */

typedef enum
{
  SARAP_ELEMENT_GROUP,
  SARAP_ELEMENT_REPEAT,
  SARAP_ELEMENT_QUESTION,
} SarapElementKind;

typedef enum
{
  SARAP_QUESTION_TEXT,
  SARAP_QUESTION_INTEGER,
  SARAP_QUESTION_DECIMAL,
  SARAP_QUESTION_DATE,
  SARAP_QUESTION_TIME,
  SARAP_QUESTION_DATE_TIME,
  SARAP_QUESTION_NOTE, /* a readonly input without a calculation of its own to show */
  SARAP_QUESTION_SELECT_ONE,
  SARAP_QUESTION_SELECT_MULTIPLE,
  SARAP_QUESTION_RANK,
  SARAP_QUESTION_RANGE,
  SARAP_QUESTION_TRIGGER, /* acknowledge */
  SARAP_QUESTION_IMAGE,
  SARAP_QUESTION_AUDIO,
  SARAP_QUESTION_VIDEO,
  SARAP_QUESTION_FILE,
  SARAP_QUESTION_BARCODE,
  SARAP_QUESTION_GEOPOINT,
  SARAP_QUESTION_GEOTRACE,
  SARAP_QUESTION_GEOSHAPE,
} SarapQuestionKind;

typedef struct _SarapElement SarapElement;

SarapElementKind sarap_element_get_kind (const SarapElement *self);
SarapQuestionKind sarap_element_get_question_kind (const SarapElement *self);
const SarapElement *sarap_element_get_parent (const SarapElement *self);
guint sarap_element_get_n_children (const SarapElement *self);
const SarapElement *sarap_element_peek_child (const SarapElement *self, guint index);

/* Path in the instance without positions, "/data/violation/v_type"; NULL for a group without ref. */
const char *sarap_element_get_path (const SarapElement *self);
/* Last step of the path: the question's name in the XLSForm. */
const char *sarap_element_get_name (const SarapElement *self);
const char *sarap_element_get_appearance (const SarapElement *self); /* as written, never NULL */
gboolean sarap_element_has_appearance (const SarapElement *self, const char *word);
/* Attribute of the control: start, end, step of a range, rows, orx:max-pixels ("max-pixels")… NULL if absent. */
const char *sarap_element_get_parameter (const SarapElement *self, const char *name);
const char *sarap_element_get_mediatype (const SarapElement *self);

G_END_DECLS
