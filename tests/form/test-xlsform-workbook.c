#include "app/form/xlsform/sarap-workbook.h"
#include "tests/form/xlsform-support.h"

#define SHEET(content) "<worksheet xmlns=\"" SPREADSHEET "\"><sheetData>" content "</sheetData></worksheet>"

typedef struct
{
  const char *sheet;
  const char *shared;
  const char *styles;
  const char *properties;
} Parts;

static void
add_optional (Package *package, GString *relationships, const char *word, const char *file, const char *content)
{
  g_autofree char *name = g_strconcat ("xl/", file, NULL);

  if (content == NULL)
    return;
  package_add (package, name, content);
  g_string_append_printf (relationships, "<Relationship Id=\"%s\" Type=\"" OFFICE "/%s\" Target=\"/xl/%s\"/>", word, word, file);
}

static GBytes *
package (const Parts *parts)
{
  Package book = package_new ();
  g_autoptr (GString) relationships = g_string_new ("<Relationships xmlns=\"" RELATIONSHIPS "\"><Relationship Id=\"s\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/one.xml\"/>");
  g_autofree char *workbook = g_strdup_printf ("<workbook xmlns=\"" SPREADSHEET "\" xmlns:r=\"" OFFICE "\">%s<sheets><sheet name=\"Sheet &amp; 1\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>", parts->properties ? parts->properties : "");

  add_optional (&book, relationships, "sharedStrings", "sharedStrings.xml", parts->shared);
  add_optional (&book, relationships, "styles", "styles.xml", parts->styles);
  g_string_append (relationships, "</Relationships>");
  package_add (&book, "_rels/.rels", "<Relationships xmlns=\"" RELATIONSHIPS "\"><Relationship Id=\"w\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
  package_add (&book, "xl/workbook.xml", workbook);
  package_add (&book, "xl/_rels/workbook.xml.rels", relationships->str);
  package_add (&book, "xl/worksheets/one.xml", parts->sheet);
  return package_end (&book);
}

static SarapWorkbook *
read_parts (const Parts *parts)
{
  g_autoptr (GBytes) bytes = package (parts);
  g_autoptr (GError) error = NULL;
  SarapWorkbook *workbook = sarap_workbook_read (bytes, "book.xlsx", &error);

  g_assert_no_error (error);
  return workbook;
}

static const char *
cell (SarapWorkbook *workbook, guint index, guint column)
{
  return sarap_row_peek (g_ptr_array_index (sarap_workbook_peek_sheet (workbook, 0)->rows, index), column);
}

static void
refuses_parts (const Parts *parts, SarapInputError code, const char *words)
{
  g_autoptr (GBytes) bytes = package (parts);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapWorkbook) workbook = sarap_workbook_read (bytes, "book.xlsx", &error);

  g_assert_null (workbook);
  g_assert_error (error, SARAP_INPUT_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_true (strstr (error->message, words) != NULL);
}

static void
shared_and_inline_strings (void)
{
  const Parts parts = {
    .shared = "<sst xmlns=\"" SPREADSHEET "\"><si><t>plain</t></si><si><r><t>ri</t></r><r><t xml:space=\"preserve\">ch </t></r><rPh><t>guide</t></rPh></si></sst>",
    .sheet = SHEET ("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><r><t>in\xc2\xa0</t></r><r><t>line</t></r></is></c></row>"
                    "<row r=\"4\"><c r=\"B4\" t=\"str\"><f>A1</f><v>computed</v></c><c r=\"C4\" t=\"s\"><v>99</v></c><c r=\"D4\" t=\"inlineStr\"><is><t>  </t></is></c></row>"),
  };
  g_autoptr (SarapWorkbook) workbook = read_parts (&parts);
  const SarapSheet *sheet = sarap_workbook_peek_sheet (workbook, 0);

  g_assert_cmpstr (sheet->name, ==, "Sheet & 1");
  g_assert_cmpuint (sheet->rows->len, ==, 2);
  g_assert_cmpstr (cell (workbook, 0, 0), ==, "plain");
  g_assert_null (cell (workbook, 0, 1));
  g_assert_cmpstr (cell (workbook, 0, 2), ==, "rich ");
  g_assert_cmpstr (cell (workbook, 0, 3), ==, "in line");
  g_assert_cmpuint (((SarapRow *) sheet->rows->pdata[1])->number, ==, 4);
  g_assert_cmpstr (cell (workbook, 1, 1), ==, "computed");
  g_assert_null (cell (workbook, 1, 2));
  g_assert_null (cell (workbook, 1, 3));
}

static void
numbers_have_no_needless_digits (void)
{
  static const char *const raw[] = { "1", "1.0", "-0.5", "0.1", "0.30000000000000004", "1E3", "123456789012", "1e-7", "1E20", "-0" };
  static const char *const shown[] = { "1", "1", "-0.5", "0.1", "0.30000000000000004", "1000", "123456789012", "1e-07", "100000000000000000000", "0" };
  g_autoptr (GString) row = g_string_new ("<worksheet xmlns=\"" SPREADSHEET "\"><sheetData><row>");
  Parts parts = { 0 };
  g_autoptr (SarapWorkbook) workbook = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    g_string_append_printf (row, "<c><v>%s</v></c>", raw[i]);
  g_string_append (row, "<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#N/A</v></c></row></sheetData></worksheet>");
  parts.sheet = row->str;
  workbook = read_parts (&parts);
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    g_assert_cmpstr (cell (workbook, 0, i), ==, shown[i]);
  g_assert_cmpstr (cell (workbook, 0, 10), ==, "TRUE");
  g_assert_cmpstr (cell (workbook, 0, 11), ==, "FALSE");
  g_assert_cmpstr (cell (workbook, 0, 12), ==, "#N/A");
}

#define STYLES "<styleSheet xmlns=\"" SPREADSHEET "\"><numFmts><numFmt numFmtId=\"164\" formatCode=\"[Red]&quot;day &quot;0.00\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\"/></numFmts>" \
               "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>"

static void
dates_are_known_by_their_format (void)
{
  Parts parts = {
    .styles = STYLES,
    .sheet = SHEET ("<row><c s=\"0\"><v>46348</v></c><c s=\"1\"><v>46348</v></c><c s=\"2\"><v>46348.5</v></c><c s=\"3\"><v>46348.5</v></c><c s=\"4\"><v>0.25</v></c><c s=\"1\"><v>-4</v></c></row>"),
  };
  g_autoptr (SarapWorkbook) workbook = read_parts (&parts);
  g_autoptr (SarapWorkbook) other = NULL;

  g_assert_cmpstr (cell (workbook, 0, 0), ==, "46348");
  g_assert_cmpstr (cell (workbook, 0, 1), ==, "2026-11-22 00:00:00");
  g_assert_cmpstr (cell (workbook, 0, 2), ==, "46348.5");
  g_assert_cmpstr (cell (workbook, 0, 3), ==, "2026-11-22 12:00:00");
  g_assert_cmpstr (cell (workbook, 0, 4), ==, "06:00:00");
  g_assert_cmpstr (cell (workbook, 0, 5), ==, "-4");
  parts.properties = "<workbookPr date1904=\"1\"/>";
  other = read_parts (&parts);
  g_assert_cmpstr (cell (other, 0, 1), ==, "2030-11-23 00:00:00");
}

static void
broken_parts_are_told (void)
{
  const Parts doctype = { .sheet = "<!DOCTYPE worksheet [<!ENTITY a 'b'>]>" SHEET ("") };
  const Parts shared_doctype = { .sheet = SHEET (""), .shared = "<!DOCTYPE sst><sst/>" };
  const Parts cut = { .sheet = "<worksheet xmlns=\"" SPREADSHEET "\"><sheetData><row><c><v>1" };
  const Parts rows = { .sheet = SHEET ("<row r=\"2\"/><row r=\"2\"/>") };
  const Parts cells = { .sheet = SHEET ("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>") };
  const Parts wide = { .sheet = SHEET ("<row r=\"1\"><c r=\"ZZZZZZZZZ1\"><v>1</v></c></row>") };

  refuses_parts (&doctype, SARAP_INPUT_ERROR_UNSUPPORTED, "DOCTYPE");
  refuses_parts (&shared_doctype, SARAP_INPUT_ERROR_UNSUPPORTED, "sharedStrings.xml");
  refuses_parts (&cut, SARAP_INPUT_ERROR_MALFORMED, "one.xml");
  refuses_parts (&rows, SARAP_INPUT_ERROR_MALFORMED, "rows out of order");
  refuses_parts (&cells, SARAP_INPUT_ERROR_MALFORMED, "cell out of order");
  refuses_parts (&wide, SARAP_INPUT_ERROR_MALFORMED, "cell out of order");
}

static void
other_archives_are_told (void)
{
  Package empty = package_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("type,name", 9);
  g_autoptr (SarapProblems) problems = sarap_problems_new ("form.xlsx");
  g_autoptr (GError) error = NULL;

  package_add (&empty, "readme.txt", "no workbook");
  bytes = package_end (&empty);
  g_assert_true (sarap_xlsform_is_workbook (bytes));
  g_assert_false (sarap_xlsform_is_workbook (text));
  g_assert_null (sarap_xlsform_convert_bytes (bytes, "form.xlsx", problems, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (sarap_xlsform_convert_bytes (text, "form.xlsx", problems, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
}

/* 2 MB of text that 101 cells name is more than the 200 MB that a workbook may hold. The text is
 * mixed, because the archive may not inflate more than a hundredfold. */
static char *
make_long_string (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  GString *text = g_string_new ("<sst xmlns=\"" SPREADSHEET "\"><si><t>");

  for (guint i = 0; i < 2 * 1024 * 1024; i++)
    g_string_append_c (text, i % 16 == 0 ? g_rand_int_range (random, 'a', 'z') : 'x');
  g_string_append (text, "</t></si></sst>");
  return g_string_free (text, FALSE);
}

static char *
make_naming_cells (guint n)
{
  GString *text = g_string_new ("<worksheet xmlns=\"" SPREADSHEET "\"><sheetData><row>");

  for (guint i = 0; i < n; i++)
    g_string_append (text, "<c t=\"s\"><v>0</v></c>");
  g_string_append (text, "</row></sheetData></worksheet>");
  return g_string_free (text, FALSE);
}

static void
repeated_text_is_counted (void)
{
  g_autofree char *shared = make_long_string ();
  g_autofree char *fitting = make_naming_cells (100);
  g_autofree char *exceeding = make_naming_cells (101);
  const Parts good = { .shared = shared, .sheet = fitting };
  const Parts bad = { .shared = shared, .sheet = exceeding };
  g_autoptr (SarapWorkbook) workbook = read_parts (&good);

  g_assert_nonnull (workbook);
  refuses_parts (&bad, SARAP_INPUT_ERROR_LIMIT, "200 MB");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xlsform/workbook/shared-and-inline-strings", shared_and_inline_strings);
  g_test_add_func ("/form/xlsform/workbook/numbers-have-no-needless-digits", numbers_have_no_needless_digits);
  g_test_add_func ("/form/xlsform/workbook/dates-are-known-by-their-format", dates_are_known_by_their_format);
  g_test_add_func ("/form/xlsform/workbook/broken-parts-are-told", broken_parts_are_told);
  g_test_add_func ("/form/xlsform/workbook/other-archives-are-told", other_archives_are_told);
  g_test_add_func ("/form/xlsform/workbook/repeated-text-is-counted", repeated_text_is_counted);
  return g_test_run ();
}
