#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Room on the disk of a store. */

typedef enum
{
  SARAP_SPACE_ENOUGH,
  SARAP_SPACE_LOW,  /* under 200 MB: people are warned */
  SARAP_SPACE_NONE, /* under 50 MB: no new interview; the open one finishes */
} SarapSpace;

SarapSpace sarap_store_get_space (SarapStore *store);
SarapSpace sarap_space_look (const char *folder);

/* Bytes that keep room for the open interview: a file of the store's folder that is given up when the disk is full. */
void sarap_ballast_keep (const char *folder);
void sarap_ballast_give_up_if_low (const char *folder);
gboolean sarap_ballast_is_blank (const char *folder);

/* Bytes free and in all on the disk of @folder; tests put another one in its place (NULL: the real one). */
typedef gboolean (*SarapSpaceProbe) (const char *folder, guint64 *n_free, guint64 *n_total);
void sarap_space_set_probe (SarapSpaceProbe probe);

G_END_DECLS
