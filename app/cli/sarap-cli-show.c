#include "app/cli/sarap-cli.h"

#include <stdio.h>

#include "app/form/sarap-node.h"
#include "app/store/sarap-store-received.h"
#include "app/vault/sarap-sensitive.h"

static void
print_leaves (const SarapNode *node)
{
  gboolean is_leaf = TRUE;

  for (const SarapNode *child = node->first_child; child != NULL; child = child->next)
    if (child->kind == SARAP_NODE_ELEMENT)
      {
        is_leaf = FALSE;
        print_leaves (child);
      }
  if (is_leaf)
    {
      g_autofree char *path = sarap_node_dup_path (node, TRUE);
      g_autofree char *value = sarap_node_dup_string_value (node);

      g_print ("%s\t%s\n", path, g_strdelimit (value, "\t\n", ' '));
    }
}

/* With @as_xml the bytes as they stand; else sensitive answers are opened if the private half is here. */
static int
print_record (const char *command, SarapStore *store, GBytes *xml, gboolean as_xml)
{
  g_autoptr (GPtrArray) pairs = sarap_keyring_list_project_keys (sarap_store_get_keyring (store));
  g_autoptr (GBytes) opened = NULL;
  g_autoptr (SarapTree) tree = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (xml, &size);

  if (as_xml)
    return fwrite (data, 1, size, stdout) == size && fflush (stdout) == 0 ? SARAP_STATUS_DONE : SARAP_STATUS_MACHINE;
  opened = sarap_sensitive_open (xml, pairs, FALSE);
  tree = sarap_tree_new_from_xml (opened, "record", &error);
  if (tree == NULL)
    return sarap_cli_fail (command, error);
  print_leaves (sarap_tree_get_root (tree));
  return SARAP_STATUS_DONE;
}

/* show ID --store DIR [--xml] [--project-key FILE]: an own record (drafts as they would be sent now) or a received
 * submission; without --xml a line of path and answer each. */
int
sarap_cli_show (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_auto (GStrv) keys = NULL;
  gboolean as_xml = FALSE;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &keys, NULL, "FILE" },
    { "xml", 0, 0, G_OPTION_ARG_NONE, &as_xml, NULL, NULL },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "ID --store DIR [--xml] [--project-key FILE]", 1))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store_with_keys (argv[0], folder, FALSE, keys, &status);
  if (store == NULL)
    return status;
  xml = sarap_store_dup_record_xml (store, argv[1], &error);
  if (xml == NULL && g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND))
    xml = sarap_store_dup_submission_xml (store, argv[1], NULL);
  if (xml == NULL)
    return sarap_cli_fail (argv[0], error);
  return print_record (argv[0], store, xml, as_xml);
}
