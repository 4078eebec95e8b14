#include "ui/common/sarap-chart.h"

#include <glib/gi18n.h>

struct _SarapChart
{
  GtkWidget parent_instance;

  const SarapFigure *figure;
  GtkWidget *area;
  GtkLabel *caption;
  int row; /* that is told about; -1: none */
};

G_DEFINE_FINAL_TYPE (SarapChart, sarap_chart, GTK_TYPE_WIDGET)

static gboolean
is_dark (GtkWidget *widget)
{
  gboolean dark;

  g_object_get (gtk_widget_get_settings (widget), "gtk-application-prefer-dark-theme", &dark, NULL);
  return dark;
}

static SarapChartStyle
style_of (GtkWidget *widget)
{
  SarapChartStyle style = is_dark (widget) ? sarap_chart_style_dark : sarap_chart_style_light;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  style.text_size = height / 1.4;
  return style;
}

static void
draw_chart_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  SarapChartStyle style = style_of (GTK_WIDGET (area));

  sarap_figure_draw_chart (data, cr, width, height, &style);
}

static void
draw_table_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  SarapChartStyle style = style_of (GTK_WIDGET (area));

  sarap_figure_draw_table (data, cr, width, &style);
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

  if (row < 0 || row >= (int) self->figure->rows->len)
    return;
  self->row = row;
  text = describe_row (self->figure, row);
  gtk_label_set_label (self->caption, text);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, SarapChart *self)
{
  SarapChartStyle style = style_of (self->area);

  gtk_widget_grab_focus (self->area);
  show_row (self, sarap_figure_pick (self->figure, gtk_widget_get_width (self->area), gtk_widget_get_height (self->area), &style, x, y));
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
  self->area = g_object_new (GTK_TYPE_DRAWING_AREA, "focusable", TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  self->caption = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "caption");
  gtk_widget_set_parent (self->area, GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->caption), GTK_WIDGET (self));
  g_signal_connect (press, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->area, GTK_EVENT_CONTROLLER (press));
  gtk_widget_add_controller (self->area, keys);
}

/* The widget needs about this many pixels per unit of the chart's own measure. */
static int
height_for (const SarapFigure *figure, gboolean is_table)
{
  SarapChartStyle style = sarap_chart_style_light;

  style.text_size = 16;
  return (int) (is_table ? sarap_figure_draw_table (figure, NULL, 640, &style) : sarap_figure_measure_chart (figure, &style));
}

GtkWidget *
sarap_chart_new (const SarapFigure *figure)
{
  SarapChart *self = g_object_new (SARAP_TYPE_CHART, NULL);
  g_autofree char *description = describe_figure (figure);

  self->figure = figure;
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_chart_cb, (gpointer) figure, NULL);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->area), height_for (figure, FALSE));
  gtk_label_set_label (self->caption, _ ("Tap a mark to see its numbers."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_LABEL, figure->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  return GTK_WIDGET (self);
}

GtkWidget *
sarap_chart_new_table (const SarapFigure *figure)
{
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  g_autofree char *description = describe_figure (figure);

  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_table_cb, (gpointer) figure, NULL);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), height_for (figure, TRUE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, figure->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  return area;
}
