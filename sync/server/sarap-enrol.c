#include "sync/server/sarap-enrol.h"

#include <errno.h>
#include <png.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "app/base/sarap-file.h"

#define DOT 8    /* pixels */
#define MARGIN 4 /* dots, as the standard asks */

typedef struct
{
  QRcode *code;
  int width; /* dots, margins included */
} Picture;

static gboolean
encode (const char *text, Picture *picture, GError **error)
{
  picture->code = QRcode_encodeData ((int) strlen (text), (const unsigned char *) text, 0, QR_ECLEVEL_L);
  if (picture->code == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "the enrolment is too long for a QR code: use the file, or a shorter certificate");
      return FALSE;
    }
  picture->width = picture->code->width + 2 * MARGIN;
  return TRUE;
}

static gboolean
is_dark (const Picture *picture, int x, int y)
{
  int width = picture->code->width;

  x -= MARGIN;
  y -= MARGIN;
  return x >= 0 && y >= 0 && x < width && y < width && (picture->code->data[y * width + x] & 1);
}

/* It holds a key: readable by the owner only. */
gboolean
sarap_enrol_write_file (const char *text, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return sarap_file_write (path, bytes, 0600, error);
}

/* A PNG to print or show. */
gboolean
sarap_enrol_write_qr (const char *text, const char *path, GError **error)
{
  Picture picture;
  png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY };
  g_autofree guint8 *pixels = NULL;
  g_autofree guint8 *png = NULL;
  g_autoptr (GBytes) bytes = NULL;
  png_alloc_size_t size = 0;
  guint side;

  if (!encode (text, &picture, error))
    return FALSE;
  side = (guint) (picture.width * DOT);
  pixels = g_malloc ((gsize) side * side);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      pixels[y * side + x] = is_dark (&picture, (int) (x / DOT), (int) (y / DOT)) ? 0 : 255;
  QRcode_free (picture.code);

  image.width = image.height = side;
  if (png_image_write_get_memory_size (image, size, 0, pixels, 0, NULL))
    png = g_malloc (size);
  if (png == NULL || !png_image_write_to_memory (&image, png, &size, 0, pixels, 0, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path, image.message);
      return FALSE;
    }
  bytes = g_bytes_new_take (g_steal_pointer (&png), size);
  return sarap_file_write (path, bytes, 0600, error);
}

/* For a terminal: two rows of dots a line, light on dark. */
char *
sarap_enrol_draw_qr (const char *text, GError **error)
{
  static const char *const blocks[] = { "█", "▄", "▀", " " }; /* light: both, lower, upper, none */
  GString *drawing;
  Picture picture;

  if (!encode (text, &picture, error))
    return NULL;
  drawing = g_string_new (NULL);
  for (int y = 0; y < picture.width; y += 2)
    {
      for (int x = 0; x < picture.width; x++)
        g_string_append (drawing, blocks[(is_dark (&picture, x, y) ? 1 : 0) + (is_dark (&picture, x, y + 1) ? 2 : 0)]);
      g_string_append_c (drawing, '\n');
    }
  QRcode_free (picture.code);
  return g_string_free (drawing, FALSE);
}
