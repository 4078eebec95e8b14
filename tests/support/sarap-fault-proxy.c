#include "tests/support/sarap-fault-proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* One thread accepts, two carry each connection, one a direction. */

struct _SarapFaultProxy
{
  gatomicrefcount references; /* one of the test's, one of each thread's */
  GSocket *listener;
  GCancellable *cancellable;
  guint port;
  guint target_port;
  GMutex mutex; /* of everything below */
  GCond ended;
  guint n_threads;
  GRand *rand;
  gboolean cuts_next;
  SarapFaultDirection direction;
  guint64 offset;
  double share;
  guint64 most;
  guint speed;
  guint64 counts[2];
};

typedef struct
{
  SarapFaultProxy *proxy;
  SarapFaultDirection direction;
  GSocket *from;
  GSocket *to;
  guint64 left; /* bytes until the cut */
} Line;

static void
proxy_unref (SarapFaultProxy *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_rand_free (self->rand);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_free (self);
}

static gpointer
end_thread (SarapFaultProxy *self)
{
  g_mutex_lock (&self->mutex);
  self->n_threads--;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
  proxy_unref (self);
  return NULL;
}

static void
begin_thread (SarapFaultProxy *self, GThreadFunc func, gpointer data)
{
  g_atomic_ref_count_inc (&self->references);
  g_mutex_lock (&self->mutex);
  self->n_threads++;
  g_mutex_unlock (&self->mutex);
  g_thread_unref (g_thread_new ("fault-proxy", func, data));
}

static gboolean
send_all (Line *line, const char *bytes, gsize length)
{
  for (gsize sent = 0; sent < length;)
    {
      gssize n = g_socket_send (line->to, bytes + sent, length - sent, line->proxy->cancellable, NULL);

      if (n <= 0)
        return FALSE;
      sent += (gsize) n;
    }
  return TRUE;
}

static gpointer
line_thread (gpointer data)
{
  Line *line = data;
  SarapFaultProxy *self = line->proxy;
  char bytes[4096];
  gboolean is_whole = TRUE;

  while (is_whole)
    {
      guint speed = self->speed;
      gssize n = g_socket_receive (line->from, bytes, speed > 0 ? MAX (speed / 10, 1) : sizeof bytes, self->cancellable, NULL);

      if (n <= 0)
        break;
      is_whole = (guint64) n < line->left;
      n = (gssize) MIN ((guint64) n, line->left);
      line->left -= (guint64) n;
      g_mutex_lock (&self->mutex);
      self->counts[line->direction] += (guint64) n;
      g_mutex_unlock (&self->mutex);
      if (!send_all (line, bytes, (gsize) n))
        break;
      if (speed > 0)
        g_usleep (100000);
    }
  g_socket_shutdown (line->from, TRUE, TRUE, NULL);
  g_socket_shutdown (line->to, TRUE, TRUE, NULL);
  g_object_unref (line->from);
  g_object_unref (line->to);
  g_free (line);
  return end_thread (self);
}

static void
begin_line (SarapFaultProxy *self, SarapFaultDirection direction, GSocket *from, GSocket *to, guint64 left)
{
  Line *line = g_new0 (Line, 1);

  line->proxy = self;
  line->direction = direction;
  line->from = g_object_ref (from);
  line->to = g_object_ref (to);
  line->left = left;
  begin_thread (self, line_thread, line);
}

static void
choose_cuts (SarapFaultProxy *self, guint64 *left)
{
  left[SARAP_FAULT_UP] = left[SARAP_FAULT_DOWN] = G_MAXUINT64;
  g_mutex_lock (&self->mutex);
  if (self->cuts_next)
    left[self->direction] = self->offset;
  else if (g_rand_double (self->rand) < self->share)
    left[SARAP_FAULT_UP] = (guint64) (g_rand_double (self->rand) * (double) self->most);
  self->cuts_next = FALSE;
  g_mutex_unlock (&self->mutex);
}

static GSocketAddress *
loopback (guint port)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  return g_inet_socket_address_new (address, (guint16) port);
}

static gpointer
accept_thread (gpointer data)
{
  SarapFaultProxy *self = data;
  g_autoptr (GSocketAddress) target = loopback (self->target_port);

  for (;;)
    {
      g_autoptr (GSocket) device = g_socket_accept (self->listener, self->cancellable, NULL);
      g_autoptr (GSocket) server = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
      guint64 left[2];

      if (device == NULL)
        break;
      choose_cuts (self, left);
      if (left[SARAP_FAULT_UP] == 0 || left[SARAP_FAULT_DOWN] == 0 || !g_socket_connect (server, target, self->cancellable, NULL))
        {
          g_socket_close (device, NULL);
          continue;
        }
      g_socket_set_option (device, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
      g_socket_set_option (server, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
      begin_line (self, SARAP_FAULT_UP, device, server, left[SARAP_FAULT_UP]);
      begin_line (self, SARAP_FAULT_DOWN, server, device, left[SARAP_FAULT_DOWN]);
    }
  return end_thread (self);
}

SarapFaultProxy *
sarap_fault_proxy_new (guint target_port)
{
  SarapFaultProxy *self = g_new0 (SarapFaultProxy, 1);
  g_autoptr (GSocketAddress) any = loopback (0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->rand = g_rand_new_with_seed (20260101);
  self->cancellable = g_cancellable_new ();
  self->target_port = target_port;
  self->listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->listener, any, TRUE, NULL) && g_socket_listen (self->listener, NULL));
  bound = g_socket_get_local_address (self->listener, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  begin_thread (self, accept_thread, self);
  return self;
}

void
sarap_fault_proxy_free (SarapFaultProxy *self)
{
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->mutex);
  while (self->n_threads > 0)
    g_cond_wait (&self->ended, &self->mutex);
  g_mutex_unlock (&self->mutex);
  proxy_unref (self);
}

guint
sarap_fault_proxy_get_port (SarapFaultProxy *self)
{
  return self->port;
}

void
sarap_fault_proxy_cut_next (SarapFaultProxy *self, SarapFaultDirection direction, guint64 offset)
{
  g_mutex_lock (&self->mutex);
  self->cuts_next = TRUE;
  self->direction = direction;
  self->offset = offset;
  g_mutex_unlock (&self->mutex);
}

void
sarap_fault_proxy_cut_often (SarapFaultProxy *self, double share, guint64 most)
{
  g_mutex_lock (&self->mutex);
  self->share = share;
  self->most = most;
  g_mutex_unlock (&self->mutex);
}

void
sarap_fault_proxy_set_speed (SarapFaultProxy *self, guint speed)
{
  self->speed = speed;
}

guint64
sarap_fault_proxy_take_count (SarapFaultProxy *self, SarapFaultDirection direction)
{
  guint64 count;

  g_mutex_lock (&self->mutex);
  count = self->counts[direction];
  self->counts[direction] = 0;
  g_mutex_unlock (&self->mutex);
  return count;
}
