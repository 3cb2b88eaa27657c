// Fork and join on the team of libgomp, which oneDNN uses too: one pool of threads for both. The entry points that a
// compiler calls for `#pragma omp parallel` are declared by hand, so that no file needs -fopenmp.
#include "common.h"

#include <stdlib.h>

void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_num_procs(void);
void omp_set_num_threads(int threads);

typedef struct {
    void (*body)(void *, int, int);
    void *context;
    int parts;
} job;

/// The most threads that loops of this thread may use.
static _Thread_local int team_limit = PK_MAX_THREADS;

/// The team may be smaller than asked for: each thread runs every n-th part, so that all run.
static void run_share(void *data) {
    const job *job = data;
    int team = omp_get_num_threads();
    for (int part = omp_get_thread_num(); part < job->parts; part += team)
        job->body(job->context, part, job->parts);
}

void pk_parallel(int parts, void (*body)(void *context, int part, int parts), void *context) {
    if (parts < 1) parts = 1;
    int team = parts < team_limit ? parts : team_limit;
    if (team == 1) {
        for (int part = 0; part < parts; part++) body(context, part, parts);
        return;
    }
    job job = {body, context, parts};
    GOMP_parallel(run_share, &job, (unsigned)team, 0);
}

void pk_limit_team(int threads) { team_limit = threads < 1 ? 1 : threads; }

void pk_set_threads(int threads) { omp_set_num_threads(threads < 1 ? 1 : threads); }

int pk_available_threads(void) {
    const char *wish = getenv("OMP_NUM_THREADS");
    long threads = wish ? strtol(wish, NULL, 10) : 0;
    if (threads < 1) threads = omp_get_num_procs();
    return threads < PK_MAX_THREADS ? (int)threads : PK_MAX_THREADS;
}
