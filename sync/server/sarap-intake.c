#include "sync/server/sarap-intake.h"

#include "sync/server/sarap-spool.h"

#define MOST_PARCELS 256
#define N_SYNC_THREADS 4

typedef struct
{
  SarapParcel *parcel;
  GPtrArray *spools;
  SarapIntakeFunc func;
  gpointer data;
} Job;

struct _SarapIntake
{
  SarapCentral *central;
  GMainContext *context;
  GThreadPool *sync_pool;
  GAsyncQueue *queue;
  GThread *committer;
  Job stop;
};

static gboolean
answer_cb (gpointer data)
{
  GPtrArray *jobs = data;

  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = g_ptr_array_index (jobs, i);

      job->func (g_steal_pointer (&job->parcel), job->data);
    }
  return G_SOURCE_REMOVE;
}

static void
job_free (Job *job)
{
  g_clear_pointer (&job->parcel, sarap_parcel_free);
  g_clear_pointer (&job->spools, g_ptr_array_unref);
  g_free (job);
}

static void
answer (SarapIntake *self, GPtrArray *jobs)
{
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, answer_cb, jobs, (GDestroyNotify) g_ptr_array_unref);
}

static void
commit (SarapIntake *self, GPtrArray *jobs)
{
  g_autoptr (GPtrArray) parcels = g_ptr_array_new ();

  for (guint i = 0; i < jobs->len; i++)
    g_ptr_array_add (parcels, ((Job *) g_ptr_array_index (jobs, i))->parcel);
  sarap_central_store_accept (self->central->store, parcels);
  answer (self, jobs);
}

static gpointer
commit_thread (gpointer data)
{
  SarapIntake *self = data;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      GPtrArray *jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);

      for (Job *job = g_async_queue_pop (self->queue); job != NULL; job = jobs->len < MOST_PARCELS ? g_async_queue_try_pop (self->queue) : NULL)
        {
          if (job == &self->stop)
            {
              goes_on = FALSE;
              break;
            }
          g_ptr_array_add (jobs, job);
        }
      if (jobs->len > 0)
        commit (self, jobs);
      else
        g_ptr_array_unref (jobs);
    }
  return NULL;
}

static void
sync_cb (gpointer data, gpointer user_data)
{
  SarapIntake *self = user_data;
  Job *job = data;
  GPtrArray *jobs;
  g_autoptr (GError) error = NULL;

  if (sarap_spools_keep (job->spools, self->central->media, &error))
    {
      g_async_queue_push (self->queue, job);
      return;
    }
  job->parcel->outcome = SARAP_OUTCOME_FAILED;
  job->parcel->message = g_strdup (error->message);
  jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
  g_ptr_array_add (jobs, job);
  answer (self, jobs);
}

/* Answers in the thread-default main context of the caller. @central must outlive it. */
SarapIntake *
sarap_intake_new (SarapCentral *central)
{
  SarapIntake *self = g_new0 (SarapIntake, 1);

  self->central = central;
  self->context = g_main_context_ref_thread_default ();
  self->queue = g_async_queue_new ();
  self->sync_pool = g_thread_pool_new (sync_cb, self, N_SYNC_THREADS, FALSE, NULL);
  self->committer = g_thread_new ("committer", commit_thread, self);
  return self;
}

/* Waits until what was pushed is committed. */
void
sarap_intake_free (SarapIntake *self)
{
  g_thread_pool_free (self->sync_pool, FALSE, TRUE);
  g_async_queue_push (self->queue, &self->stop);
  g_thread_join (self->committer);
  g_async_queue_unref (self->queue);
  g_main_context_unref (self->context);
  g_free (self);
}

/* Takes @parcel and @spools (element-type SarapSpool). */
void
sarap_intake_push (SarapIntake *self, SarapParcel *parcel, GPtrArray *spools, SarapIntakeFunc func, gpointer data)
{
  Job *job = g_new0 (Job, 1);

  job->parcel = parcel;
  job->spools = spools;
  job->func = func;
  job->data = data;
  if (spools->len > 0)
    g_thread_pool_push (self->sync_pool, job, NULL);
  else
    g_async_queue_push (self->queue, job);
}
