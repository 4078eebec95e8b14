#include "app/cli/sarap-cli.h"

#include <locale.h>

#include "app/cli/sarap-simulation.h"
#include "app/store/sarap-store-forms.h"

static JsonObject *
read_profile (const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (path == NULL)
    return json_object_new ();
  if (!json_parser_load_from_file (parser, path, error))
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: the profile must be one JSON object", path);
      return NULL;
    }
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static gboolean
simulate (SarapStore *store, SarapClock *clock, const char *form_id, const char *profile_path, const char *owner, int count, int seed, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (store, form_id, NULL, error);
  g_autoptr (JsonObject) profile = form ? read_profile (profile_path, error) : NULL;
  g_autoptr (SarapSimulation) simulation = profile ? sarap_simulation_new (profile, clock, seed) : NULL;

  if (simulation == NULL)
    return FALSE;
  for (int i = 0; i < count; i++)
    {
      g_autofree char *id = sarap_simulation_fill (simulation, store, form, owner, error);

      if (id == NULL)
        return FALSE;
      g_print ("%s\n", id);
    }
  return TRUE;
}

/* sarapctl simulate FORM-ID --store DIR --count N [--profile FILE] [--seed N] [--owner ROLE] */
int
sarap_cli_simulate (int argc, char **argv)
{
  g_autofree char *folder = NULL, *profile = NULL, *owner = NULL;
  int count = 1, seed = 1;
  const GOptionEntry entries[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Folder of the store", "DIR" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, "How to answer (JSON)", "FILE" },
    { "owner", 0, 0, G_OPTION_ARG_STRING, &owner, "volunteer, staff or kiosk", "ROLE" },
    { "count", 0, 0, G_OPTION_ARG_INT, &count, "How many interviews", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "The same seed gives the same answers", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FORM-ID");
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapClock) clock = NULL;
  g_autoptr (SarapStore) store = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || folder == NULL || count < 1)
    {
      g_printerr ("sarapctl simulate: %s\n", error ? error->message : "usage: sarapctl simulate FORM-ID --store DIR --count N [--profile FILE] [--seed N] [--owner ROLE]");
      return 2;
    }
  clock = sarap_clock_new_from_environment ();
  store = sarap_store_open (folder, clock, FALSE, &error);
  if (store == NULL || !simulate (store, clock, argv[1], profile, owner ? owner : "volunteer", count, seed, &error))
    {
      g_printerr ("sarapctl simulate: %s\n", error->message);
      return sarap_cli_status_of (error);
    }
  sarap_store_close (store);
  return 0;
}
