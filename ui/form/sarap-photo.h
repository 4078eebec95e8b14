#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Photographs on their way into a record: turned upright, made no larger than asked for, and
 * written anew, so that nothing of the original's EXIF data (place, device) comes along. */

void sarap_photo_prepare_file_async (const char *path, int max_pixels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
void sarap_photo_prepare_bytes_async (GBytes *bytes, int max_pixels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GBytes *sarap_photo_prepare_finish (GAsyncResult *result, GError **error);

G_END_DECLS
