#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Preloaded (LD_PRELOAD) it lets one allocation fail: SARAP_MEMORY_FAULT=N is which; SARAP_MEMORY_COUNT=1 prints to
 * descriptor 2 at the end how many there were. */

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *old, size_t size);

static long fault_at;
static long n_calls;

__attribute__ ((constructor)) static void
begin (void)
{
  const char *fault = getenv ("SARAP_MEMORY_FAULT");

  n_calls = 0;
  fault_at = fault ? atol (fault) : 0;
}

__attribute__ ((destructor)) static void
end (void)
{
  char text[32];
  int at = sizeof text;
  long n = n_calls;

  if (getenv ("SARAP_MEMORY_COUNT") == NULL)
    return;
  for (text[--at] = '\n'; n > 0; n /= 10)
    text[--at] = '0' + n % 10;
  if (write (2, text + at, sizeof text - at) < 0)
    _exit (3);
}

static int
fails (void)
{
  if (__atomic_add_fetch (&n_calls, 1, __ATOMIC_RELAXED) != fault_at || fault_at == 0)
    return 0;
  errno = ENOMEM;
  return 1;
}

void *
malloc (size_t size)
{
  return fails () ? NULL : __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  return fails () ? NULL : __libc_calloc (n, size);
}

void *
realloc (void *old, size_t size)
{
  return fails () ? NULL : __libc_realloc (old, size);
}
