#pragma once

#include "ui/form/sarap-question.h"

G_BEGIN_DECLS

/* The kinds; which one a question gets is settled in sarap-question-new.c. */

GType sarap_text_question_get_type (void);
GType sarap_number_question_get_type (void);
GType sarap_date_question_get_type (void);
GType sarap_time_question_get_type (void);
GType sarap_note_question_get_type (void);
GType sarap_select_question_get_type (void);
GType sarap_picker_question_get_type (void);
GType sarap_rank_question_get_type (void);
GType sarap_range_question_get_type (void);
GType sarap_rating_question_get_type (void);
GType sarap_trigger_question_get_type (void);
GType sarap_image_question_get_type (void);
GType sarap_file_question_get_type (void);
GType sarap_geopoint_question_get_type (void);

G_END_DECLS
