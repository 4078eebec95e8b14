#include "app/base/sarap-language.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>

#include "sarap-config.h"

static const struct
{
  const char *code;
  const char *locale;
} languages[] = { { "en", "en_US.UTF-8" }, { "ru", "ru_RU.UTF-8" }, { "kk", "kk_KZ.UTF-8" } };

/* A decimal comma in LC_NUMERIC would leak into the numbers of XML and JSON. */
static void
keep_numbers_plain (void)
{
  setlocale (LC_NUMERIC, "C");
}

/* What programs print is UTF-8, and so are the names of files, also where LANG says nothing of it. */
static void
keep_letters (void)
{
  if (g_strcmp0 (nl_langinfo (CODESET), "UTF-8") != 0)
    setlocale (LC_CTYPE, "C.UTF-8");
}

/* Catalogues of a build folder go before installed ones. */
void
sarap_language_init (void)
{
  setlocale (LC_ALL, "");
  keep_numbers_plain ();
  keep_letters ();
  bindtextdomain (GETTEXT_PACKAGE, g_file_test (SARAP_BUILD_LOCALE_DIR, G_FILE_TEST_IS_DIR) ? SARAP_BUILD_LOCALE_DIR : SARAP_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* A machine without the locale still translates: gettext asks LANGUAGE in any locale but C. */
gboolean
sarap_language_set (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      if (!g_str_equal (languages[i].code, code))
        continue;
      if (setlocale (LC_ALL, languages[i].locale) == NULL)
        setlocale (LC_ALL, "C.UTF-8");
      g_setenv ("LANGUAGE", code, TRUE);
      keep_numbers_plain ();
      return TRUE;
    }
  return FALSE;
}

const char *
sarap_language_guess (void)
{
  const char *const *names = g_get_language_names ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (languages); j++)
      if (g_str_has_prefix (names[i], languages[j].code))
        return languages[j].code;
  return "en";
}
