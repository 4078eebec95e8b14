#pragma once

#include "app/base/sarap-clock.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

/* Times, states and errors as people read them, in the language of the application. */

char *sarap_words_age (gint64 then, gint64 now);
char *sarap_words_until (gint64 then, gint64 now);
char *sarap_words_time (gint64 time, SarapClock *clock);
char *sarap_words_server (const char *message);
char *sarap_words_attachment (const char *name);
char *sarap_words_size (goffset size);
const char *sarap_words_review (SarapReviewState state);
const char *sarap_words_review_style (SarapReviewState state);
const char *sarap_words_sync_error (int code);
char *sarap_words_connecting (const GError *error);

G_END_DECLS
