#include "ui/sarap-renderer.h"

#include <gtk/gtk.h>

static gboolean
has_render_node (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/dev/dri", 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  return FALSE;
}

/* Kernel drivers outside of DRM: NVIDIA's own, and Windows' for Linux programs. */
static gboolean
has_graphics_processor (void)
{
  return has_render_node () || g_file_test ("/dev/nvidiactl", G_FILE_TEST_EXISTS) || g_file_test ("/dev/dxg", G_FILE_TEST_EXISTS);
}

/* Without a graphics processor GL is drawn by the processor: slower than cairo, and GDK spends some
 * 100 ms on loading Mesa and LLVM before the first window. To be called before GTK is initialized
 * and before there is a thread. Who set one of these variables is left alone.
 * Source: "Running and debugging GTK applications"; GDK_DISABLE came with GTK 4.16 and took the
 * place of these words in GDK_DEBUG. */
void
sarap_renderer_choose (void)
{
  if (has_graphics_processor () || g_getenv ("GDK_DEBUG") != NULL || g_getenv ("GDK_DISABLE") != NULL)
    return;
  if (g_getenv ("GSK_RENDERER") == NULL)
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
  else if (!g_str_equal (g_getenv ("GSK_RENDERER"), "cairo"))
    return;
  if (gtk_get_minor_version () >= 16)
    g_setenv ("GDK_DISABLE", "gl,vulkan", TRUE);
  else
    g_setenv ("GDK_DEBUG", "gl-disable,vulkan-disable", TRUE);
}
