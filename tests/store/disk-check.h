#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a store holds what disk-victim told of it. */

typedef struct
{
  guint n_told;    /* answers and files */
  guint n_lost;    /* of these */
  guint n_corrupt; /* stores that do not open, records that cannot be read */
} DiskCheck;

void disk_check (const char *folder, const char *words, DiskCheck *check);

G_END_DECLS
