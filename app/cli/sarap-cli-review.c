#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-received.h"

/* "edited" and none are no decisions of a person. */
static gboolean
find_state (const char *name, SarapReviewState *state)
{
  *state = sarap_review_state_from_word (name);
  return *state != SARAP_REVIEW_NONE && *state != SARAP_REVIEW_EDITED;
}

static GPtrArray *
find_submissions (SarapStore *store, const char *id, const char *form_id, GError **error)
{
  const SarapSubmissionFilter filter = { .form_id = form_id, .review_state = SARAP_REVIEW_NONE };
  SarapSubmission *submission;
  GPtrArray *submissions;

  if (!g_str_equal (id, "all"))
    {
      submission = sarap_store_find_submission (store, id, error);
      submissions = submission ? g_ptr_array_new_with_free_func (g_object_unref) : NULL;
      if (submission != NULL)
        g_ptr_array_add (submissions, submission);
      return submissions;
    }
  return sarap_store_list_submissions (store, &filter, 0, G_MAXUINT, error);
}

/* sarapctl review ID|all hasIssues|rejected|approved --store DIR [--comment TEXT] [--actor NAME] [--form ID] [--limit N] */
int
sarap_cli_review (int argc, char **argv)
{
  g_autofree char *folder = NULL, *comment = NULL, *actor = NULL, *form_id = NULL;
  int status, limit = G_MAXINT;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Folder of the store"), "DIR" },
      { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, N_ ("What the person who filled it should know"), N_ ("TEXT") },
        { "actor", 0, 0, G_OPTION_ARG_STRING, &actor, N_ ("Who decides"), N_ ("NAME") },
          { "form", 0, 0, G_OPTION_ARG_STRING, &form_id, N_ ("With all: those of one form"), "ID" },
            { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("With all: at most so many, newest first"), "N" },
              G_OPTION_ENTRY_NULL,
          };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GPtrArray) submissions = NULL;
  g_autoptr (GError) error = NULL;
  SarapReviewState state;

  if (!sarap_cli_parse (&argc, &argv, options, "ID|all hasIssues|rejected|approved --store DIR [--comment TEXT] [--actor NAME]", 2))
    return SARAP_STATUS_BAD_USAGE;
  if (!find_state (argv[2], &state))
    {
      g_printerr (_ ("sarapctl review: “%s” is no decision: hasIssues, rejected or approved\n"), argv[2]);
      return SARAP_STATUS_BAD_USAGE;
    }
  store = sarap_cli_open_store (argv[0], folder, FALSE, &status);
  if (store == NULL)
    return status;
  submissions = find_submissions (store, argv[1], form_id, &error);
  for (guint i = 0; submissions != NULL && error == NULL && i < MIN (submissions->len, (guint) limit); i++)
    {
      SarapSubmission *submission = g_ptr_array_index (submissions, i);

      if (sarap_store_decide (store, sarap_submission_get_id (submission), state, comment ? comment : "", actor ? actor : g_get_user_name (), &error))
        g_print ("%s\n", sarap_submission_get_id (submission));
    }
  return error ? sarap_cli_fail (argv[0], error) : SARAP_STATUS_DONE;
}
