#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/form/sarap-form-view.h"

G_BEGIN_DECLS

/* A store with one form, an interview that is recorded, and a window: what screens stand on. */

typedef struct
{
  char *folder;
  char *form_id;
  SarapStore *store;
  SarapContext *context;
  SarapRecorder *recorder;
  SarapInterview *interview;
  GtkWidget *window;
} SarapUiFixture;

/* @form: path below the repository. @language: "en", "ru", "kk". */
SarapUiFixture *sarap_ui_fixture_new (const char *form, const char *language);
void sarap_ui_fixture_free (SarapUiFixture *self);
/* Gives the draft up and takes it again from the store. */
void sarap_ui_fixture_resume (SarapUiFixture *self);
/* The page with @ref alone in the window. */
SarapQuestionPage *sarap_ui_fixture_show_page (SarapUiFixture *self, const char *ref);
SarapFormView *sarap_ui_fixture_show_form (SarapUiFixture *self);

/* Lets the application live for so long. */
void sarap_ui_spin (guint milliseconds);
/* The @nth widget of @type in the tree of @widget that can be seen; NULL without one. */
GtkWidget *sarap_ui_find (GtkWidget *widget, GType type, guint nth);
GtkWidget *sarap_ui_find_button (GtkWidget *widget, const char *label);
GtkWidget *sarap_ui_find_choice (GtkWidget *widget, const char *label);
void sarap_ui_choose (GtkWidget *widget, const char *label);
void sarap_ui_type (GtkWidget *entry, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapUiFixture, sarap_ui_fixture_free)

G_END_DECLS
