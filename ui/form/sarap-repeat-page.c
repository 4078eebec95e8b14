#include "ui/form/sarap-repeat-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/common/sarap-clamp.h"
#include "ui/form/sarap-form-text.h"

#define PAGE_WIDTH 760
#define SUMMARY_PARTS 2

struct _SarapRepeatPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *heading;
  GtkWidget *rows;
  GtkWidget *add;
  SarapInterview *interview;
  char *path;
  char *pending; /* ref of the instance that the person is asked about */
};

G_DEFINE_FINAL_TYPE (SarapRepeatPage, sarap_repeat_page, GTK_TYPE_WIDGET)

enum
{
  ADDED,
  EDIT,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *text (SarapRepeatPage *self, const char *message) G_GNUC_FORMAT (2);

static const char *
text (SarapRepeatPage *self, const char *message)
{
  return sarap_form_text (self->interview, message);
}

/* Of the repeat itself: its path without the positions of outer repeats. */
static const SarapElement *
find_element (SarapRepeatPage *self)
{
  g_autoptr (GString) path = g_string_new (NULL);
  gboolean is_position = FALSE;

  for (const char *p = self->path; *p != '\0'; p++)
    {
      is_position |= *p == '[';
      if (!is_position)
        g_string_append_c (path, *p);
      is_position &= *p != ']';
    }
  return sarap_form_find_element (sarap_interview_get_form (self->interview), path->str);
}

static char *
dup_label (SarapRepeatPage *self)
{
  const SarapElement *element = find_element (self);
  g_autofree char *label = element != NULL ? sarap_form_dup_label (sarap_interview_get_form (self->interview), element, sarap_interview_get_language (self->interview)) : NULL;

  return label != NULL && label[0] != '\0' ? sarap_markdown_to_plain (label) : g_strdup (text (self, N_ ("Entry")));
}

static char *
dup_instance_ref (SarapRepeatPage *self, guint index)
{
  return g_strdup_printf ("%s[%u]", self->path, index + 1);
}

static void
collect_summary (SarapRepeatPage *self, const SarapElement *element, const char *prefix, GPtrArray *parts)
{
  for (guint i = 0; i < sarap_element_get_n_children (element) && parts->len < SUMMARY_PARTS; i++)
    {
      const SarapElement *child = sarap_element_peek_child (element, i);
      const char *path = sarap_element_get_path (child);
      g_autofree char *ref = NULL;

      if (sarap_element_get_kind (child) == SARAP_ELEMENT_GROUP)
        collect_summary (self, child, prefix, parts);
      if (sarap_element_get_kind (child) != SARAP_ELEMENT_QUESTION || path == NULL || sarap_element_get_question_kind (child) == SARAP_QUESTION_NOTE)
        continue;
      ref = g_strconcat (prefix, strrchr (path, '/'), NULL);
      if (sarap_interview_is_relevant (self->interview, ref) && sarap_interview_peek_value (self->interview, ref)[0] != '\0')
        g_ptr_array_add (parts, sarap_interview_dup_display_value (self->interview, ref));
    }
}

/* The first answers of an instance, to know it by. */
static char *
dup_summary (SarapRepeatPage *self, const char *ref)
{
  const SarapElement *element = find_element (self);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (element != NULL)
    collect_summary (self, element, ref, parts);
  if (parts->len == 0)
    return g_strdup (text (self, N_ ("Nothing answered yet")));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
asked_cb (int button, gpointer data)
{
  g_autoptr (SarapRepeatPage) self = data;

  if (button == 1 && self->pending != NULL)
    g_signal_emit (self, signals[REMOVE], 0, self->pending);
}

static void
remove_cb (GtkWidget *button, SarapRepeatPage *self)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  const char *const buttons[] = { text (self, N_ ("Keep")), text (self, N_ ("Remove")), NULL };

  sarap_replace_string (&self->pending, g_object_get_data (G_OBJECT (button), "ref"));
  if (window != NULL)
    sarap_window_ask (window, text (self, N_ ("Remove this entry?")), g_object_get_data (G_OBJECT (button), "name"), buttons, 1, asked_cb, g_object_ref (self));
}

static void
edit_cb (GtkWidget *button, SarapRepeatPage *self)
{
  g_signal_emit (self, signals[EDIT], 0, g_object_get_data (G_OBJECT (button), "ref"));
}

static void
add_cb (SarapRepeatPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ref = sarap_interview_add_instance (self->interview, self->path, &error);

  if (ref != NULL)
    g_signal_emit (self, signals[ADDED], 0, ref);
  else
    g_warning ("%s", error->message);
}

static GtkWidget *
new_row_button (SarapRepeatPage *self, const char *label, const char *name, const char *ref, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *full = g_strdup_printf ("%s: %s", label, name);

  g_object_set_data_full (G_OBJECT (button), "ref", g_strdup (ref), g_free);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, full, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", callback, self, 0);
  return button;
}

static GtkWidget *
new_row_text (const char *string, const char *css_class)
{
  GtkWidget *label = gtk_label_new (string);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
append_row (SarapRepeatPage *self, guint index, const char *repeat_label)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *ref = dup_instance_ref (self, index);
  g_autofree char *name = g_strdup_printf ("%s %u", repeat_label, index + 1);
  g_autofree char *summary = dup_summary (self, ref);
  g_autofree char *full = g_strdup_printf ("%s: %s", name, summary);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_add_css_class (row, "instance-row");
  gtk_box_append (GTK_BOX (texts), new_row_text (name, "instance-name"));
  gtk_box_append (GTK_BOX (texts), new_row_text (summary, "quiet"));
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), new_row_button (self, text (self, N_ ("Edit")), full, ref, G_CALLBACK (edit_cb)));
  gtk_box_append (GTK_BOX (row), new_row_button (self, text (self, N_ ("Remove")), full, ref, G_CALLBACK (remove_cb)));
  gtk_box_append (GTK_BOX (self->rows), row);
}

