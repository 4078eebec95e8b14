#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SarapRequest SarapRequest;

/* Who may call a route. */
typedef enum
{
  SARAP_ACCESS_ANYONE,
  SARAP_ACCESS_APP_USER,      /* the key in the path, of the project in the path */
  SARAP_ACCESS_SUPERVISOR,    /* any session */
  SARAP_ACCESS_ASSIGNED,      /* a session of a supervisor of the project in the path */
  SARAP_ACCESS_ADMINISTRATOR, /* … who is its administrator */
} SarapAccess;

typedef struct
{
  const char *method;
  const char *pattern; /* {key} {project} {form} {instance} {name} {id}, each within one step */
  SarapAccess access;
  void (*handle) (SarapRequest *request);
} SarapRoute;

const SarapRoute *sarap_routes_peek (guint *n);
const SarapRoute *sarap_routes_find (const char *method, const char *path, SarapRequest *request, gboolean *is_path_known);

G_END_DECLS
