// Reduction of the middle axis of three, of int32_t and exact. Parts share the outer axis, or the inner one.
#include "common.h"

typedef struct {
    pk_reduction reduction;
    const int32_t *src;
    int32_t *dst;
    int64_t outer, middle, inner;
    bool shares_inner;
} job;

static int32_t identity(pk_reduction reduction) {
    return reduction == PK_SUM ? 0 : reduction == PK_MAX ? INT32_MIN : INT32_MAX;
}

/// dst[i] combined with src[i].
PK_CLONES static void combine(pk_reduction reduction, int32_t *dst, const int32_t *src, int64_t count) {
    switch (reduction) {
    case PK_SUM:
        for (int64_t i = 0; i < count; i++) dst[i] = (int32_t)((uint32_t)dst[i] + (uint32_t)src[i]);
        break;
    case PK_MAX:
        for (int64_t i = 0; i < count; i++) dst[i] = src[i] > dst[i] ? src[i] : dst[i];
        break;
    case PK_MIN:
        for (int64_t i = 0; i < count; i++) dst[i] = src[i] < dst[i] ? src[i] : dst[i];
        break;
    }
}

static void reduce_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range outer = {0, job->outer}, inner = {0, job->inner};
    if (job->shares_inner)
        inner = pk_share_grains(job->inner, 16, part, parts);
    else
        outer = pk_share(job->outer, part, parts);
    int64_t width = inner.end - inner.begin;
    for (int64_t row = outer.begin; row < outer.end; row++) {
        int32_t *dst = job->dst + row * job->inner + inner.begin;
        const int32_t *src = job->src + row * job->middle * job->inner + inner.begin;
        for (int64_t c = 0; c < width; c++) dst[c] = identity(job->reduction);
        for (int64_t m = 0; m < job->middle; m++) combine(job->reduction, dst, src + m * job->inner, width);
    }
}

void pk_reduce_int(
    pk_reduction reduction, const int32_t *src, int32_t *dst, int64_t outer, int64_t middle, int64_t inner,
    int threads) {
    job job = {reduction, src, dst, outer, middle, inner, outer < 4 * threads && inner >= 64 * threads};
    pk_parallel(threads, reduce_part, &job);
}
