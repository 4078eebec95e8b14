/* One table of all functions, from the families. */
#include "app/form/xpath/sarap-xpath-private.h"

static GHashTable *
build_table (void)
{
  static const Function *const families[] = {
    sarap_xpath_core_functions,
    sarap_xpath_text_functions,
    sarap_xpath_number_functions,
    sarap_xpath_date_functions,
    sarap_xpath_node_functions,
    sarap_xpath_select_functions,
    sarap_xpath_geo_functions,
    sarap_xpath_chance_functions,
  };
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    for (const Function *function = families[i]; function->name != NULL; function++)
      g_hash_table_insert (table, (char *) function->name, (Function *) function);
  return table;
}

const Function *
sarap_xpath_find_function (const char *name)
{
  static gsize once = 0;
  static GHashTable *table = NULL;

  if (g_once_init_enter (&once))
    {
      table = build_table ();
      g_once_init_leave (&once, 1);
    }
  return g_hash_table_lookup (table, name);
}
