#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The few answers by which a supervisor filters, read from a submission's XML. */

typedef struct
{
  char *region;
  char *centre;
} SarapSubmissionPlace;

void sarap_submission_place_clear (SarapSubmissionPlace *self);
gboolean sarap_submission_place_read (SarapSubmissionPlace *self, GBytes *xml, GError **error);

G_END_DECLS
