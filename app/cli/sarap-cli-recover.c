#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/store/sarap-recover.h"

static char *
dup_words (const SarapDamage *damage)
{
  g_autofree char *offset = g_strdup_printf ("%" G_GOFFSET_FORMAT, damage->offset);

  switch (damage->kind)
    {
    case SARAP_DAMAGE_DATABASE:
      return g_strdup_printf (_ ("%s: part of the database cannot be read"), damage->file);
    case SARAP_DAMAGE_JOURNAL:
      return g_strdup_printf (_ ("%s: nothing in this journal can be read"), damage->file);
    case SARAP_DAMAGE_JOURNAL_END:
      return g_strdup_printf (_ ("%s: damaged from byte %s; the newest answers of %s may be missing"), damage->file, offset, damage->record);
    case SARAP_DAMAGE_JOURNAL_KEY:
      return g_strdup_printf (_ ("%s: a key is damaged; without the database's copy only the project can read %s"), damage->file, damage->record);
    case SARAP_DAMAGE_RECORD:
      return g_strdup_printf (_ ("%s: the record could not be brought back; its journal stays where it is"), damage->file);
    case SARAP_DAMAGE_FORMS:
      return g_strdup_printf (_ ("%s: the list of questionnaires is damaged; add those that are missing again"), damage->file);
    case SARAP_DAMAGE_FILE_MISSING:
    default:
      return g_strdup_printf (_ ("%s: the file %s is missing"), damage->record, damage->file);
    }
}

static void
print_recovery (const SarapRecovery *recovery)
{
  g_printerr (_ ("The store has %u records and %u questionnaires now.\n"), recovery->n_records, recovery->n_forms);
  g_printerr (_ ("From journals: %u records with %u answers.\n"), recovery->n_from_journals, recovery->n_answers);
  if (recovery->kept != NULL)
    g_printerr (_ ("The damaged database is kept as %s.\n"), recovery->kept);
  for (guint i = 0; i < recovery->damages->len; i++)
    {
      g_autofree char *words = dup_words (g_ptr_array_index (recovery->damages, i));

      g_printerr ("%s\n", words);
    }
}

/* recover --store DIR: makes sarap.db anew from the journals and from what can be read of it; no PIN is needed. */
int
sarap_cli_recover (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { NULL },
  };
  g_autoptr (SarapRecovery) recovery = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_cli_parse (&argc, &argv, options, "--store DIR", 0))
    return SARAP_STATUS_BAD_USAGE;
  if (folder == NULL)
    {
      g_printerr (_ ("sarapctl %s: say which store: --store DIR\n"), argv[0]);
      return SARAP_STATUS_BAD_USAGE;
    }
  recovery = sarap_store_recover (folder, &error);
  if (recovery == NULL)
    return sarap_cli_fail (argv[0], error);
  print_recovery (recovery);
  return SARAP_STATUS_DONE;
}
