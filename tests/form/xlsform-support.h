#pragma once

#include "app/base/sarap-file.h"
#include "app/base/sarap-xml.h"
#include "app/base/sarap-zip.h"
#include "app/form/xlsform/sarap-xlsform.h"

#include <glib/gstdio.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* Small workbooks for tests, written as text: "# survey" begins a sheet, each further line is a
 * row, `|` parts its cells. */

typedef struct
{
  GPtrArray *names;
  GPtrArray *parts;
} Package;

static inline void
package_add (Package *package, const char *name, const char *text)
{
  g_ptr_array_add (package->names, g_strdup (name));
  g_ptr_array_add (package->parts, g_bytes_new (text, strlen (text)));
}

static inline Package
package_new (void)
{
  return (Package){ g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
}

/* Frees @package. */
static inline GBytes *
package_end (Package *package)
{
  g_autofree char *folder = g_dir_make_tmp ("sarap-workbook-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "form.xlsx", NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  sarap_zip_write (path, (const char *const *) package->names->pdata, (GBytes *const *) package->parts->pdata, package->names->len, &error);
  g_assert_no_error (error);
  bytes = sarap_file_read (path, 0, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (folder);
  g_ptr_array_unref (package->names);
  g_ptr_array_unref (package->parts);
  return bytes;
}

#define SPREADSHEET "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONSHIPS "http://schemas.openxmlformats.org/package/2006/relationships"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static inline void
append_row (GString *sheet, const char *line, guint number)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);

  g_string_append_printf (sheet, "<row r=\"%u\">", number);
  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_string_append_printf (sheet, "<c r=\"%c%u\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", 'A' + i, number);
      sarap_xml_append_escaped (sheet, g_strstrip (cells[i]), FALSE);
      g_string_append (sheet, "</t></is></c>");
    }
  g_string_append (sheet, "</row>");
}

static inline void
append_sheets (Package *package, const char *text, GString *workbook, GString *relationships)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_sheets = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GString) sheet = g_string_new ("<worksheet xmlns=\"" SPREADSHEET "\"><sheetData>");
      g_autofree char *name = NULL;
      guint row = 0;

      if (!g_str_has_prefix (lines[i], "# "))
        continue;
      n_sheets++;
      g_string_append_printf (workbook, "<sheet name=\"%s\" sheetId=\"%u\" r:id=\"s%u\"/>", lines[i] + 2, n_sheets, n_sheets);
      g_string_append_printf (relationships, "<Relationship Id=\"s%u\" Type=\"" OFFICE "/worksheet\" Target=\"sheet%u.xml\"/>", n_sheets, n_sheets);
      for (guint j = i + 1; lines[j] != NULL && !g_str_has_prefix (lines[j], "# "); j++)
        if (*lines[j] != '\0')
          append_row (sheet, lines[j], ++row);
        else
          row++;
      g_string_append (sheet, "</sheetData></worksheet>");
      name = g_strdup_printf ("xl/sheet%u.xml", n_sheets);
      package_add (package, name, sheet->str);
    }
}

