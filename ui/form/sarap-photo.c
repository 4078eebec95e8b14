#include "ui/form/sarap-photo.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#define QUALITY "85"
#define MAX_SIDE 20000
#define MAX_AREA (100 * 1000 * 1000)

typedef struct
{
  char *path;
  GBytes *bytes;  /* instead of a file */
  int max_pixels; /* of the longer side; 0: as it is */
} Job;

static void
job_free (Job *job)
{
  g_free (job->path);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

/* A file may claim any size: what would not fit into memory is refused before it is unpacked. */
static gboolean
check_size (const Job *job, int *longer, GError **error)
{
  int width = 0;
  int height = 0;

  if (gdk_pixbuf_get_file_info (job->path, &width, &height) == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is no picture that can be read", job->path);
      return FALSE;
    }
  if (width > MAX_SIDE || height > MAX_SIDE || (gint64) width * height > MAX_AREA)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "%s has %d × %d pixels, too many", job->path, width, height);
      return FALSE;
    }
  *longer = MAX (width, height);
  return TRUE;
}

static GdkPixbuf *
load_file (const Job *job, GError **error)
{
  int longer;

  if (!check_size (job, &longer, error))
    return NULL;
  if (job->max_pixels > 0 && longer > job->max_pixels)
    return gdk_pixbuf_new_from_file_at_scale (job->path, job->max_pixels, job->max_pixels, TRUE, error);
  return gdk_pixbuf_new_from_file (job->path, error);
}

static GdkPixbuf *
load_bytes (const Job *job, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (job->bytes);
  g_autoptr (GdkPixbuf) whole = gdk_pixbuf_new_from_stream (stream, NULL, error);

  if (whole == NULL || job->max_pixels <= 0 || MAX (gdk_pixbuf_get_width (whole), gdk_pixbuf_get_height (whole)) <= job->max_pixels)
    return g_steal_pointer (&whole);
  g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, NULL);
  return gdk_pixbuf_new_from_stream_at_scale (stream, job->max_pixels, job->max_pixels, TRUE, NULL, error);
}

static GBytes *
prepare (const Job *job, GError **error)
{
  g_autoptr (GdkPixbuf) loaded = job->bytes != NULL ? load_bytes (job, error) : load_file (job, error);
  g_autoptr (GdkPixbuf) upright = NULL;
  char *buffer;
  gsize size;

  if (loaded == NULL)
    return NULL;
  upright = gdk_pixbuf_apply_embedded_orientation (loaded);
  if (!gdk_pixbuf_save_to_buffer (upright, &buffer, &size, "jpeg", error, "quality", QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (buffer, size);
}

static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *bytes = prepare (data, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
run (Job *job, int max_pixels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  job->max_pixels = max_pixels;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, prepare_thread);
}

/* Reads the picture at @path in a thread. @max_pixels: of the longer side, 0 to keep it. @callback
 * comes in the caller's main context. */
void
sarap_photo_prepare_file_async (const char *path, int max_pixels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  run (job, max_pixels, cancellable, callback, data);
}

/* The same for a picture in memory, which the application itself made. */
void
sarap_photo_prepare_bytes_async (GBytes *bytes, int max_pixels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Job *job = g_new0 (Job, 1);

  job->bytes = g_bytes_ref (bytes);
  run (job, max_pixels, cancellable, callback, data);
}

/* Returns: (transfer full): a JPEG. Errors: G_IO_ERROR_INVALID_DATA and GDK_PIXBUF_ERROR: another
 * file is needed; G_IO_ERROR_MESSAGE_TOO_LARGE: a smaller one. */
GBytes *
sarap_photo_prepare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
