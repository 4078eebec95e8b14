#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Verifies the chain of custody and everything that it names. */

typedef struct
{
  gint64 entry;     /* of the chain; 0: none */
  char *record;     /* instanceID; "" none */
  const char *what; /* English, a sentence without its point */
  char *subject;    /* file, form or key that it is about; "" none */
} SarapCustodyFault;
void sarap_custody_fault_free (SarapCustodyFault *self);

typedef struct
{
  guint n_entries;
  guint n_records;   /* finalized or sent */
  guint n_earlier;   /* finalized before there was a chain */
  guint n_unread;    /* whose answers only a project key opens: their sealed bytes were compared */
  guint n_unsigned;  /* sent, with a receipt that no server signed */
  GPtrArray *faults; /* SarapCustodyFault, in the order of the chain */
} SarapCustodyReport;
void sarap_custody_report_free (SarapCustodyReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCustodyReport, sarap_custody_report_free)

SarapCustodyReport *sarap_store_check_custody (SarapStore *self, GError **error);

G_END_DECLS
