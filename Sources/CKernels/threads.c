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

/// The team may be smaller than asked for: each thread runs every n-th part, so that all run.
static void run_share(void *data) {
    const job *job = data;
    int team = omp_get_num_threads();
    for (int part = omp_get_thread_num(); part < job->parts; part += team)
        job->body(job->context, part, job->parts);
}

void pk_parallel(int parts, void (*body)(void *context, int part, int parts), void *context) {
    if (parts <= 1) {
        body(context, 0, 1);
        return;
    }
    job job = {body, context, parts};
    GOMP_parallel(run_share, &job, (unsigned)parts, 0);
}

void pk_set_threads(int threads) { omp_set_num_threads(threads < 1 ? 1 : threads); }

int pk_available_threads(void) {
    const char *wish = getenv("OMP_NUM_THREADS");
    long threads = wish ? strtol(wish, NULL, 10) : 0;
    if (threads < 1) threads = omp_get_num_procs();
    return threads < PK_MAX_THREADS ? (int)threads : PK_MAX_THREADS;
}
