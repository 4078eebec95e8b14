#pragma once

#include "app/stats/sarap-interval.h"

G_BEGIN_DECLS

/* How far raters agree on the same items. Ratings are category numbers from 0; a number from
 * n_categories on is no rating. */

typedef struct
{
  gsize n; /* items that both rated */
  double agreement;
  double expected;
  double kappa;
  double se;      /* for intervals */
  double se_null; /* for the test of kappa = 0 */
  double z;
  SarapInterval interval;
} SarapCohen;

void sarap_agreement_cohen (gsize n, const guint32 *first, const guint32 *second, guint n_categories, SarapCohen *result);

typedef struct
{
  gsize n; /* items with a rating */
  double agreement;
  double expected;
  double kappa;
  double se;
  SarapInterval interval;
  double ac1;
} SarapFleiss;

void sarap_agreement_fleiss (gsize n, const guint32 *const *raters, guint n_raters, guint n_categories, SarapFleiss *result);

typedef struct
{
  double se; /* of kappa, when it is 0 */
  double z;
  double *kappas;  /* one per category */
  double kappa_se; /* of each of them, when it is 0 */
} SarapFleissTest;

void sarap_agreement_fleiss_test (gsize n, const guint32 *const *raters, guint n_raters, guint n_categories, SarapFleissTest *result);
void sarap_fleiss_test_clear (SarapFleissTest *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapFleissTest, sarap_fleiss_test_clear)

G_END_DECLS
