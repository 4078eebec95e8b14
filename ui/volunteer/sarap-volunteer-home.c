#include "ui/volunteer/sarap-volunteer-home.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-home.h"

/* My visits. */
GtkWidget *
sarap_volunteer_home_new (SarapContext *context)
{
  const SarapHomeWords words = {
    .role = SARAP_ROLE_VOLUNTEER,
    .start = _ ("Start visit"),
                .no_drafts = _ ("No visit is half done"),
                                .no_ready = _ ("No visit waits to be sent"),
                                               .no_sent = _ ("No visit was sent yet"),
                                               };

  return sarap_home_new (context, &words);
}
