#pragma once

#include <json-glib/json-glib.h>

#include "tests/support/sarap-driver.h"
#include "tests/support/sarap-test-server.h"

G_BEGIN_DECLS

/* A server with one project and one form, devices that know it, and what people do on them. */

typedef struct
{
  SarapTestServer *server;
  gint64 project;
  char *form_id;
  char *token;      /* of the supervisor */
  char *device;     /* folder of the store of a device, enrolled */
  char *supervisor; /* folder of a store where the supervisor has signed in */
} Journey;

/* What is said to a question. @question: its label. @answer: labels of choices with "|" between
 * them, or text, or the parts of a place with blanks between them. */
typedef struct
{
  const char *question;
  const char *answer;
} Answer;

/* As @answer: the repeat called @question gets one entry. */
#define JOURNEY_ADD NULL

/* @questionnaire: folder below data/questionnaires. @language: of the words that _() gives. */
Journey *journey_new (const char *questionnaire, const char *form_id, const char *language);
void journey_free (Journey *self);

/* A store on its own, with one questionnaire of data/questionnaires. Returns: (transfer full): its folder */
char *journey_new_store (const char *questionnaire);

/* The first question that a visit asks, in English. */
#define JOURNEY_SCENARIO "Scenario (service you ask for)"
/* From the volunteer's home, in English: begins a visit and answers that question. */
void journey_begin_visit (SarapDriver *driver);

/* The application on the device, at the choice of the role. */
SarapDriver *journey_start (Journey *self, const char *language);
SarapDriver *journey_start_supervisor (Journey *self, const char *language);

/* Answers page after page until the form asks no more: @answers first (NULL at the end), else the first choice. */
void journey_fill (SarapDriver *driver, const Answer *answers);

/* From the last page: the home says in the end that one record is sent. */
void journey_finalize_and_send (SarapDriver *driver);

/* Runs a program of ours, which must exit with 0. */
void journey_run (const char *program, ...) G_GNUC_NULL_TERMINATED;
/* One round of the device with the server, while the application is closed. */
void journey_sync (Journey *self);

/* Submissions that the server holds. Returns: (transfer full) instance ids */
GStrv journey_list (Journey *self);
/* Returns: (transfer full) the XML of one */
char *journey_dup_xml (Journey *self, const char *id);
/* Until the server has the decision @state ("approved") on it. */
void journey_wait_for_decision (Journey *self, const char *id, const char *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Journey, journey_free)

G_END_DECLS
