#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

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
  int count = 1, seed = 1, status;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Folder of the store"), "DIR" },
      { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, N_ ("How to answer (JSON)"), "FILE" },
        { "owner", 0, 0, G_OPTION_ARG_STRING, &owner, N_ ("volunteer, staff or kiosk"), "ROLE" },
          { "count", 0, 0, G_OPTION_ARG_INT, &count, N_ ("How many interviews"), "N" },
            { "seed", 0, 0, G_OPTION_ARG_INT, &seed, N_ ("The same seed gives the same answers"), "N" },
              G_OPTION_ENTRY_NULL,
          };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM-ID --store DIR --count N [--profile FILE] [--seed N] [--owner ROLE]", 1))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store (argv[0], folder, FALSE, &status);
  if (store == NULL)
    return status;
  if (!simulate (store, sarap_store_get_clock (store), argv[1], profile, owner ? owner : "volunteer", count, seed, &error))
    return sarap_cli_fail (argv[0], error);
  sarap_store_close (store);
  return SARAP_STATUS_DONE;
}
