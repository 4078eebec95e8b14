#pragma once

#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

/* Interviews with tests/data/forms/visit.xml. */

void sarap_visit_add_form (SarapStore *store);
SarapRecorder *sarap_visit_begin (SarapStore *store, const char *owner);
void sarap_visit_answer (SarapRecorder *recorder, const char *ref, const char *value);
char *sarap_visit_finish (SarapStore *store, const char *name);

G_END_DECLS
