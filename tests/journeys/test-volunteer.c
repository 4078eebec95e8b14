#include <glib/gi18n.h>
#include <string.h>

#include "tests/journeys/journey.h"

#define COMMENT "Жақсы жұмыс"
#define CENTRE "№ 1 ХҚКО («Азаматтарға арналған үкімет» мемлекеттік корпорациясы), Көкшетау қ."
#define SLOT "Түстен кейін (14:00–17:00)"

/* Whatever is not said here is answered by the first choice, which is "Иә" for most. */
static const Answer answers[] = {
  { "Өңір", "Ақмола облысы" },
  { "Аудан немесе қала", "Көкшетау қ." },
  { "Қызмет көрсету орталығы", CENTRE },
  { "Сапар уақыты", SLOT },
  { "Кіреберісте GPS координатын анықтаңыз", "53.27391 69.41264 8" },
  { "Келген уақыты", "14:05" },
  { "Талондағы уақыт (немесе кезекке тұрған уақыт)", "14:10" },
  { "Қанша адам күтіп отыр?", "17" },
  { "Қазір неше терезе қызмет көрсетуде?", "3" },
  { "Терезеге шақырылған уақыт", "14:45" },
  { "Күту уақыты қызмет стандартының нормасынан аспады ма (басқаша айтылмаса, 20 минут)?", "Жоқ" },
  { "Ғимаратта немесе маңында біреу ақылы көмек ұсынды ма?", "Иә" },
  { "Қай жерде?", "Көшеде|Залда" },
  { "Айтылған баға, теңге (айтылмаса 0)", "5000" },
  { "Қызметкер немесе күзетші делдалға жіберді ме?", "Жоқ" },
  { "Бейресми төлем, сыйлық немесе қызмет сұралды ма не тұспалданды ма?", "Жоқ" },
  { "Терезеден кеткен уақыт", "15:00" },
  { "Бұзушылық", JOURNEY_ADD },
  { "Бұзушылық түрі", "Шамадан тыс кезек" },
  { "Ауырлығы", "Елеулі" },
  { "Не болды (фактілер, есімдерсіз)", "Кезекте отыз бес минут күттім, үш терезе ғана жұмыс істеді." },
  { "Ұйымға ұсыным", "Түстен кейін қосымша терезе ашу керек." },
  { NULL },
};

static void
assert_answers (Journey *journey, const char *id)
{
  static const char *const parts[] = {
    "<region>akm</region>",
    "<district>akm_kokshetau</district>",
    "<centre>akm_kokshetau_csc1</centre>",
    "<visit_slot>afternoon</visit_slot>",
    "<gps>53.27391 69.41264 0.0 8.0</gps>",
    "<arrival_time>14:05:00.000",
    "<d_waiting>17</d_waiting>",
    "<wait_min>35</wait_min>",
    "<d_norm>no</d_norm>",
    "<j_price>5000</j_price>",
    "<v_type>V02</v_type>",
    "<v_sev>major</v_sev>",
    "<v_text>Кезекте отыз бес минут күттім, үш терезе ғана жұмыс істеді.</v_text>",
    "<m_decl>OK</m_decl>",
  };
  g_autofree char *xml = journey_dup_xml (journey, id);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (xml, parts[i]) == NULL)
      g_error ("%s is not in %s", parts[i], xml);
}

/* The instance name of the record, as people read it: "CENTRE DATE SLOT" with labels. */
static char *
dup_title (Journey *journey, const char *id)
{
  g_autofree char *xml = journey_dup_xml (journey, id);
  const char *name = strstr (xml, "<instanceName>akm_kokshetau_csc1 ");
  g_autofree char *date = NULL;

  g_assert_nonnull (name);
  date = g_strndup (name + strlen ("<instanceName>akm_kokshetau_csc1 "), strlen ("2026-11-22"));
  return g_strdup_printf (CENTRE ", %s, " SLOT, date);
}

static void
approve (Journey *journey, const char *id)
{
  g_autoptr (SarapDriver) app = journey_start_supervisor (journey, "kk");
  g_autofree char *title = dup_title (journey, id);

  sarap_driver_press (app, _ ("Sync now"));
  sarap_driver_tap (app, title);
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, "53.27391, 69.41264");
  sarap_driver_type (app, _ ("Comment for the person who sent it"), COMMENT);
  sarap_driver_press (app, _ ("Approve"));
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, _ ("Approved"));
  sarap_driver_press (app, _ ("Back"));
  sarap_driver_press (app, _ ("Sync now"));
  journey_wait_for_decision (journey, id, "approved");
  sarap_driver_assert_named (app);
}

/* Fills the audit, sends it and sees what the supervisor decided. */
static void
test_whole_way (void)
{
  g_autoptr (Journey) journey = journey_new ("audit", "kz_unknown_customer_audit", "kk");
  g_autoptr (SarapDriver) app = journey_start (journey, "kk");
  g_autofree char *sent = g_strdup_printf ("%s: 1", _ ("Sent"));
  g_auto (GStrv) ids = NULL;

  sarap_driver_press (app, _ ("Volunteer"));
  sarap_driver_press (app, _ ("Sync now"));
  sarap_driver_press (app, _ ("Start visit"));
  journey_fill (app, answers);
  journey_finalize_and_send (app);
  ids = journey_list (journey);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  assert_answers (journey, ids[0]);
  approve (journey, ids[0]);
  sarap_driver_press (app, _ ("Sync now"));
  sarap_driver_press (app, sent);
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, _ ("Approved"));
  sarap_driver_wait (app, ATSPI_ROLE_LABEL, COMMENT);
  sarap_driver_assert_named (app);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journeys/volunteer/whole-way", test_whole_way);
  return g_test_run ();
}
