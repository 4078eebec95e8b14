#include "app/form/sarap-list.h"

#include "app/base/sarap-problem.h"

G_DEFINE_INTERFACE (SarapList, sarap_list, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (SarapListLibrary, sarap_list_library, G_TYPE_OBJECT)

static void
sarap_list_default_init (SarapListInterface *interface)
{
}

static void
sarap_list_library_default_init (SarapListLibraryInterface *interface)
{
}

SarapList *
sarap_list_library_open (SarapListLibrary *self, const SarapListFile *file, GError **error)
{
  return SARAP_LIST_LIBRARY_GET_IFACE (self)->open (self, file, error);
}

/* What is said of a list with more than SARAP_LIST_MAX_ROWS rows. */
void
sarap_list_set_too_long (const char *name, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: more than %d rows; split the list", name, SARAP_LIST_MAX_ROWS);
}
