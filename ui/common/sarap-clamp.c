#include "ui/common/sarap-clamp.h"

struct _SarapClamp
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int maximum_width;
};

static void sarap_clamp_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapClamp, sarap_clamp, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, sarap_clamp_buildable_init))

enum
{
  PROP_MAXIMUM_WIDTH = 1,
};

static GtkBuildableIface *parent_buildable;

static void
set_child (SarapClamp *self, GtkWidget *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
sarap_clamp_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    set_child (SARAP_CLAMP (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
sarap_clamp_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = sarap_clamp_add_child;
}

static GtkSizeRequestMode
sarap_clamp_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Text that wraps is higher in the width that the child will get than in the one it would like. */
static int
limit_width (SarapClamp *self, int width)
{
  int natural;

  if (width >= 0)
    return MIN (width, self->maximum_width);
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return MIN (natural, self->maximum_width);
}

static void
sarap_clamp_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  SarapClamp *self = SARAP_CLAMP (widget);

  if (self->child == NULL)
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    for_size = limit_width (self, for_size);
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, MIN (*natural, self->maximum_width));
}

static void
sarap_clamp_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SarapClamp *self = SARAP_CLAMP (widget);
  int child_width = MIN (width, self->maximum_width);

  if (self->child != NULL)
    gtk_widget_size_allocate (self->child, &(GtkAllocation){ (width - child_width) / 2, 0, child_width, height }, -1);
}

static void
sarap_clamp_compute_expand (GtkWidget *widget, gboolean *hexpand, gboolean *vexpand)
{
  SarapClamp *self = SARAP_CLAMP (widget);

  *hexpand = TRUE;
  *vexpand = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_VERTICAL);
}

static void
sarap_clamp_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  SARAP_CLAMP (object)->maximum_width = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (object));
}

static void
sarap_clamp_dispose (GObject *object)
{
  g_clear_pointer (&SARAP_CLAMP (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_clamp_parent_class)->dispose (object);
}

static void
sarap_clamp_class_init (SarapClampClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = sarap_clamp_set_property;
  object_class->dispose = sarap_clamp_dispose;
  widget_class->get_request_mode = sarap_clamp_get_request_mode;
  widget_class->measure = sarap_clamp_measure;
  widget_class->size_allocate = sarap_clamp_size_allocate;
  widget_class->compute_expand = sarap_clamp_compute_expand;
  g_object_class_install_property (object_class, PROP_MAXIMUM_WIDTH, g_param_spec_int ("maximum-width", NULL, NULL, 1, G_MAXINT, 960, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
sarap_clamp_init (SarapClamp *self)
{
}

GtkWidget *
sarap_clamp_new (GtkWidget *child, int maximum_width)
{
  SarapClamp *self = g_object_new (SARAP_TYPE_CLAMP, "maximum-width", maximum_width, NULL);

  set_child (self, child);
  return GTK_WIDGET (self);
}
