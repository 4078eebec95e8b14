#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app/base/sarap-language.h"
#include "sarap-config.h"
#include "sync/server/sarap-admin.h"
#include "sync/server/sarap-report-command.h"
#include "sync/server/sarap-server.h"

enum
{
  STATUS_DONE,
  STATUS_BAD_INPUT,
  STATUS_BAD_USAGE,
  STATUS_MACHINE,
};

static char *database, *listen_address, *public_url;

static const GOptionEntry entries[] = {
  { "database", 0, 0, G_OPTION_ARG_STRING, &database, N_ ("where the central store is"), "sqlite:PATH" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen_address, N_ ("where nginx finds the server"), "unix:PATH|127.0.0.1:PORT" },
      { "public-url", 0, 0, G_OPTION_ARG_STRING, &public_url, N_ ("how devices reach it"), "https://HOST" },
        { NULL },
    };

static int
complain (int status, const char *message)
{
  g_printerr ("sarap-server: %s\n", message);
  return status;
}

static int
status_of (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT) ? STATUS_BAD_USAGE : STATUS_MACHINE;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static int
serve (SarapCentral *central)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SarapServer) server = sarap_server_new (central, public_url);
  g_autoptr (SarapAdminPost) post = NULL;
  g_autoptr (GError) error = NULL;

  post = sarap_admin_post_open (central, database, &error);
  if (post == NULL || !sarap_central_store_set_setting (central->store, "public-url", public_url, &error) || !sarap_server_listen (server, listen_address, &error))
    return complain (status_of (error), error->message);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_print ("ready\n");
  fflush (stdout);
  g_main_loop_run (loop);
  return STATUS_DONE;
}

static int
run_server (void)
{
  g_autoptr (SarapCentral) central = NULL;
  g_autoptr (GError) error = NULL;

  if (database == NULL || listen_address == NULL || public_url == NULL)
    return complain (STATUS_BAD_USAGE, _ ("give --database, --listen and --public-url; see --help"));
  if (!g_str_has_prefix (public_url, "https://"))
    return complain (STATUS_BAD_USAGE, _ ("the public URL must begin with https://"));
  central = sarap_central_open (database, &error);
  return central ? serve (central) : complain (status_of (error), error->message);
}

/* @words: what followed `admin`. */
static char **
dup_admin_arguments (char **words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (public_url != NULL)
    g_strv_builder_add_many (builder, "--public-url", public_url, NULL);
  g_strv_builder_addv (builder, (const char **) words);
  return g_strv_builder_end (builder);
}

static int
run_admin (char **words)
{
  g_auto (GStrv) arguments = dup_admin_arguments (words);
  g_autoptr (SarapCentral) central = NULL;
  g_autoptr (GString) out = g_string_new (NULL), err = g_string_new (NULL);
  g_autofree char *folder = g_get_current_dir ();
  g_autoptr (GError) error = NULL;
  int status = -1;

  central = sarap_central_open (database, &error);
  if (central != NULL)
    status = sarap_admin_run (central, arguments, folder, out, err);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    status = sarap_admin_send (database, arguments, out, err);
  if (status < 0)
    return complain (status_of (error), error->message);
  fputs (err->str, stderr);
  fputs (out->str, stdout);
  return fflush (stdout) == 0 ? status : STATUS_MACHINE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[admin … | report …]"));
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;

  sarap_language_init ();
  signal (SIGPIPE, SIG_IGN);
  if (sodium_init () < 0)
    return complain (STATUS_MACHINE, "libsodium does not start");

  arguments = g_strdupv (argv);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  if (!g_option_context_parse_strv (context, &arguments, &error))
    return complain (STATUS_BAD_USAGE, error->message);
  if (public_url != NULL && g_str_has_suffix (public_url, "/"))
    public_url[strlen (public_url) - 1] = '\0';
  if (arguments[1] == NULL)
    return run_server ();
  if (!g_str_equal (arguments[1], "admin") && !g_str_equal (arguments[1], "report"))
    return complain (STATUS_BAD_USAGE, _ ("unknown argument; see --help"));
  if (database == NULL)
    return complain (STATUS_BAD_USAGE, _ ("give --database sqlite:PATH"));
  return g_str_equal (arguments[1], "admin") ? run_admin (arguments + 2) : sarap_report_command_run (database, arguments + 2);
}
