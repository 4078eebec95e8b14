#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a supervisor should look at: rules over columns of interviews, one element per interview.
 * Codes are numbers of equal texts; G_MAXUINT32 is an empty cell. */

typedef enum
{
  SARAP_FLAG_SHORT = 1 << 0,           /* under 0.4 times the median of wave and group */
  SARAP_FLAG_LONG = 1 << 1,            /* over 3 times */
  SARAP_FLAG_NIGHT = 1 << 2,           /* started before 08:00 or from 21:00 */
  SARAP_FLAG_OFFSITE = 1 << 3,         /* over 5 km from the sampling point */
  SARAP_FLAG_OVERLAP = 1 << 4,         /* began before the interviewer's one before was over */
  SARAP_FLAG_DUPLICATE_PHONE = 1 << 5, /* of the same wave */
  SARAP_FLAG_NEAR_DUPLICATE = 1 << 6,  /* 95 % of the answers as in another of the same interviewer */
} SarapQualityFlag;

#define SARAP_N_QUALITY_FLAGS 7

typedef struct
{
  gsize n;
  const guint32 *waves;
  const guint32 *groups;
  const guint32 *interviewers;
  const guint32 *phones;
  const double *starts;    /* seconds of the local clock; NAN unknown */
  const double *durations; /* seconds; NAN unknown */
  const double *distances; /* metres from the sampling point; NAN unknown */
  const guint32 *const *answers;
  guint n_answers;
} SarapInterviewColumns;

guint *sarap_quality_flag (const SarapInterviewColumns *columns);
const char *sarap_quality_flag_get_name (guint number);
double sarap_quality_distance (double latitude, double longitude, double other_latitude, double other_longitude);

/* How far an interviewer's share is from that of all. */
typedef struct
{
  gsize n;
  double share;
  double z;
  gboolean is_outlier; /* |z| > 3 with 20 interviews or more */
} SarapInterviewerShare;

SarapInterviewerShare sarap_quality_judge_interviewer (gsize n, gsize n_positive, double share_of_all);

G_END_DECLS
