#include "ui/form/sarap-wrap-layout.h"

struct _SarapWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (SarapWrapLayout, sarap_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
measure_child (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (child, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

/* Places the children in @width, or only measures. Returns: the height. */
static int
place (SarapWrapLayout *self, GtkWidget *widget, int width, gboolean is_allocation)
{
  int x = 0;
  int y = 0;
  int row_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_width;
      int child_height;

      if (!gtk_widget_should_layout (child))
        continue;
      child_width = MIN (measure_child (child, GTK_ORIENTATION_HORIZONTAL, -1), width);
      child_height = measure_child (child, GTK_ORIENTATION_VERTICAL, child_width);
      if (x > 0 && x + child_width > width)
        {
          x = 0;
          y += row_height + self->spacing;
          row_height = 0;
        }
      if (is_allocation)
        gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, child_width, child_height }, -1);
      x += child_width + self->spacing;
      row_height = MAX (row_height, child_height);
    }
  return y + row_height;
}

static GtkSizeRequestMode
get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  SarapWrapLayout *self = SARAP_WRAP_LAYOUT (manager);

  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;
      int child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? self->spacing : 0);
    }
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = place (self, widget, for_size < 0 ? *natural : MAX (for_size, *minimum), FALSE);
  *natural = *minimum;
}

static void
allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  place (SARAP_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
sarap_wrap_layout_class_init (SarapWrapLayoutClass *class)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (class);

  manager_class->get_request_mode = get_request_mode;
  manager_class->measure = measure;
  manager_class->allocate = allocate;
}

static void
sarap_wrap_layout_init (SarapWrapLayout *self)
{
}

GtkLayoutManager *
sarap_wrap_layout_new (int spacing)
{
  SarapWrapLayout *self = g_object_new (SARAP_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
