#include "ui/staff/sarap-staff-home.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-home.h"

/* My interviews. */
GtkWidget *
sarap_staff_home_new (SarapContext *context)
{
  const SarapHomeWords words = {
    .role = SARAP_ROLE_STAFF,
    .start = _ ("Start interview"),
                .no_drafts = _ ("No interview is half done"),
                                .no_ready = _ ("No interview waits to be sent"),
                                               .no_sent = _ ("No interview was sent yet"),
                                               };

  return sarap_home_new (context, &words);
}
