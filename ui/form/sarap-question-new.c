#include "ui/form/sarap-question-kinds.h"

#define LONG_LIST 50

static GType
find_select (SarapInterview *interview, const SarapElement *element, const char *ref)
{
  g_autoptr (GPtrArray) choices = NULL;

  if (sarap_element_has_appearance (element, "minimal") || sarap_element_has_appearance (element, "autocomplete") || sarap_element_has_appearance (element, "search"))
    return sarap_picker_question_get_type ();
  choices = sarap_interview_dup_choices (interview, ref);
  return choices->len > LONG_LIST ? sarap_picker_question_get_type () : sarap_select_question_get_type ();
}

static GType
find_type (SarapInterview *interview, const SarapElement *element, const char *ref)
{
  switch (sarap_element_get_question_kind (element))
    {
    case SARAP_QUESTION_INTEGER:
    case SARAP_QUESTION_DECIMAL:
      return sarap_number_question_get_type ();
    case SARAP_QUESTION_DATE:
      return sarap_date_question_get_type ();
    case SARAP_QUESTION_TIME:
    case SARAP_QUESTION_DATE_TIME:
      return sarap_time_question_get_type ();
    case SARAP_QUESTION_NOTE:
      return sarap_note_question_get_type ();
    case SARAP_QUESTION_SELECT_ONE:
    case SARAP_QUESTION_SELECT_MULTIPLE:
      return find_select (interview, element, ref);
    case SARAP_QUESTION_RANK:
      return sarap_rank_question_get_type ();
    case SARAP_QUESTION_RANGE:
      return sarap_element_has_appearance (element, "rating") ? sarap_rating_question_get_type () : sarap_range_question_get_type ();
    case SARAP_QUESTION_TRIGGER:
      return sarap_trigger_question_get_type ();
    case SARAP_QUESTION_IMAGE:
      return sarap_image_question_get_type ();
    case SARAP_QUESTION_AUDIO:
    case SARAP_QUESTION_VIDEO:
    case SARAP_QUESTION_FILE:
      return sarap_file_question_get_type ();
    case SARAP_QUESTION_GEOPOINT:
      return sarap_geopoint_question_get_type ();
    case SARAP_QUESTION_TEXT:
    case SARAP_QUESTION_BARCODE:
    case SARAP_QUESTION_GEOTRACE:
    case SARAP_QUESTION_GEOSHAPE:
    default:
      return sarap_text_question_get_type ();
    }
}

SarapQuestion *
sarap_question_new (SarapContext *context, SarapRecorder *recorder, const char *ref)
{
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  const SarapElement *element = sarap_interview_get_element (interview, ref);

  g_return_val_if_fail (element != NULL, NULL);
  return g_object_new (find_type (interview, element, ref), "context", context, "recorder", recorder, "ref", ref, NULL);
}
