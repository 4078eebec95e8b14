#include "app/stats/sarap-factor.h"

struct _SarapFactor
{
  GArray *codes;       /* guint32, one per row */
  GPtrArray *levels;   /* owned texts */
  GHashTable *numbers; /* text (borrowed from levels) → level */
};

SarapFactor *
sarap_factor_new (void)
{
  SarapFactor *self = g_new (SarapFactor, 1);

  self->codes = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->levels = g_ptr_array_new_with_free_func (g_free);
  self->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sarap_factor_free (SarapFactor *self)
{
  g_array_unref (self->codes);
  g_hash_table_unref (self->numbers);
  g_ptr_array_unref (self->levels);
  g_free (self);
}

/* Makes the level if it is new. Returns: its number */
guint32
sarap_factor_add_level (SarapFactor *self, const char *text)
{
  guint32 level = sarap_factor_find_level (self, text);

  if (level != SARAP_FACTOR_NONE)
    return level;
  g_ptr_array_add (self->levels, g_strdup (text));
  g_hash_table_insert (self->numbers, g_ptr_array_index (self->levels, self->levels->len - 1), GUINT_TO_POINTER (self->levels->len));
  return self->levels->len - 1;
}

/* One row more. @text: (nullable): NULL and "" are SARAP_FACTOR_NONE. */
void
sarap_factor_append (SarapFactor *self, const char *text)
{
  guint32 code = text && *text ? sarap_factor_add_level (self, text) : SARAP_FACTOR_NONE;

  g_array_append_val (self->codes, code);
}

gsize
sarap_factor_get_n (const SarapFactor *self)
{
  return self->codes->len;
}

/* Returns: (transfer none): one number per row, good until the next row is appended */
const guint32 *
sarap_factor_peek_codes (const SarapFactor *self)
{
  return (const guint32 *) self->codes->data;
}

guint
sarap_factor_get_n_levels (const SarapFactor *self)
{
  return self->levels->len;
}

const char *
sarap_factor_peek_level (const SarapFactor *self, guint level)
{
  return g_ptr_array_index (self->levels, level);
}

/* Returns: the level's number, or SARAP_FACTOR_NONE */
guint32
sarap_factor_find_level (const SarapFactor *self, const char *text)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, text));

  return found ? found - 1 : SARAP_FACTOR_NONE;
}
