#pragma once

#include <json-glib/json-glib.h>

#include "app/form/sarap-pages.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

/* Fills interviews by chance but plausibly, through the engine and the store, page by page as a
 * person would. A profile (JSON) says how:
 *
 *  {"from": "2017-03-01T09:00:00+06:00", "to": "2017-05-31T18:00:00+06:00", "hours": [9, 18],
 *   "seconds-per-page": [4, 20], "skip": 0.1,
 *   "answers": {"b_open": {"yes": 95, "no": 5},                        weights of choices
 *               "b_sectors": {"weights": {"tax": 3, "health": 2}, "count": [1, 3]},
 *               "a_age": {"range": [18, 80]},                           whole or decimal numbers
 *               "v_text": {"texts": ["…", "…"]},
 *               "arrival_time": {"clock": 0},                           now, minutes from now
 *               "d_called_time": {"after": "d_ticket_time", "minutes": [2, 45]},
 *               "gps": {"near": "centres.csv", "key": "centre", "metres": 80}},
 *   "failed-items": {"table": "scoring.csv", "repeat": "violation", "share": 0.8,
 *                    "type": "v_type", "severity": "v_sev"}}
 *
 * A question without a rule gets a choice with equal chances, a small number, or a short text. */

typedef struct _SarapSimulation SarapSimulation;

SarapSimulation *sarap_simulation_new (JsonObject *profile, SarapClock *clock, guint32 seed);
void sarap_simulation_free (SarapSimulation *self);

/* Fills one interview and finalizes it. The clock is set to a moment of the profile and goes on
 * while pages are filled. Returns: (transfer full) instance id, or NULL */
char *sarap_simulation_fill (SarapSimulation *self, SarapStore *store, SarapForm *form, const char *owner, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapSimulation, sarap_simulation_free)

G_END_DECLS
