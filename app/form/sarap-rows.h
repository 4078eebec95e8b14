#pragma once

#include "app/form/sarap-list.h"
#include "app/form/sarap-node.h"

G_BEGIN_DECLS

/* root/item/COLUMN of a large list, as a tree whose nodes are made when they are asked for. */

typedef struct _SarapRows SarapRows;

SarapTree *sarap_tree_new_from_list (SarapList *list);

/* The rows below @node, NULL when it is not the root of a large list. */
SarapRows *sarap_node_peek_rows (const SarapNode *node);
SarapList *sarap_rows_get_list (const SarapRows *self);
guint32 sarap_rows_get_n (const SarapRows *self);
guint sarap_rows_get_n_columns (const SarapRows *self);
const char *sarap_rows_peek_column (const SarapRows *self, guint column);
SarapNode *sarap_rows_get (SarapRows *self, guint32 row, gboolean *is_new);
void sarap_rows_drop (SarapRows *self, guint32 row);

/* For sarap-node.c */
void sarap_rows_open (SarapRows *self, SarapNode *node);
void sarap_rows_trim (SarapRows *self);
void sarap_rows_free (SarapRows *self);

G_END_DECLS
