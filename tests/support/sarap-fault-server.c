#include "tests/support/sarap-fault-server.h"

#include <string.h>

#include "sync/wire/sarap-openrosa.h"

typedef struct
{
  char *content_type;
  GBytes *body;
} Page;

struct _SarapFaultServer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *pem;
  guint port;
  GMutex mutex; /* of everything below */
  GCond started;
  gboolean is_started;
  SarapFaultFunc fault;
  gpointer fault_data;
  gboolean gives_receipts;
  guint64 accepted_length;
  GHashTable *pages;
  GPtrArray *requests;
  GHashTable *instances;
  GHashTable *counts;
};

static void
request_free (gpointer data)
{
  SarapFaultRequest *request = data;

  g_free (request->method);
  g_free (request->path);
  g_free (request->openrosa_version);
  g_free (request->date);
  g_free (request->authorization);
  g_bytes_unref (request->body);
  g_free (request);
}

static void
instance_free (gpointer data)
{
  SarapFaultInstance *instance = data;

  g_clear_pointer (&instance->xml, g_bytes_unref);
  g_hash_table_unref (instance->files);
  g_free (instance);
}

static SarapFaultInstance *
instance_new (void)
{
  SarapFaultInstance *instance = g_new0 (SarapFaultInstance, 1);

  instance->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return instance;
}

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->content_type);
  g_bytes_unref (page->body);
  g_free (page);
}

static guint
note_request (SarapFaultServer *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SarapFaultRequest *request = g_new0 (SarapFaultRequest, 1);
  char *key = g_strconcat (soup_server_message_get_method (message), " ", path, NULL);
  guint n;

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_uri_to_string_partial (soup_server_message_get_uri (message), G_URI_HIDE_NONE);
  request->openrosa_version = g_strdup (soup_message_headers_get_one (headers, SARAP_OPENROSA_VERSION_HEADER));
  request->date = g_strdup (soup_message_headers_get_one (headers, "Date"));
  request->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->requests, request);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, key));
  g_hash_table_replace (self->counts, key, GUINT_TO_POINTER (n + 1));
  g_mutex_unlock (&self->mutex);
  return n;
}

/* "uuid:…" between the tags of instanceID, wherever they are. */
static char *
find_instance_id (GBytes *xml)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  char *start = strstr (text, "instanceID>");
  char *end = start ? strchr (start, '<') : NULL;

  return end != NULL ? g_strndup (start + strlen ("instanceID>"), (gsize) (end - start) - strlen ("instanceID>")) : NULL;
}

static void
add_to_receipt (SarapReceipt *receipt, const char *name, GBytes *bytes)
{
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  sarap_receipt_add_file (receipt, name, sha256, g_bytes_get_size (bytes));
}

static GBytes *
make_answer (SarapFaultServer *self, const char *id, SarapFaultInstance *instance, gboolean is_complete)
{
  g_autoptr (SarapReceipt) receipt = sarap_receipt_new (id);
  GHashTableIter iter;
  gpointer name, bytes;

  receipt->is_complete = is_complete;
  add_to_receipt (receipt, SARAP_RECEIPT_XML, instance->xml);
  g_hash_table_iter_init (&iter, instance->files);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    add_to_receipt (receipt, name, bytes);
  return sarap_openrosa_response_serialize ("Thank you", "submit_success", self->gives_receipts ? receipt : NULL);
}

/* Takes the parts with libsoup's parser, not with ours. Returns: (transfer full) the XML */
static GBytes *
take_parts (SoupMultipart *multipart, GHashTable *files, gboolean *is_incomplete)
{
  GBytes *xml = NULL;

  for (int i = 0; i < soup_multipart_get_length (multipart); i++)
    {
      SoupMessageHeaders *headers;
      GBytes *body;
      g_autofree char *disposition = NULL;
      g_autoptr (GHashTable) parameters = NULL;
      const char *name;

      soup_multipart_get_part (multipart, i, &headers, &body);
      soup_message_headers_get_content_disposition (headers, &disposition, &parameters);
      name = g_hash_table_lookup (parameters, "name");
      if (g_str_equal (name, SARAP_OPENROSA_XML_PART) && xml == NULL)
        xml = g_bytes_ref (body);
      else if (g_str_equal (name, SARAP_OPENROSA_INCOMPLETE_PART))
        *is_incomplete = TRUE;
      else
        g_hash_table_replace (files, g_strdup (g_hash_table_lookup (parameters, "filename")), g_bytes_ref (body));
    }
  return xml;
}

static void
take_submission (SarapFaultServer *self, SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  SoupMultipart *multipart = soup_multipart_new_from_message (soup_server_message_get_request_headers (message), body);
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) xml = NULL, answer = NULL;
  g_autofree char *id = NULL;
  gboolean is_incomplete = FALSE;
  SarapFaultInstance *instance;
  GHashTableIter iter;
  gpointer name, bytes;

  g_assert_nonnull (multipart);
  xml = take_parts (multipart, files, &is_incomplete);
  soup_multipart_free (multipart);
  id = find_instance_id (xml);
  g_assert_nonnull (id);

  g_mutex_lock (&self->mutex);
  instance = g_hash_table_lookup (self->instances, id);
  if (instance == NULL)
    {
      instance = instance_new ();
      g_hash_table_replace (self->instances, g_strdup (id), instance);
    }
  instance->n_posts++;
  if (instance->xml != NULL && !g_bytes_equal (instance->xml, xml))
    {
      g_mutex_unlock (&self->mutex);
      sarap_fault_server_answer (message, 409, "text/plain", "other bytes under the same id");
      return;
    }
  if (instance->xml == NULL)
    instance->xml = g_bytes_ref (xml);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    g_hash_table_replace (instance->files, g_strdup (name), g_bytes_ref (bytes));
  answer = make_answer (self, id, instance, !is_incomplete);
  g_mutex_unlock (&self->mutex);
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, "text/xml", SOUP_MEMORY_COPY, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

