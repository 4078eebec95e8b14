#include "sync/client/sarap-enrolment.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <zbar.h>

#include "app/base/sarap-problem.h"
#include "app/store/sarap-project-keys.h"
#include "sync/client/sarap-http.h"
#include "sync/client/sarap-sync.h"
#include "sync/wire/sarap-form-list.h"
#include "app/base/sarap-json.h"

#define DEVICE_KEY "enrolment"
#define SUPERVISOR_KEY "enrolment.supervisor"

enum
{
  LONGEST_LIST = 16 * 1024 * 1024,
  WIDEST_PICTURE = 10000,
};

/* What a device remembers of its server and must forget for another one. */
static const char *const server_keys[] = { "sync.reviews-sequence", "sync.server-gives-receipts", "sync.failures", "sync.next-round-at" };

static SarapEnrolment *
load (SarapStore *store, const char *key)
{
  g_autofree char *text = sarap_store_dup_setting (store, key);

  return text != NULL ? sarap_enrolment_parse (text, NULL) : NULL;
}

SarapEnrolment *
sarap_enrolment_load (SarapStore *store)
{
  return load (store, DEVICE_KEY);
}

SarapEnrolment *
sarap_enrolment_load_supervisor (SarapStore *store)
{
  return load (store, SUPERVISOR_KEY);
}

static gboolean
add_key (GPtrArray *keys, const char *text, GError **error)
{
  SarapProjectKey *key = text ? sarap_project_key_new_from_base64 (text, error) : NULL;

  if (key != NULL)
    g_ptr_array_add (keys, key);
  return text == NULL || key != NULL;
}

/* From now on the store seals to the project's keys. */
static gboolean
take_keys (const SarapEnrolment *self, SarapStore *store, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_project_key_unref);

  return add_key (keys, self->project_key, error) && add_key (keys, self->spare_key, error) && sarap_store_take_project_keys (store, keys, error);
}

/* Errors: SARAP_STORE_ERROR_LOCKED when there are keys of a project to take over and the PIN is needed for it. */
gboolean
sarap_enrolment_save (const SarapEnrolment *self, SarapStore *store, GError **error)
{
  g_autoptr (SarapEnrolment) before = self->is_supervisor ? sarap_enrolment_load_supervisor (store) : sarap_enrolment_load (store);
  g_autofree char *text = sarap_enrolment_to_text (self);

  if (!take_keys (self, store, error))
    return FALSE;
  if (!self->is_supervisor && before != NULL && !g_str_equal (before->url, self->url))
    for (gsize i = 0; i < G_N_ELEMENTS (server_keys); i++)
      if (!sarap_store_set_setting (store, server_keys[i], NULL, error))
        return FALSE;
  return sarap_store_set_setting (store, self->is_supervisor ? SUPERVISOR_KEY : DEVICE_KEY, text, error);
}

static char **
dup_titles (GPtrArray *forms)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < forms->len; i++)
    g_strv_builder_add (builder, ((const SarapListedForm *) g_ptr_array_index (forms, i))->name);
  return g_strv_builder_end (builder);
}

static gboolean
check_device (const SarapEnrolment *self, SarapHttp *http, char ***titles, GError **error)
{
  g_autofree char *url = g_strconcat (self->url, "/formList", NULL);
  g_autoptr (SarapHttpReply) reply = sarap_http_get (http, url, LONGEST_LIST, error);
  g_autoptr (GPtrArray) forms = NULL;

  if (reply == NULL)
    return FALSE;
  if (reply->status == 401 || reply->status == 403 || reply->status == 404)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED, "the server does not accept this key or password");
      return FALSE;
    }
  if (!sarap_http_reply_check (reply, "form list", error))
    return FALSE;
  forms = sarap_form_list_parse (reply->body, NULL);
  if (forms == NULL)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_PORTAL, "what answers at this address is not a server for forms");
      return FALSE;
    }
  if (forms->len == 0)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED, "the server offers no form to this key: it may belong to another project");
      return FALSE;
    }
  if (titles != NULL)
    *titles = dup_titles (forms);
  return TRUE;
}

