#include "tests/support/sarap-test-server.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sarap-config.h"

struct _SarapTestServer
{
  char *folder;
  char *url;
  char *ca_file;
  guint port;
  GSubprocess *server; /* NULL while dead */
  GSubprocess *nginx;
};

static void
die_with_parent_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static char *
in_folder (SarapTestServer *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
write_text (SarapTestServer *self, const char *name, const char *text)
{
  g_autofree char *path = in_folder (self, name);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_error ("%s", error->message);
}

static void
run_openssl (SarapTestServer *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, self->folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
    g_error ("%s: %s", line, error->message);
}

/* An authority of its own, and localhost's certificate from it. */
static void
make_certificates (SarapTestServer *self)
{
  write_text (self, "san", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  run_openssl (self, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=Sarap-test-authority -keyout ca.key -out ca.pem");
  run_openssl (self, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
  run_openssl (self, "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile san -out server.pem");
}

static guint
find_free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (!g_socket_bind (socket, any, FALSE, NULL))
    g_error ("no free port on the loopback");
  bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
replace (GString *text, const char *name, const char *value)
{
  g_string_replace (text, name, value, 0);
}

static void
write_site (SarapTestServer *self)
{
  g_autofree char *listen = g_strdup_printf ("127.0.0.1:%u", self->port);
  g_autofree char *certificate = in_folder (self, "server.pem"), *key = in_folder (self, "server.key");
  g_autofree char *socket = in_folder (self, "server.sock"), *log = in_folder (self, "access.log");
  g_autofree char *template = NULL;
  g_autoptr (GString) site = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (SARAP_SOURCE_DATA_DIR "/nginx/sarap.conf", &template, NULL, &error))
    g_error ("%s", error->message);
  site = g_string_new (template);
  replace (site, "@SERVER_NAME@", "localhost");
  replace (site, "@LISTEN@", listen);
  replace (site, "@REQUESTS_PER_SECOND@", "100000");
  replace (site, "@CERTIFICATE@", certificate);
  replace (site, "@CERTIFICATE_KEY@", key);
  replace (site, "@LOG@", log);
  replace (site, "@SOCKET@", socket);
  write_text (self, "site.conf", site->str);
}

/* What a distribution's nginx.conf would be, within the folder. */
static void
write_nginx_conf (SarapTestServer *self)
{
  g_autofree char *text = g_strdup_printf ("%s"
                                           "daemon off;\n"
                                           "worker_processes 2;\n"
                                           "pid %s/nginx.pid;\n"
                                           "error_log %s/nginx.log emerg;\n"
                                           "events { worker_connections 4096; }\n"
                                           "http {\n"
                                           "  access_log off;\n"
                                           "  client_body_temp_path %s/body;\n"
                                           "  proxy_temp_path %s/proxy;\n"
                                           "  fastcgi_temp_path %s/fastcgi;\n"
                                           "  uwsgi_temp_path %s/uwsgi;\n"
                                           "  scgi_temp_path %s/scgi;\n"
                                           "  include %s/site.conf;\n"
                                           "}\n",
                                           geteuid () == 0 ? "user root;\n" : "",
                                           self->folder,
                                           self->folder,
                                           self->folder,
                                           self->folder,
                                           self->folder,
                                           self->folder,
                                           self->folder,
                                           self->folder);

  write_text (self, "nginx.conf", text);
}

static gboolean
is_reachable (SarapTestServer *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) self->port, NULL, NULL);

  return connection != NULL;
}

static void
start_nginx (SarapTestServer *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *conf = in_folder (self, "nginx.conf"), *log = in_folder (self, "nginx.log");
  g_autofree char *program = g_find_program_in_path ("nginx");
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent_cb, NULL, NULL);
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  self->nginx = g_subprocess_launcher_spawn (launcher, &error, program ? program : "/usr/sbin/nginx", "-p", self->folder, "-e", log, "-c", conf, NULL);
  if (self->nginx == NULL)
    g_error ("%s", error->message);
  for (guint i = 0; !is_reachable (self); i++)
    {
      if (i == 250)
        g_error ("nginx does not start; see %s", log);
      g_usleep (20000);
    }
}

/* Returns once the server listens. */
void
sarap_test_server_start (SarapTestServer *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *database = g_strdup_printf ("sqlite:%s/central.db", self->folder);
  g_autofree char *socket = g_strdup_printf ("unix:%s/server.sock", self->folder);
  g_autofree char *log = in_folder (self, "server.log");
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent_cb, NULL, NULL);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  self->server = g_subprocess_launcher_spawn (launcher, &error, SARAP_SERVER_PROGRAM, "--database", database, "--listen", socket, "--public-url", self->url, NULL);
  if (self->server == NULL)
    g_error ("%s", error->message);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  if (g_strcmp0 (line, "ready") != 0)
    g_error ("sarap-server does not start; see %s", log);
}

void
sarap_test_server_kill (SarapTestServer *self)
{
  g_subprocess_force_exit (self->server);
  g_subprocess_wait (self->server, NULL, NULL);
  g_clear_object (&self->server);
}

