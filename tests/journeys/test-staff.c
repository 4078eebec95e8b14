#include <glib/gi18n.h>
#include <string.h>

#include "tests/journeys/journey.h"

#define LIST(more)                                                                                                                                                                                                    \
  "Я зачитаю список. Скажите только, СКОЛЬКО из этого вы (ваш бизнес) делали за последние 12 месяцев, но не что именно.\n\n" \
  "• пользовались порталом eGov\n"                                                                                                                                                              \
  "• писали жалобу на коммунальные службы\n" more                                                                                                                                                                     \
  "• участвовали в слушаниях общественного совета\n"                                                                                                                        \
  "• ждали больше часа в поликлинике"

/* Whatever is not said here is answered by the first choice. */
static const Answer answers[] = {
  { "Регион", "Акмолинская область" },
  { "Точка выборки", "г. Кокшетау, точка 1" },
  { "Номер попытки контакта", "1" },
  { "Возраст, полных лет", "42" },
  { "С кем из перечисленных вы (ваш бизнес) имели дело за последние 12 месяцев, лично или через кого-то?", "Налоговые органы|Здравоохранение" },
  { "Сколько раз за последние 12 месяцев? (примерно)", "3" },
  { "Сколько раз вы давали?", "1" },
  { LIST (""), "2" },
  { LIST ("• давали должностному лицу деньги или подарок, чтобы решить вопрос\n"), "2" },
  { NULL },
};

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *found = strstr (text, part); found != NULL; found = strstr (found + 1, part))
    n++;
  return n;
}

static void
test_two_bodies (void)
{
  g_autoptr (Journey) journey = journey_new ("perception", "kz_perception_survey", "ru");
  g_autoptr (SarapDriver) app = journey_start (journey, "ru");
  g_auto (GStrv) ids = NULL;
  g_autofree char *xml = NULL;

  sarap_driver_press (app, _ ("Survey staff"));
  sarap_driver_press (app, _ ("Sync now"));
  sarap_driver_press (app, _ ("Start interview"));
  journey_fill (app, answers);
  journey_finalize_and_send (app);
  ids = journey_list (journey);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  xml = journey_dup_xml (journey, ids[0]);
  g_assert_cmpuint (count (xml, "<srv>"), ==, 2);
  g_assert_cmpuint (count (xml, "<srv_times>3</srv_times>"), ==, 2);
  g_assert_nonnull (strstr (xml, "<psu>akm_kokshetau_p1</psu>"));
  sarap_driver_assert_named (app);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/staff/repeat-over-two-bodies", test_two_bodies);
  return g_test_run ();
}