/* Without a session the server must refuse, in its own words. */
static gboolean
check_supervisor (const SarapEnrolment *self, SarapHttp *http, char ***titles, GError **error)
{
  g_autofree char *url = g_strconcat (self->url, "/v1/projects", NULL);
  g_autoptr (SarapHttpReply) reply = sarap_http_get (http, url, LONGEST_LIST, error);
  g_autoptr (JsonNode) root = NULL;

  if (reply == NULL)
    return FALSE;
  root = sarap_json_parse (reply->body, "projects", NULL);
  if (root == NULL || (reply->status != 200 && reply->status != 401 && reply->status != 403))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_PORTAL, "what answers at this address is not a server for supervisors");
      return FALSE;
    }
  if (titles != NULL)
    *titles = g_new0 (char *, 1);
  return TRUE;
}

/* @titles: (out) (optional) (transfer full): of the forms that the key opens. */
gboolean
sarap_enrolment_check (const SarapEnrolment *self, char ***titles, GCancellable *cancellable, GError **error)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (SarapHttp) http = sarap_http_new (self, clock, cancellable, error);

  if (http == NULL)
    return FALSE;
  return self->is_supervisor ? check_supervisor (self, http, titles, error) : check_device (self, http, titles, error);
}

/* Luminance, one byte a pixel, transparent as white. */
static guint8 *
make_grey (GdkPixbuf *picture)
{
  int width = gdk_pixbuf_get_width (picture), height = gdk_pixbuf_get_height (picture);
  int n = gdk_pixbuf_get_n_channels (picture), stride = gdk_pixbuf_get_rowstride (picture);
  const guint8 *pixels = gdk_pixbuf_read_pixels (picture);
  guint8 *grey = g_malloc ((gsize) width * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *pixel = pixels + (gsize) y * (gsize) stride + (gsize) x * (gsize) n;
        guint light = (pixel[0] * 77u + pixel[1] * 150u + pixel[2] * 29u) >> 8;

        grey[(gsize) y * (gsize) width + (gsize) x] = (guint8) (n == 4 ? (light * pixel[3] + 255u * (255u - pixel[3])) / 255u : light);
      }
  return grey;
}

static char *
scan (guint8 *grey, guint width, guint height)
{
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  zbar_image_t *image = zbar_image_create ();
  const zbar_symbol_t *symbol;
  char *text = NULL;

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format (image, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (image, width, height);
  zbar_image_set_data (image, grey, (gulong) width * height, NULL);
  zbar_scan_image (scanner, image);
  symbol = zbar_image_first_symbol (image);
  if (symbol != NULL)
    text = g_strndup (zbar_symbol_get_data (symbol), zbar_symbol_get_data_length (symbol));
  zbar_image_destroy (image);
  zbar_image_scanner_destroy (scanner);
  return text;
}

/* @image_file: any picture that gdk-pixbuf reads. Errors: SARAP_INPUT_ERROR, or those of the file. */
char *
sarap_enrolment_read_qr (const char *image_file, GError **error)
{
  g_autoptr (GdkPixbuf) picture = NULL;
  g_autofree guint8 *grey = NULL;
  g_autofree char *text = NULL;
  int width = 0, height = 0;

  if (gdk_pixbuf_get_file_info (image_file, &width, &height) == NULL || width > WIDEST_PICTURE || height > WIDEST_PICTURE)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "this file is no picture, or it is too large");
      return NULL;
    }
  picture = gdk_pixbuf_new_from_file (image_file, error);
  if (picture == NULL)
    return NULL;
  grey = make_grey (picture);
  text = scan (grey, (guint) gdk_pixbuf_get_width (picture), (guint) gdk_pixbuf_get_height (picture));
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "there is no readable QR code in this picture: take it again, closer and sharper");
      return NULL;
    }
  return g_steal_pointer (&text);
}
