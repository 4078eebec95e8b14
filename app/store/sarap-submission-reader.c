#include "app/store/sarap-submission-reader.h"

#include "app/base/sarap-xml.h"

void
sarap_submission_place_clear (SarapSubmissionPlace *self)
{
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->centre, g_free);
}

static char **
find_place (SarapSubmissionPlace *self, const char *name, char **psu)
{
  if (g_str_equal (name, "region"))
    return &self->region;
  if (g_str_equal (name, "centre"))
    return &self->centre;
  return g_str_equal (name, "psu") ? psu : NULL;
}

/* Fills in the first answers called region and centre (or else psu), wherever they stand; "" when
 * the form has none. Fails when @xml is malformed. */
gboolean
sarap_submission_place_read (SarapSubmissionPlace *self, GBytes *xml, GError **error)
{
  g_autoptr (xmlTextReader) reader = sarap_xml_reader_new (xml, "submission", error);
  g_autofree char *psu = NULL;
  char **place = NULL;
  int result = -1;

  self->region = self->centre = NULL;
  while (reader != NULL && (result = sarap_xml_reader_read (reader, error)) > 0)
    {
      int type = xmlTextReaderNodeType (reader);

      if (type == XML_READER_TYPE_ELEMENT)
        place = find_place (self, (const char *) xmlTextReaderConstLocalName (reader), &psu);
      else if (type == XML_READER_TYPE_END_ELEMENT)
        place = NULL;
      else if (type == XML_READER_TYPE_TEXT && place != NULL && *place == NULL)
        *place = g_strdup ((const char *) xmlTextReaderConstValue (reader));
    }
  if (self->region == NULL)
    self->region = g_strdup ("");
  if (self->centre == NULL)
    self->centre = psu ? g_steal_pointer (&psu) : g_strdup ("");
  return result == 0;
}
