#include "app/store/sarap-store-received.h"
#include "tests/support/sarap-temporary.h"

static const char audit_xml[] = "<data id=\"audit\"><visit><region>Алматы</region><note/></visit>"
                                "<centre>c-17</centre><region>second</region></data>";

typedef struct
{
  char *folder;
  SarapStore *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
}

static void
put (Fixture *self, const char *id, guint64 sequence, SarapReviewState state, const char *xml)
{
  g_autoptr (SarapSubmission) submission = sarap_submission_new (id, "audit", "1", "Айгуль", "Visit to c-17", 1000, state);
  g_autoptr (GBytes) bytes = xml ? g_bytes_new_static (xml, strlen (xml)) : NULL;
  g_autoptr (GError) error = NULL;

  sarap_store_put_submission (self->store, submission, sequence, bytes, &error);
  g_assert_no_error (error);
}

static SarapReviewState
get_state (Fixture *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (self->store, id, &error);

  g_assert_no_error (error);
  return sarap_submission_get_review_state (submission);
}

static void
test_region_and_centre_come_from_the_answers (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapSubmission) submission = NULL;
  g_autoptr (GBytes) xml = NULL;

  put (self, "uuid:1", 7, SARAP_REVIEW_NONE, audit_xml);
  submission = sarap_store_find_submission (self->store, "uuid:1", NULL);
  g_assert_cmpstr (sarap_submission_get_region (submission), ==, "Алматы");
  g_assert_cmpstr (sarap_submission_get_centre (submission), ==, "c-17");
  g_assert_cmpstr (sarap_submission_get_submitter (submission), ==, "Айгуль");
  g_assert_cmpint (sarap_submission_get_received_at (submission), ==, 1000);
  xml = sarap_store_dup_submission_xml (self->store, "uuid:1", NULL);
  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), audit_xml, strlen (audit_xml));
}

static void
test_psu_stands_in_for_centre (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapSubmission) submission = NULL;

  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, "<data><psu>p-3</psu></data>");
  submission = sarap_store_find_submission (self->store, "uuid:1", NULL);
  g_assert_cmpstr (sarap_submission_get_centre (submission), ==, "p-3");
  g_assert_cmpstr (sarap_submission_get_region (submission), ==, "");
}

static void
test_malformed_xml_is_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapSubmission) submission = sarap_submission_new ("uuid:1", "audit", "1", "", "", 0, SARAP_REVIEW_NONE);
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data><a></data>", 16);
  g_autoptr (GError) error = NULL;

  g_assert_false (sarap_store_put_submission (self->store, submission, 1, xml, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (sarap_store_count_submissions (self->store, NULL, NULL), ==, 0);
}

static void
test_feed_goes_on_from_the_highest_sequence (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (sarap_store_get_feed_sequence (self->store), ==, 0);
  put (self, "uuid:1", 41, SARAP_REVIEW_NONE, audit_xml);
  put (self, "uuid:2", 40, SARAP_REVIEW_NONE, audit_xml);
  g_assert_cmpuint (sarap_store_get_feed_sequence (self->store), ==, 41);
  put (self, "uuid:2", 42, SARAP_REVIEW_APPROVED, NULL);
  g_assert_cmpuint (sarap_store_get_feed_sequence (self->store), ==, 42);
  put (self, "uuid:2", 7, SARAP_REVIEW_APPROVED, NULL);
  put (self, "uuid:1", 7, SARAP_REVIEW_NONE, NULL);
  g_assert_cmpuint (sarap_store_get_feed_sequence (self->store), ==, 42);
  g_assert_cmpint (get_state (self, "uuid:2"), ==, SARAP_REVIEW_APPROVED);
  g_assert_cmpuint (sarap_store_count_submissions (self->store, NULL, NULL), ==, 2);
}

static guint
count (Fixture *self, SarapSubmissionFilter filter)
{
  g_autoptr (GError) error = NULL;
  guint n = sarap_store_count_submissions (self->store, &filter, &error);
  g_autoptr (GPtrArray) found = sarap_store_list_submissions (self->store, &filter, 0, 100, NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, n);
  return n;
}

static void
test_filters_narrow (Fixture *self, gconstpointer data)
{
  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, audit_xml);
  put (self, "uuid:2", 2, SARAP_REVIEW_APPROVED, "<data><region>Шымкент</region></data>");
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1 }), ==, 2);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = SARAP_REVIEW_APPROVED }), ==, 1);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .region = "Алматы" }), ==, 1);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .centre = "c-17" }), ==, 1);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .form_id = "other" }), ==, 0);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .search = "ШЫМ" }), ==, 1);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .search = "айгуль" }), ==, 2);
  g_assert_cmpuint (count (self, (SarapSubmissionFilter){ .review_state = -1, .search = "%" }), ==, 0);
}

static void
test_decision_waits_and_stands (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) waiting = NULL;
  SarapDecision *decision;

  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, audit_xml);
  g_assert_true (sarap_store_decide (self->store, "uuid:1", SARAP_REVIEW_REJECTED, "no photo", "boss", NULL));
  g_assert_cmpint (get_state (self, "uuid:1"), ==, SARAP_REVIEW_REJECTED);
  put (self, "uuid:1", 2, SARAP_REVIEW_NONE, audit_xml);
  g_assert_cmpint (get_state (self, "uuid:1"), ==, SARAP_REVIEW_REJECTED);
  waiting = sarap_store_list_undelivered_decisions (self->store, NULL);
  g_assert_cmpuint (waiting->len, ==, 1);
  decision = g_ptr_array_index (waiting, 0);
  g_assert_cmpstr (decision->id, ==, "uuid:1");
  g_assert_cmpstr (decision->comment, ==, "no photo");
  g_assert_cmpint (decision->state, ==, SARAP_REVIEW_REJECTED);
  g_assert_true (sarap_store_note_decision_delivered (self->store, decision->number, NULL));
  g_clear_pointer (&waiting, g_ptr_array_unref);
  waiting = sarap_store_list_undelivered_decisions (self->store, NULL);
  g_assert_cmpuint (waiting->len, ==, 0);
  put (self, "uuid:1", 3, SARAP_REVIEW_APPROVED, audit_xml);
  g_assert_cmpint (get_state (self, "uuid:1"), ==, SARAP_REVIEW_APPROVED);
}

