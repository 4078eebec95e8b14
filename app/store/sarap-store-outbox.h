#pragma once

#include "app/store/sarap-custody-log.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

/* What waits for the server, and what came back. Used by sync/client and by the USB hand-over. */

/* Finalized records whose next attempt is due at @now, oldest first. (element-type SarapRecord) */
GPtrArray *sarap_store_list_due (SarapStore *self, gint64 now, GError **error);
/* From the first byte sent the record is frozen; counted as an attempt. */
gboolean sarap_store_note_attempt (SarapStore *self, const char *id, GError **error);
/* The attempt failed with the server's words; tried again at @next_attempt_at (ms UTC). */
gboolean sarap_store_note_failure (SarapStore *self, const char *id, int failure, const char *message, gint64 next_attempt_at, GError **error);
/* Parts of a split submission that the server has: attachment names already accepted. */
gboolean sarap_store_note_part (SarapStore *self, const char *id, const char *attachment, GError **error);
char **sarap_store_list_parts (SarapStore *self, const char *id, GError **error);
/* The receipt as received, checked against the record's hashes by the caller; NULL from a server that
 * gives none. */
/* @proof: what of the receipt the server signed, checked too; NULL: nothing. */
gboolean sarap_store_note_sent (SarapStore *self, const char *id, GBytes *receipt, const SarapReceiptProof *proof, const char *message, GError **error);
/* A supervisor's decision on an own record or a received submission, from the server. Kept as history;
 * the same decision told again changes nothing. NOT_FOUND when neither has that id. */
gboolean sarap_store_note_review (SarapStore *self, const char *id, SarapReviewState state, const char *comment, const char *actor, gint64 at, GError **error);

typedef struct
{
  SarapReviewState state;
  char *comment;
  char *actor;
  gint64 at; /* ms UTC */
} SarapReview;
void sarap_review_free (SarapReview *review);
/* History of decisions, oldest first, of an own record or a received one. */
GPtrArray *sarap_store_list_reviews (SarapStore *self, const char *id, GError **error);
/* NULL without error: there is none. */
GBytes *sarap_store_dup_receipt (SarapStore *self, const char *id, GError **error);

G_END_DECLS
