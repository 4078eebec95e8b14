#include "app/base/sarap-xml.h"
#include "tests/fuzz/fuzz-archive.h"
#include "tests/fuzz/fuzz-target.h"

#include <string.h>

/* Sheets: "# survey" begins one, each further line is a row, `|` parts its cells. */

#define SPREADSHEET "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONSHIPS "http://schemas.openxmlformats.org/package/2006/relationships"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define MAX_SHEETS 10

typedef struct
{
  GPtrArray *names;
  GPtrArray *contents;
} Parts;

static void
add_part (Parts *parts, char *name, GString *content)
{
  g_ptr_array_add (parts->names, name);
  g_ptr_array_add (parts->contents, g_string_free_to_bytes (content));
}

static void
append_row (GString *sheet, const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", 40);

  g_string_append (sheet, "<row>");
  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_string_append (sheet, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
      sarap_xml_append_escaped (sheet, cells[i], FALSE);
      g_string_append (sheet, "</t></is></c>");
    }
  g_string_append (sheet, "</row>");
}

static void
add_sheets (Parts *parts, char **lines, GString *workbook, GString *relationships)
{
  guint n = 0;

  for (guint i = 0; lines[i] != NULL && n < MAX_SHEETS; i++)
    {
      GString *sheet;

      if (!g_str_has_prefix (lines[i], "# "))
        continue;
      sheet = g_string_new ("<worksheet xmlns=\"" SPREADSHEET "\"><sheetData>");
      n++;
      g_string_append (workbook, "<sheet name=\"");
      sarap_xml_append_escaped (workbook, lines[i] + 2, TRUE);
      g_string_append_printf (workbook, "\" sheetId=\"%u\" r:id=\"s%u\"/>", n, n);
      g_string_append_printf (relationships, "<Relationship Id=\"s%u\" Type=\"" OFFICE "/worksheet\" Target=\"sheet%u.xml\"/>", n, n);
      for (guint j = i + 1; lines[j] != NULL && !g_str_has_prefix (lines[j], "# "); j++)
        append_row (sheet, lines[j]);
      g_string_append (sheet, "</sheetData></worksheet>");
      add_part (parts, g_strdup_printf ("xl/sheet%u.xml", n), sheet);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GString *workbook = g_string_new ("<workbook xmlns=\"" SPREADSHEET "\" xmlns:r=\"" OFFICE "\"><sheets>");
  GString *relationships = g_string_new ("<Relationships xmlns=\"" RELATIONSHIPS "\">");
  Parts parts = { names, contents };
  g_autoptr (GBytes) bytes = NULL;

  add_sheets (&parts, lines, workbook, relationships);
  g_string_append (workbook, "</sheets></workbook>");
  g_string_append (relationships, "</Relationships>");
  add_part (&parts, g_strdup ("_rels/.rels"), g_string_new ("<Relationships xmlns=\"" RELATIONSHIPS "\"><Relationship Id=\"w\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
  add_part (&parts, g_strdup ("xl/workbook.xml"), workbook);
  add_part (&parts, g_strdup ("xl/_rels/workbook.xml.rels"), relationships);
  bytes = fuzz_archive_new (names, contents);
  fuzz_convert (bytes);
  return 0;
}
