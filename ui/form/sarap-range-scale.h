#pragma once

#include "app/form/sarap-question.h"

G_BEGIN_DECLS

/* start, end, step of a range. */
typedef struct
{
  double start;
  double end;
  double step; /* positive */
  int digits;  /* after the point */
} SarapRangeScale;

SarapRangeScale sarap_range_scale_new (const SarapElement *element);
guint sarap_range_scale_get_n_steps (const SarapRangeScale *scale);
char *sarap_range_scale_format (const SarapRangeScale *scale, double value);

G_END_DECLS