static gboolean
sarap_repeat_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SARAP_REPEAT_PAGE (widget)->add);
}

static void
sarap_repeat_page_dispose (GObject *object)
{
  SarapRepeatPage *self = SARAP_REPEAT_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->interview);
  G_OBJECT_CLASS (sarap_repeat_page_parent_class)->dispose (object);
}

static void
sarap_repeat_page_finalize (GObject *object)
{
  SarapRepeatPage *self = SARAP_REPEAT_PAGE (object);

  g_free (self->path);
  g_free (self->pending);
  G_OBJECT_CLASS (sarap_repeat_page_parent_class)->finalize (object);
}

static void
sarap_repeat_page_class_init (SarapRepeatPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_repeat_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_repeat_page_finalize;
  widget_class->grab_focus = sarap_repeat_page_grab_focus;
  signals[ADDED] = g_signal_new ("added", SARAP_TYPE_REPEAT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[EDIT] = g_signal_new ("edit", SARAP_TYPE_REPEAT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[REMOVE] = g_signal_new ("remove", SARAP_TYPE_REPEAT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "repeatpage");
}

static void
sarap_repeat_page_init (SarapRepeatPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);

  gtk_widget_add_css_class (box, "questions");
  self->heading = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0, NULL);
  gtk_widget_add_css_class (self->heading, "question-label");
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->add = gtk_button_new_with_label ("");
  gtk_widget_set_halign (self->add, GTK_ALIGN_START);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->heading);
  gtk_box_append (GTK_BOX (box), self->rows);
  gtk_box_append (GTK_BOX (box), self->add);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), sarap_clamp_new (box, PAGE_WIDTH));
  gtk_widget_set_focusable (self->scroller, FALSE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

/* @path: of the repeat, as SarapPage has it. */
GtkWidget *
sarap_repeat_page_new (SarapInterview *interview, const char *path)
{
  SarapRepeatPage *self = g_object_new (SARAP_TYPE_REPEAT_PAGE, NULL);

  self->interview = g_object_ref (interview);
  self->path = g_strdup (path);
  sarap_repeat_page_update (self);
  return GTK_WIDGET (self);
}

void
sarap_repeat_page_update (SarapRepeatPage *self)
{
  guint n = sarap_interview_get_n_instances (self->interview, self->path);
  g_autofree char *label = dup_label (self);
  g_autofree char *heading = NULL;
  g_autofree char *add = g_strdup_printf (text (self, n == 0 ? N_ ("Add: %s") : N_ ("Add another: %s")), label);
  GtkWidget *child;

  heading = n == 0 ? g_strdup_printf (text (self, N_ ("%s: none yet. Is there one to add?")), label) : g_strdup_printf (text (self, N_ ("%s: %u so far. Is there another?")), label, n);
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  while ((child = gtk_widget_get_first_child (self->rows)) != NULL)
    gtk_box_remove (GTK_BOX (self->rows), child);
  for (guint i = 0; i < n; i++)
    append_row (self, i, label);
  gtk_button_set_label (GTK_BUTTON (self->add), add);
  gtk_widget_set_visible (self->add, sarap_interview_can_add_instance (self->interview, self->path));
}