static void
test_delivered_decision_comes_back_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) reviews = NULL;
  SarapReview *review;

  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, audit_xml);
  g_assert_true (sarap_store_decide (self->store, "uuid:1", SARAP_REVIEW_APPROVED, "good", "me", NULL));
  g_assert_true (sarap_store_note_decision_delivered (self->store, 1, NULL));
  for (guint i = 0; i < 2; i++)
    g_assert_true (sarap_store_note_review (self->store, "uuid:1", SARAP_REVIEW_APPROVED, "good", "boss@x", 5000, NULL));
  reviews = sarap_store_list_reviews (self->store, "uuid:1", NULL);
  g_assert_cmpuint (reviews->len, ==, 1);
  review = g_ptr_array_index (reviews, 0);
  g_assert_cmpint (review->at, ==, 5000);
  g_assert_cmpstr (review->actor, ==, "boss@x");
}

static void
test_history_is_kept_in_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) reviews = NULL;
  g_autoptr (GError) error = NULL;

  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, audit_xml);
  g_assert_true (sarap_store_note_review (self->store, "uuid:1", SARAP_REVIEW_APPROVED, "", "b", 200, NULL));
  g_assert_true (sarap_store_note_review (self->store, "uuid:1", SARAP_REVIEW_HAS_ISSUES, "late", "a", 100, NULL));
  g_assert_cmpint (get_state (self, "uuid:1"), ==, SARAP_REVIEW_APPROVED);
  reviews = sarap_store_list_reviews (self->store, "uuid:1", NULL);
  g_assert_cmpuint (reviews->len, ==, 2);
  g_assert_cmpint (((SarapReview *) g_ptr_array_index (reviews, 0))->state, ==, SARAP_REVIEW_HAS_ISSUES);
  g_assert_false (sarap_store_note_review (self->store, "uuid:none", SARAP_REVIEW_APPROVED, "", "b", 1, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND);
}

static void
test_attachments_are_sealed (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("photo", 5);
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *clear = g_build_filename (self->folder, "media", sha256, NULL);

  put (self, "uuid:1", 1, SARAP_REVIEW_NONE, audit_xml);
  g_assert_true (sarap_store_put_submission_attachment (self->store, "uuid:1", "a.jpg", bytes, NULL));
  g_assert_true (sarap_store_put_submission_attachment (self->store, "uuid:1", "b.jpg", bytes, NULL));
  g_assert_false (g_file_test (clear, G_FILE_TEST_EXISTS));
  names = sarap_store_list_submission_attachments (self->store, "uuid:1", NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  found = sarap_store_dup_submission_attachment (self->store, "uuid:1", "b.jpg", NULL);
  g_assert_true (g_bytes_equal (found, bytes));
  g_assert_false (sarap_store_put_submission_attachment (self->store, "uuid:none", "a.jpg", bytes, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND);
}

#define N_MANY 1000

static void
test_list_pages_and_follows (Fixture *self, gconstpointer data)
{
  SarapSubmissionFilter filter = { .review_state = -1 };
  SarapSubmissionFilter approved = { .review_state = SARAP_REVIEW_APPROVED };
  g_autoptr (GListModel) list = NULL;
  g_autoptr (SarapSubmission) first = NULL;

  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:%u", i);

      put (self, id, i + 1, i % 2 ? SARAP_REVIEW_APPROVED : SARAP_REVIEW_NONE, audit_xml);
    }
  list = sarap_submission_list_new (self->store, &filter);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_MANY);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autoptr (SarapSubmission) item = g_list_model_get_item (list, i);
      g_autofree char *id = g_strdup_printf ("uuid:%u", N_MANY - 1 - i);

      g_assert_cmpstr (sarap_submission_get_id (item), ==, id);
    }
  put (self, "uuid:new", N_MANY + 1, SARAP_REVIEW_NONE, audit_xml);
  while (g_list_model_get_n_items (list) == N_MANY)
    g_main_context_iteration (NULL, TRUE);
  first = g_list_model_get_item (list, 0);
  g_assert_cmpstr (sarap_submission_get_id (first), ==, "uuid:new");
  sarap_submission_list_set_filter (list, &approved);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_MANY / 2);
}

#define ADD(name, func) g_test_add ("/store/received/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("region-and-centre-come-from-the-answers", test_region_and_centre_come_from_the_answers);
  ADD ("psu-stands-in-for-centre", test_psu_stands_in_for_centre);
  ADD ("malformed-xml-is-refused", test_malformed_xml_is_refused);
  ADD ("feed-goes-on-from-the-highest-sequence", test_feed_goes_on_from_the_highest_sequence);
  ADD ("filters-narrow", test_filters_narrow);
  ADD ("decision-waits-and-stands", test_decision_waits_and_stands);
  ADD ("delivered-decision-comes-back-once", test_delivered_decision_comes_back_once);
  ADD ("history-is-kept-in-order", test_history_is_kept_in_order);
  ADD ("attachments-are-sealed", test_attachments_are_sealed);
  ADD ("list-pages-and-follows", test_list_pages_and_follows);
  return g_test_run ();
}
