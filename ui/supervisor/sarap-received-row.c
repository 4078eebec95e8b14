#include "ui/supervisor/sarap-received-row.h"

#include <glib/gi18n.h>

#include "app/report/sarap-figure.h"
#include "ui/common/sarap-words.h"

struct _SarapReceivedRow
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *score;
  GtkLabel *badge;
};

G_DEFINE_FINAL_TYPE (SarapReceivedRow, sarap_received_row, GTK_TYPE_WIDGET)

static void
sarap_received_row_dispose (GObject *object)
{
  SarapReceivedRow *self = SARAP_RECEIVED_ROW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_received_row_parent_class)->dispose (object);
}

static void
sarap_received_row_class_init (SarapReceivedRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_received_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static GtkLabel *
new_label (const char *first, const char *second)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL);

  gtk_widget_add_css_class (label, first);
  if (second != NULL)
    gtk_widget_add_css_class (label, second);
  return GTK_LABEL (label);
}

static void
sarap_received_row_init (SarapReceivedRow *self)
{
  GtkWidget *texts = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 2, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  self->title = new_label ("headline", NULL);
  g_object_set (self->title, "wrap", TRUE, "lines", 3, NULL);
  self->subtitle = new_label ("quiet", "small");
  self->score = g_object_new (GTK_TYPE_LABEL, "valign", GTK_ALIGN_CENTER, "visible", FALSE, NULL);
  self->badge = g_object_new (GTK_TYPE_LABEL, "valign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (self->box, "row");
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->subtitle));
  gtk_box_append (GTK_BOX (self->box), texts);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->score));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->badge));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
sarap_received_row_new (SarapContext *context)
{
  SarapReceivedRow *self = g_object_new (SARAP_TYPE_RECEIVED_ROW, NULL);

  self->context = g_object_ref (context);
  return GTK_WIDGET (self);
}

static void
set_badge (GtkLabel *badge, SarapReviewState state)
{
  const char *const classes[] = { "badge", sarap_words_review_style (state), NULL };

  gtk_label_set_label (badge, sarap_words_review (state));
  gtk_widget_set_css_classes (GTK_WIDGET (badge), (const char **) classes);
}

void
sarap_received_row_set_submission (SarapReceivedRow *self, SarapSubmission *submission, const char *title, const char *form_title)
{
  g_autofree char *time = sarap_words_time (sarap_submission_get_received_at (submission), sarap_context_get_clock (self->context));
  g_autofree char *who = g_strdup_printf ("%s · %s", sarap_submission_get_submitter (submission), time);
  g_autofree char *subtitle = g_str_equal (title, form_title) ? g_strdup (who) : g_strdup_printf ("%s · %s", form_title, who);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  set_badge (self->badge, sarap_submission_get_review_state (submission));
}

void
sarap_received_row_set_score (SarapReceivedRow *self, double score, SarapGrade grade)
{
  const SarapCell cell = { SARAP_CELL_NUMBER, score };
  g_autofree char *number = sarap_cell_to_string (&cell);
  g_autofree char *words = g_strdup_printf (_ ("%s of 100"), number);
  const char *const classes[] = { "badge", sarap_grade_passes (grade) ? "good" : "bad", NULL };

  gtk_label_set_label (self->score, words);
  gtk_widget_set_css_classes (GTK_WIDGET (self->score), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (self->score), grade != SARAP_GRADE_NONE);
}

GtkWidget *
sarap_review_badge_new (SarapReviewState state)
{
  GtkWidget *badge = gtk_label_new (NULL);

  set_badge (GTK_LABEL (badge), state);
  return badge;
}
