#pragma once

#include <glib.h>

/* What every fuzz program defines, under the name that libFuzzer calls; replay.c calls it with the
 * files of a corpus. It may refuse @data, never crash, leak or take a second. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
