#include "tests/form/xpath-support.h"

static const char document[] = "<data><d>2026-02-28</d><t>2026-02-28T08:00:00.000+05:00</t><blank/></data>";

static void
test_days_are_whole (void)
{
  static const char *const zones[] = { "UTC", "Asia/Almaty", "America/Phoenix" };

  for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_auto (Fixture) fixture = { 0 };

      xpath_fixture_set_up (&fixture, document, zones[i]);
      xpath_assert_text (&fixture, "number(date('1970-01-02'))", "1");
      xpath_assert_text (&fixture, "number(d)", "20512");
      xpath_assert_text (&fixture, "date(d + 1)", "2026-03-01");
      xpath_assert_text (&fixture, "date('2024-03-01') - date('2024-02-28')", "2");
      xpath_assert_text (&fixture, "date(-1)", "1969-12-31");
    }
}

static void
test_instants_count_utc_days (void)
{
  g_auto (Fixture) phoenix = { 0 };
  g_auto (Fixture) almaty = { 0 };

  xpath_fixture_set_up (&phoenix, document, "America/Phoenix");
  xpath_fixture_set_up (&almaty, document, "Asia/Almaty");
  xpath_assert_text (&phoenix, "round(decimal-date-time('1970-01-02'), 4)", "1.2917");
  xpath_assert_text (&almaty, "decimal-date-time('2025-01-01T05:00:00')", "20089");
  xpath_assert_text (&almaty, "decimal-date-time('2025-01-01T12:00:00.000+00:00')", "20089.5");
  xpath_assert_text (&phoenix, "date-time('2026-03-01T00:00:00Z')", "2026-02-28T17:00:00.000-07:00");
  xpath_assert_text (&almaty, "date-time(t)", "2026-02-28T08:00:00.000+05:00");
}

static void
test_clock_is_local (void)
{
  g_auto (Fixture) phoenix = { 0 };
  g_auto (Fixture) almaty = { 0 };
  g_auto (Fixture) utc = { 0 };

  xpath_fixture_set_up (&phoenix, document, "America/Phoenix");
  xpath_fixture_set_up (&almaty, document, "Asia/Almaty");
  xpath_fixture_set_up (&utc, document, "UTC");
  xpath_assert_text (&phoenix, "today()", "2026-03-01");
  xpath_assert_text (&almaty, "today()", "2026-03-02");
  xpath_assert_text (&almaty, "substr(now(), 0, 16)", "2026-03-02T01:30");
  xpath_assert_text (&almaty, "substr(now(), -6)", "+05:00");
  xpath_assert_text (&utc, "substr(now(), -1)", "Z");
  xpath_assert_text (&almaty, "today() > '2026-03-01' and today() = '2026-03-02'", "true");
  xpath_assert_text (&almaty, "today() < now() and d < today()", "true");
}

static void
test_days_and_instants_compare (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "America/Phoenix");
  xpath_assert_text (&fixture, "'2018-06-25' < '2018-06-25T00:00:00.001-07:00'", "true");
  xpath_assert_text (&fixture, "'2018-06-25' < '2018-06-25T00:00:00.000-07:00'", "false");
  xpath_assert_text (&fixture, "date-time(date('1999-11-09')) = date('1999-11-09')", "true");
  xpath_assert_text (&fixture, "date('2026-02-28T23:00:00-07:00') = '2026-02-28'", "true");
  xpath_assert_text (&fixture, "date-time('2026-02-28T23:00:00-07:00') = '2026-02-28'", "false");
}

static void
test_bad_dates_are_errors (void)
{
  static const char *const expressions[] = {
    "date('2012-13-45')",
    "date('2023-02-29')",
    "date-time('soon')",
    "decimal-date-time('2026-02-28T25:00')",
    "format-date('28.02.2026', '%d')",
    "date(true())",
    "decimal-time('26:00')",
    "format-date(today(), '%Q')",
    "format-date(today(), '%')",
    "date(1 div 0)",
  };
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "Asia/Almaty");
  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    xpath_assert_fails (&fixture, expressions[i], SARAP_XPATH_ERROR_VALUE);
  xpath_assert_text (&fixture, "date(blank)", "");
  xpath_assert_text (&fixture, "format-date(blank, '%d')", "");
  xpath_assert_text (&fixture, "number('2012-13-45')", "NaN");
}

static void
test_format_letters (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "Asia/Almaty");
  xpath_assert_text (&fixture, "format-date('2026-03-05', '%Y|%y|%m|%n|%b|%d|%e|%a|%W|%%')", "2026|26|03|3|Mar|05|5|Thu|10|%");
  xpath_assert_text (&fixture, "format-date-time('2026-03-05T04:07:09.012+05:00', '%H|%h|%M|%S|%3')", "04|4|07|09|012");
  xpath_assert_text (&fixture, "format-date('2027-01-01', '%W')", "53");
  xpath_assert_text (&fixture, "format-date(d, '%H:%M')", "00:00");
}

static void
test_names_follow_the_language (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "Asia/Almaty");
  fixture.host.language = "Kazakh (kk)";
  xpath_assert_text (&fixture, "format-date('2026-03-22', '%e %b %a')", "22 нау. жс");
  xpath_assert_text (&fixture, "format-date('2026-12-16', '%b %a')", "жел. ср");
  fixture.host.language = "ru";
  xpath_assert_text (&fixture, "format-date('2026-05-09', '%e %b, %a')", "9 мая, сб");
  xpath_assert_text (&fixture, "format-date('2026-09-01', '%b %a')", "сент. вт");
  fixture.host.language = "Қазақша";
  xpath_assert_text (&fixture, "format-date('2026-08-30', '%b')", "там.");
  fixture.host.language = "Uzbek (uz)";
  xpath_assert_text (&fixture, "format-date('2026-08-30', '%b')", "Aug");
}

static void
test_time_of_day (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "Asia/Almaty");
  xpath_assert_text (&fixture, "decimal-time('06:00')", "0.25");
  xpath_assert_text (&fixture, "decimal-time('18:00:00.000+05:00')", "0.75");
  xpath_assert_text (&fixture, "decimal-time('07:00:00.000Z')", "0.5");
  xpath_assert_text (&fixture, "decimal-time('2026-02-28T13:00:00Z')", "0.75");
  xpath_assert_text (&fixture, "decimal-time(2.5)", "0.5");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/days-are-whole-in-every-zone", test_days_are_whole);
  g_test_add_func ("/form/xpath/instants-count-utc-days", test_instants_count_utc_days);
  g_test_add_func ("/form/xpath/clock-is-local", test_clock_is_local);
  g_test_add_func ("/form/xpath/days-and-instants-compare", test_days_and_instants_compare);
  g_test_add_func ("/form/xpath/bad-dates-are-errors", test_bad_dates_are_errors);
  g_test_add_func ("/form/xpath/format-letters", test_format_letters);
  g_test_add_func ("/form/xpath/names-of-months-follow-the-language", test_names_follow_the_language);
  g_test_add_func ("/form/xpath/time-of-day", test_time_of_day);
  return g_test_run ();
}