/* For a fault that changes an honest answer afterwards. */
void
sarap_fault_server_answer_honestly (SarapFaultServer *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *method = soup_server_message_get_method (message);
  const Page *page;

  soup_message_headers_replace (headers, SARAP_OPENROSA_VERSION_HEADER, SARAP_OPENROSA_VERSION);
  if (g_str_equal (path, "/base/submission") && g_str_equal (method, "HEAD"))
    {
      g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, self->accepted_length);

      soup_message_headers_replace (headers, SARAP_OPENROSA_LENGTH_HEADER, length);
      soup_server_message_set_status (message, 204, NULL);
      return;
    }
  if (g_str_equal (path, "/base/submission") && g_str_equal (method, "POST"))
    {
      take_submission (self, message);
      return;
    }
  g_mutex_lock (&self->mutex);
  page = g_hash_table_lookup (self->pages, path);
  if (page != NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, page->content_type, SOUP_MEMORY_COPY, g_bytes_get_data (page->body, NULL), g_bytes_get_size (page->body));
    }
  else
    sarap_fault_server_answer (message, 404, "text/plain", "no such page");
  g_mutex_unlock (&self->mutex);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SarapFaultServer *self = data;
  guint n = note_request (self, message, path);
  SarapFaultFunc fault;
  gpointer fault_data;

  g_mutex_lock (&self->mutex);
  fault = self->fault;
  fault_data = self->fault_data;
  g_mutex_unlock (&self->mutex);
  if (fault == NULL || !fault (self, message, path, n, fault_data))
    sarap_fault_server_answer_honestly (self, message, path);
}

static gpointer
server_thread (gpointer data)
{
  SarapFaultServer *self = data;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (self->pem, -1, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_assert_nonnull (certificate);
  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->mutex);
  self->port = (guint) g_uri_get_port (uris->data);
  self->is_started = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* @pem: certificate and key, as sarap_test_ca_issue() gives them. */
SarapFaultServer *
sarap_fault_server_new (const char *pem)
{
  SarapFaultServer *self = g_new0 (SarapFaultServer, 1);

  self->pem = g_strdup (pem);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->started);
  self->accepted_length = 1000000;
  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, page_free);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->instances = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, instance_free);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->thread = g_thread_new ("fault-server", server_thread, self);
  g_mutex_lock (&self->mutex);
  while (!self->is_started)
    g_cond_wait (&self->started, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* The loop may not run yet: it is ended from inside. */
void
sarap_fault_server_free (SarapFaultServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->started);
  g_hash_table_unref (self->pages);
  g_ptr_array_unref (self->requests);
  g_hash_table_unref (self->instances);
  g_hash_table_unref (self->counts);
  g_free (self->pem);
  g_free (self);
}

guint
sarap_fault_server_get_port (SarapFaultServer *self)
{
  return self->port;
}

char *
sarap_fault_server_dup_url (SarapFaultServer *self, const char *host)
{
  return g_strdup_printf ("https://%s:%u/base", host, self->port);
}

void
sarap_fault_server_set_fault (SarapFaultServer *self, SarapFaultFunc func, gpointer data)
{
  g_mutex_lock (&self->mutex);
  self->fault = func;
  self->fault_data = data;
  g_hash_table_remove_all (self->counts);
  g_ptr_array_set_size (self->requests, 0);
  g_mutex_unlock (&self->mutex);
}

void
sarap_fault_server_set_receipts (SarapFaultServer *self, gboolean gives_receipts)
{
  self->gives_receipts = gives_receipts;
}

void
sarap_fault_server_set_accepted_length (SarapFaultServer *self, guint64 length)
{
  self->accepted_length = length;
}

/* A page for GET; @body NULL removes it. */
void
sarap_fault_server_put (SarapFaultServer *self, const char *path, const char *content_type, GBytes *body)
{
  g_mutex_lock (&self->mutex);
  if (body == NULL)
    g_hash_table_remove (self->pages, path);
  else
    {
      Page *page = g_new0 (Page, 1);

      page->content_type = g_strdup (content_type);
      page->body = g_bytes_ref (body);
      g_hash_table_replace (self->pages, g_strdup (path), page);
    }
  g_mutex_unlock (&self->mutex);
}

void
sarap_fault_server_answer (SoupServerMessage *message, guint status, const char *content_type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_COPY, body, strlen (body));
}

/* The connection ends without an answer. */
void
sarap_fault_server_cut (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

/* Since the last sarap_fault_server_set_fault(). (element-type SarapFaultRequest) */
GPtrArray *
sarap_fault_server_list_requests (SarapFaultServer *self)
{
  GPtrArray *requests;

  g_mutex_lock (&self->mutex);
  requests = self->requests;
  self->requests = g_ptr_array_new_with_free_func (request_free);
  g_mutex_unlock (&self->mutex);
  return requests;
}

/* id → SarapFaultInstance; call it when no request is under way. */
GHashTable *
sarap_fault_server_list_instances (SarapFaultServer *self)
{
  return g_hash_table_ref (self->instances);
}

/* Requests since the last sarap_fault_server_set_fault(). */
guint
sarap_fault_server_count (SarapFaultServer *self, const char *method, const char *path)
{
  g_autofree char *key = g_strconcat (method, " ", path, NULL);
  guint n;

  g_mutex_lock (&self->mutex);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, key));
  g_mutex_unlock (&self->mutex);
  return n;
}