static inline GBytes *
workbook_new (const char *text)
{
  Package package = package_new ();
  g_autoptr (GString) workbook = g_string_new ("<workbook xmlns=\"" SPREADSHEET "\" xmlns:r=\"" OFFICE "\"><sheets>");
  g_autoptr (GString) relationships = g_string_new ("<Relationships xmlns=\"" RELATIONSHIPS "\">");

  append_sheets (&package, text, workbook, relationships);
  g_string_append (workbook, "</sheets></workbook>");
  g_string_append (relationships, "</Relationships>");
  package_add (&package, "_rels/.rels", "<Relationships xmlns=\"" RELATIONSHIPS "\"><Relationship Id=\"w\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
  package_add (&package, "xl/workbook.xml", workbook->str);
  package_add (&package, "xl/_rels/workbook.xml.rels", relationships->str);
  return package_end (&package);
}

/* What the workbook becomes; it must have no errors. */
static inline xmlDoc *
convert_with (const char *text, SarapProblems *problems)
{
  g_autoptr (GBytes) workbook = workbook_new (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_xlsform_convert_bytes (workbook, "form.xlsx", problems, &error);
  xmlDoc *doc;

  g_assert_no_error (error);
  doc = sarap_xml_parse (xml, "form.xml", &error);
  g_assert_no_error (error);
  return doc;
}

static inline xmlDoc *
convert (const char *text)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");

  return convert_with (text, problems);
}

static inline xmlXPathObject *
evaluate (xmlDoc *doc, const char *expression)
{
  xmlXPathContext *context = xmlXPathNewContext (doc);
  xmlXPathObject *result;

  xmlXPathRegisterNs (context, BAD_CAST "x", BAD_CAST "http://www.w3.org/2002/xforms");
  xmlXPathRegisterNs (context, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
  xmlXPathRegisterNs (context, BAD_CAST "jr", BAD_CAST "http://openrosa.org/javarosa");
  xmlXPathRegisterNs (context, BAD_CAST "orx", BAD_CAST "http://openrosa.org/xforms");
  xmlXPathRegisterNs (context, BAD_CAST "odk", BAD_CAST "http://www.opendatakit.org/xforms");
  xmlXPathRegisterNs (context, BAD_CAST "entities", BAD_CAST "http://www.opendatakit.org/xforms/entities");
  result = xmlXPathEvalExpression (BAD_CAST expression, context);
  xmlXPathFreeContext (context);
  return result;
}

static inline char *
get_string (xmlDoc *doc, const char *expression)
{
  xmlXPathObject *result = evaluate (doc, expression);
  xmlChar *text = result ? xmlXPathCastToString (result) : NULL;
  char *copy = g_strdup ((const char *) text);

  xmlFree (text);
  xmlXPathFreeObject (result);
  return copy;
}

/* The string value of @expression. */
#define assert_string(doc, expression, expected)                  \
  G_STMT_START                                                    \
  {                                                               \
    g_autofree char *string_value = get_string (doc, expression); \
    g_assert_cmpstr (string_value, ==, expected);                 \
  }                                                               \
  G_STMT_END

/* The number of nodes. */
#define assert_count(doc, expression, expected) assert_string (doc, "count(" expression ")", #expected)

static inline const SarapProblem *
find_problem (SarapProblems *problems, SarapProblemSeverity severity, const char *words)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      const SarapProblem *problem = sarap_problems_peek (problems, i);

      if (problem->severity == severity && strstr (problem->message, words) != NULL)
        return problem;
    }
  return NULL;
}

static inline void
tell_problems (SarapProblems *problems)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      g_autofree char *text = sarap_problem_to_string (sarap_problems_peek (problems, i));

      g_test_message ("%s", text);
    }
}

static inline void
assert_place (const SarapProblem *problem, const char *sheet, guint row, const char *column)
{
  g_assert_nonnull (problem);
  g_assert_cmpstr (problem->sheet, ==, sheet);
  g_assert_cmpuint (problem->row, ==, row);
  g_assert_cmpstr (problem->column, ==, column);
}

/* The workbook is refused, and told so at that place with those words. */
static inline void
refuses (const char *text, const char *sheet, guint row, const char *column, const char *words)
{
  g_autoptr (GBytes) workbook = workbook_new (text);
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_xlsform_convert_bytes (workbook, "form.xlsx", problems, &error);

  tell_problems (problems);
  g_assert_null (xml);
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  assert_place (find_problem (problems, SARAP_PROBLEM_ERROR, words), sheet, row, column);
}

/* The workbook is converted, with that warning. */
static inline void
warns (const char *text, const char *sheet, guint row, const char *column, const char *words)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (xmlDoc) doc = convert_with (text, problems);

  tell_problems (problems);
  assert_place (find_problem (problems, SARAP_PROBLEM_WARNING, words), sheet, row, column);
}