void
sarap_test_server_stop (SarapTestServer *self)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (self->server, SIGTERM);
  if (!g_subprocess_wait_check (self->server, NULL, &error))
    g_error ("sarap-server: %s", error->message);
  g_clear_object (&self->server);
}

int
sarap_test_server_get_pid (SarapTestServer *self)
{
  return atoi (g_subprocess_get_identifier (self->server));
}

SarapTestServer *
sarap_test_server_new (void)
{
  SarapTestServer *self = g_new0 (SarapTestServer, 1);
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("sarap-server-XXXXXX", &error);
  if (self->folder == NULL)
    g_error ("%s", error->message);
  self->port = find_free_port ();
  self->url = g_strdup_printf ("https://localhost:%u", self->port);
  self->ca_file = in_folder (self, "ca.pem");
  make_certificates (self);
  write_site (self);
  write_nginx_conf (self);
  sarap_test_server_start (self);
  ca = sarap_test_server_admin (self, NULL, "--ca", self->ca_file, "list", NULL);
  start_nginx (self);
  return self;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      if (g_file_test (below, G_FILE_TEST_IS_DIR) && !g_file_test (below, G_FILE_TEST_IS_SYMLINK))
        remove_folder (below);
      else
        g_unlink (below);
    }
  g_rmdir (path);
}

/* Ends both by their process ids and removes the folder (kept when SARAP_TEST_KEEP is set). */
void
sarap_test_server_free (SarapTestServer *self)
{
  if (self->server != NULL)
    sarap_test_server_stop (self);
  g_subprocess_send_signal (self->nginx, SIGTERM);
  g_subprocess_wait (self->nginx, NULL, NULL);
  g_clear_object (&self->nginx);
  if (g_getenv ("SARAP_TEST_KEEP") != NULL)
    g_test_message ("kept: %s", self->folder);
  else
    remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->url);
  g_free (self->ca_file);
  g_free (self);
}

const char *
sarap_test_server_get_url (SarapTestServer *self)
{
  return self->url;
}

const char *
sarap_test_server_get_ca_file (SarapTestServer *self)
{
  return self->ca_file;
}

const char *
sarap_test_server_get_folder (SarapTestServer *self)
{
  return self->folder;
}

char *
sarap_test_server_admin (SarapTestServer *self, int *status, const char *word, ...)
{
  g_autofree char *database = g_strdup_printf ("sqlite:%s/central.db", self->folder);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *err = NULL;
  va_list more;

  g_ptr_array_add (words, (gpointer) SARAP_SERVER_PROGRAM);
  g_ptr_array_add (words, (gpointer) "--database");
  g_ptr_array_add (words, database);
  g_ptr_array_add (words, (gpointer) "admin");
  va_start (more, word);
  for (const char *next = word; next != NULL; next = va_arg (more, const char *))
    g_ptr_array_add (words, (gpointer) next);
  va_end (more);
  g_ptr_array_add (words, NULL);

  process = g_subprocess_newv ((const char *const *) words->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, &error))
    g_error ("%s", error->message);
  if (status != NULL)
    *status = g_subprocess_get_exit_status (process);
  else if (g_subprocess_get_exit_status (process) != 0)
    g_error ("sarap-server admin %s: %s", word, err);
  return g_strdup (g_strchomp (out));
}

gint64
sarap_test_server_add_project (SarapTestServer *self, const char *name)
{
  g_autofree char *out = sarap_test_server_admin (self, NULL, "project", "add", name, NULL);

  return g_ascii_strtoll (out, NULL, 10);
}

/* @media_folder NULL: beside the file. */
void
sarap_test_server_add_form (SarapTestServer *self, gint64 project, const char *file, const char *media_folder)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, project);
  g_autofree char *beside = g_path_get_dirname (file);
  g_autofree char *out = sarap_test_server_admin (self, NULL, "form", "add", "--project", number, "--media", media_folder ? media_folder : beside, file, NULL);
}

char *
sarap_test_server_add_app_user (SarapTestServer *self, gint64 project, const char *name)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, project);

  return sarap_test_server_admin (self, NULL, "app-user", "add", "--project", number, name, NULL);
}

static char *
add_account (SarapTestServer *self, gint64 project, const char *email, const char *password, const char *option)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, project);
  g_autofree char *file = in_folder (self, "password");

  write_text (self, "password", password);
  return sarap_test_server_admin (self, NULL, "supervisor", "add", "--project", number, email, "--password-file", file, option, NULL);
}

char *
sarap_test_server_add_supervisor (SarapTestServer *self, gint64 project, const char *email, const char *password)
{
  return add_account (self, project, email, password, NULL);
}

char *
sarap_test_server_add_administrator (SarapTestServer *self, gint64 project, const char *email, const char *password)
{
  return add_account (self, project, email, password, "--administrator");
}

SoupSession *
sarap_test_server_new_session (SarapTestServer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (self->ca_file, &error);

  if (database == NULL)
    g_error ("%s", error->message);
  return soup_session_new_with_options ("tls-database", database, "proxy-resolver", NULL, "max-conns", 64, "max-conns-per-host", 64, "timeout", 60, NULL);
}
