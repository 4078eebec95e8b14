#include "app/vault/sarap-pin.h"

static void
test_right_pin_opens (void)
{
  g_autofree char *hash = sarap_pin_hash ("482913");

  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_true (sarap_pin_verify (hash, "482913"));
  g_assert_false (sarap_pin_verify (hash, "482914"));
  g_assert_false (sarap_pin_verify (hash, ""));
}

static void
test_same_pin_has_another_hash (void)
{
  g_autofree char *one = sarap_pin_hash ("құпия сөз");
  g_autofree char *other = sarap_pin_hash ("құпия сөз");

  g_assert_cmpstr (one, !=, other);
  g_assert_true (sarap_pin_verify (other, "құпия сөз"));
}

static void
test_damaged_hash_opens_nothing (void)
{
  g_assert_false (sarap_pin_verify ("", ""));
  g_assert_false (sarap_pin_verify ("$argon2id$v=19$m=1", "1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/pin/right-pin-opens", test_right_pin_opens);
  g_test_add_func ("/vault/pin/same-pin-has-another-hash", test_same_pin_has_another_hash);
  g_test_add_func ("/vault/pin/damaged-hash-opens-nothing", test_damaged_hash_opens_nothing);
  return g_test_run ();
}
