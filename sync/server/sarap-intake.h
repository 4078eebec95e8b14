#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* From received to durable: files synced by a few threads, then one thread that commits whatever
 * parcels wait in one transaction. */

typedef struct _SarapIntake SarapIntake;

/* In the main context that made the intake. @parcel says its outcome and is the callee's. */
typedef void (*SarapIntakeFunc) (SarapParcel *parcel, gpointer data);

SarapIntake *sarap_intake_new (SarapCentral *central);
void sarap_intake_free (SarapIntake *self);
void sarap_intake_push (SarapIntake *self, SarapParcel *parcel, GPtrArray *spools, SarapIntakeFunc func, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapIntake, sarap_intake_free)

G_END_DECLS
