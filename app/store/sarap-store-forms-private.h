#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store-forms.h"

G_BEGIN_DECLS

gint64 sarap_store_find_form_number (SarapDatabase *db, SarapForm *form, GError **error);
SarapForm *sarap_store_load_form_number (SarapStore *self, gint64 number, GError **error);

G_END_DECLS
