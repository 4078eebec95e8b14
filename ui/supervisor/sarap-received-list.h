#pragma once

#include "app/store/sarap-store-received.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* All received submissions, filtered by questionnaire, region, review and search. Signal
 * "activated" (SarapSubmission). */

#define SARAP_TYPE_RECEIVED_LIST (sarap_received_list_get_type ())
G_DECLARE_FINAL_TYPE (SarapReceivedList, sarap_received_list, SARAP, RECEIVED_LIST, GtkWidget)

GtkWidget *sarap_received_list_new (SarapContext *context);
void sarap_received_list_search (SarapReceivedList *self);
/* The neighbour of @id in the list as it is filtered now; @step 1 or -1. Returns: (transfer full) (nullable) */
SarapSubmission *sarap_received_list_dup_neighbour (SarapReceivedList *self, const char *id, int step);

G_END_DECLS
