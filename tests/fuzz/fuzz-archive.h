#pragma once

#include <glib.h>

/* An archive in memory, entries uncompressed. Returns: (transfer full) */
GBytes *fuzz_archive_new (GPtrArray *names, GPtrArray *contents);
void fuzz_convert (GBytes *workbook);
