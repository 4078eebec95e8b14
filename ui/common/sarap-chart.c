/* A figure on screen. Its chart and its table are drawn by app/report at the width they get, as
 * high as that width needs, in the colours and the size of text of the window. */
#include "ui/common/sarap-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/sarap-appearance.h"

#define NATURAL_WIDTH 640

#define SARAP_TYPE_FIGURE_AREA (sarap_figure_area_get_type ())
G_DECLARE_FINAL_TYPE (SarapFigureArea, sarap_figure_area, SARAP, FIGURE_AREA, GtkWidget)

struct _SarapFigureArea
{
  GtkWidget parent_instance;

  const SarapFigure *figure;
  gboolean is_table;
};

G_DEFINE_FINAL_TYPE (SarapFigureArea, sarap_figure_area, GTK_TYPE_WIDGET)

struct _SarapChart
{
  GtkWidget parent_instance;

  SarapFigureArea *area;
  GtkLabel *caption;
  int row; /* that is told about; -1: none */
};

G_DEFINE_FINAL_TYPE (SarapChart, sarap_chart, GTK_TYPE_WIDGET)

static SarapChartStyle
style_of (GtkWidget *widget)
{
  const SarapChartStyle *const plain[] = { &sarap_chart_style_light, &sarap_chart_style_dark };
  const SarapChartStyle *const contrast[] = { &sarap_chart_style_contrast, &sarap_chart_style_contrast_dark };
  gboolean is_dark, is_contrast;
  SarapChartStyle style;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  sarap_appearance_get_series (gtk_widget_get_settings (widget), &is_dark, &is_contrast);
  style = *(is_contrast ? contrast : plain)[is_dark];
  pango_layout_get_pixel_size (layout, NULL, &height);
  style.text_size = height / 1.4;
  return style;
}

static GtkSizeRequestMode
sarap_figure_area_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sarap_figure_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  SarapFigureArea *self = SARAP_FIGURE_AREA (widget);
  SarapChartStyle style = style_of (widget);
  int width = for_size > 0 ? for_size : NATURAL_WIDTH;

  *minimum = 0;
  *natural = NATURAL_WIDTH;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = (int) ceil (self->is_table ? sarap_figure_draw_table (self->figure, NULL, width, &style) : sarap_figure_measure_chart (self->figure, width, &style));
}

static void
sarap_figure_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SarapFigureArea *self = SARAP_FIGURE_AREA (widget);
  SarapChartStyle style = style_of (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  if (self->is_table)
    sarap_figure_draw_table (self->figure, cr, width, &style);
  else
    sarap_figure_draw_chart (self->figure, cr, width, height, &style);
  cairo_destroy (cr);
}

static void
sarap_figure_area_class_init (SarapFigureAreaClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->get_request_mode = sarap_figure_area_get_request_mode;
  widget_class->measure = sarap_figure_area_measure;
  widget_class->snapshot = sarap_figure_area_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sarap_figure_area_init (SarapFigureArea *self)
{
}

static char *
describe_row (const SarapFigure *figure, guint index)
{
  const SarapFigureRow *row = g_ptr_array_index (figure->rows, index);
  GString *text = g_string_new (row->label);

  for (guint i = 0; i < figure->n_columns; i++)
    {
      g_autofree char *value = sarap_cell_to_string (&row->cells[i]);

      if (*value != '\0')
        g_string_append_printf (text, "%s%s: %s", i == 0 ? " — " : " · ", figure->columns[i], value);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_figure (const SarapFigure *figure)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < figure->rows->len; i++)
    {
      g_autofree char *row = describe_row (figure, i);

      g_string_append_printf (text, "%s. ", row);
    }
  return g_string_free (text, FALSE);
}

static void
show_row (SarapChart *self, int row)
{
  g_autofree char *text = NULL;

  if (row < 0 || row >= (int) self->area->figure->rows->len)
    return;
  self->row = row;
  text = describe_row (self->area->figure, row);
  gtk_label_set_label (self->caption, text);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, SarapChart *self)
{
  GtkWidget *area = GTK_WIDGET (self->area);
  SarapChartStyle style = style_of (area);

  gtk_widget_grab_focus (area);
  show_row (self, sarap_figure_pick (self->area->figure, gtk_widget_get_width (area), gtk_widget_get_height (area), &style, x, y));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, SarapChart *self)
{
  if (key == GDK_KEY_Down || key == GDK_KEY_Right)
    show_row (self, self->row + 1);
  else if (key == GDK_KEY_Up || key == GDK_KEY_Left)
    show_row (self, MAX (0, self->row - 1));
  else
    return FALSE;
  return TRUE;
}

static void
sarap_chart_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sarap_chart_parent_class)->dispose (object);
}

static void
sarap_chart_class_init (SarapChartClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_chart_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
sarap_chart_init (SarapChart *self)
{
  GtkGesture *press = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->row = -1;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->area = g_object_new (SARAP_TYPE_FIGURE_AREA, "focusable", TRUE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->area), "focusable");
  self->caption = g_object_new (GTK_TYPE_LABEL, "label", _ ("Tap a mark to see its numbers."), "wrap", TRUE, "xalign", 0.0, "margin-top", 8, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "quiet");
  gtk_widget_set_parent (GTK_WIDGET (self->area), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->caption), GTK_WIDGET (self));
  g_signal_connect (press, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->area), GTK_EVENT_CONTROLLER (press));
  gtk_widget_add_controller (GTK_WIDGET (self->area), keys);
}

static void
set_figure (SarapFigureArea *area, const SarapFigure *figure, gboolean is_table)
{
  g_autofree char *description = describe_figure (figure);

  area->figure = figure;
  area->is_table = is_table;
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, figure->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

GtkWidget *
sarap_chart_new (const SarapFigure *figure)
{
  SarapChart *self = g_object_new (SARAP_TYPE_CHART, NULL);

  set_figure (self->area, figure, FALSE);
  return GTK_WIDGET (self);
}

GtkWidget *
sarap_chart_new_table (const SarapFigure *figure)
{
  SarapFigureArea *area = g_object_new (SARAP_TYPE_FIGURE_AREA, NULL);

  set_figure (area, figure, TRUE);
  return GTK_WIDGET (area);
}
