#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/base/sarap-language.h"
#include "app/report/sarap-certificate-sheet.h"
#include "app/store/sarap-certificate.h"

#define USAGE "ID --store DIR --out F.pdf [--lang en|ru|kk]"

static char *
dup_time (gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (time / 1000);

  return moment ? g_date_time_format (moment, "%Y-%m-%d %H:%M:%S UTC") : g_strdup ("?");
}

static void
add_row (GPtrArray *rows, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_ptr_array_add (rows, g_strdup (name));
  g_ptr_array_add (rows, g_strdup (value));
}

/* By the device's clock, then what is proved: between which times, and whether the clock was changed. */
static void
add_event (GPtrArray *rows, const SarapCertificate *certificate, SarapCertificateEvent event, const char *name)
{
  const SarapInterval *interval = &certificate->intervals[event];
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *wall = dup_time (certificate->moments[event].wall);
  g_autofree char *earliest = interval->earliest != G_MININT64 ? dup_time (interval->earliest) : g_strdup (_ ("not known"));
  g_autofree char *latest = interval->latest != G_MAXINT64 ? dup_time (interval->latest) : g_strdup (_ ("not known"));

  if (!certificate->is_known[event])
    return;
  g_string_append_printf (text, _ ("%s by the device's clock\nnot before: %s\nnot after: %s"), wall, earliest, latest);
  if (interval->is_changed)
    g_string_append_printf (text, "\n%s", _ ("The device's clock was changed."));
  add_row (rows, name, text->str);
}

static GPtrArray *
make_rows (const SarapCertificate *certificate, const char *id)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *form = g_strdup_printf ("%s %s\n%s", certificate->form_id, certificate->form_version, certificate->form_hash);
  g_autofree char *server_time = certificate->server_time != 0 ? dup_time (certificate->server_time) : NULL;

  add_row (rows, _ ("Record"), id);
  add_row (rows, _ ("Questionnaire"), certificate->form_id ? form : NULL);
  add_event (rows, certificate, SARAP_CERTIFICATE_STARTED, _ ("Started"));
  add_event (rows, certificate, SARAP_CERTIFICATE_FINALIZED, _ ("Finalized"));
  add_event (rows, certificate, SARAP_CERTIFICATE_SENT, _ ("Sent"));
  add_row (rows, _ ("Answers (SHA-256)"), certificate->answers);
  for (guint i = 0; i < certificate->files->len; i++)
    add_row (rows, _ ("Sealed file (SHA-256)"), g_ptr_array_index (certificate->files, i));
  add_row (rows, _ ("Key of the device"), certificate->device);
  add_row (rows, _ ("Head of the chain"), certificate->head);
  add_row (rows, _ ("Receipt (SHA-256)"), certificate->receipt);
  add_row (rows, _ ("Receipt signed by"), certificate->server_key ? certificate->server_key : certificate->receipt ? _ ("nobody") : NULL);
  add_row (rows, _ ("Time of the server"), server_time);
  g_ptr_array_add (rows, NULL);
  return rows;
}

/* certificate ID --store DIR --out F.pdf [--lang en|ru|kk] */
int
sarap_cli_certificate (int argc, char **argv)
{
  g_autofree char *folder = NULL, *out = NULL, *language = NULL, *code = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, NULL, "F.pdf" },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &language, NULL, "CODE" },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapCertificate) certificate = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const char *verdict;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, USAGE, 1))
    return SARAP_STATUS_BAD_USAGE;
  if (out == NULL || !sarap_language_set (language ? language : "en"))
    {
      g_printerr (_ ("usage: sarapctl %s %s\n"), argv[0], USAGE);
      return SARAP_STATUS_BAD_USAGE;
    }
  store = sarap_cli_open_store (argv[0], folder, FALSE, &status);
  if (store == NULL)
    return status;
  certificate = sarap_store_read_certificate (store, argv[1], &error);
  if (certificate == NULL)
    return sarap_cli_fail (argv[0], error);
  rows = make_rows (certificate, argv[1]);
  code = g_strdup_printf ("sarap-custody:%s:%s", argv[1], certificate->head);
  verdict = certificate->n_faults == 0 ? _ ("The chain of custody of this record is whole.") : _ ("This record was tampered with: see sarapctl verify.");
  if (!sarap_certificate_sheet_write (out, _ ("Certificate of custody"), verdict, (const char *const *) rows->pdata, code, &error))
    return sarap_cli_fail (argv[0], error);
  g_print ("%s\n", out);
  return certificate->n_faults == 0 ? SARAP_STATUS_DONE : SARAP_STATUS_BAD_INPUT;
}
