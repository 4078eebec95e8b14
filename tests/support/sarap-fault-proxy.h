#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A TCP line on the loopback that breaks where it is told to. */

typedef struct _SarapFaultProxy SarapFaultProxy;

typedef enum
{
  SARAP_FAULT_UP,   /* what the device sends */
  SARAP_FAULT_DOWN, /* what the server sends */
} SarapFaultDirection;

SarapFaultProxy *sarap_fault_proxy_new (guint target_port);
void sarap_fault_proxy_free (SarapFaultProxy *self);
guint sarap_fault_proxy_get_port (SarapFaultProxy *self);

/* The next new connection is cut after @offset bytes; those after it are whole. */
void sarap_fault_proxy_cut_next (SarapFaultProxy *self, SarapFaultDirection direction, guint64 offset);
/* @share of the new connections are cut at a random place of the first @most bytes up. */
void sarap_fault_proxy_cut_often (SarapFaultProxy *self, double share, guint64 most);
/* Bytes a second in each direction, 0 as fast as can be. */
void sarap_fault_proxy_set_speed (SarapFaultProxy *self, guint speed);
/* Bytes that went since the last call. */
guint64 sarap_fault_proxy_take_count (SarapFaultProxy *self, SarapFaultDirection direction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapFaultProxy, sarap_fault_proxy_free)

G_END_DECLS
