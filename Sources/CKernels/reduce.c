// Reduction of the middle axis of three. Parts share the outer axis, or the inner one, or, where both are short, the
// middle one, each into totals of its own that are combined in order.
#include "tiles.h"

enum { SHARED_TOTALS = 2048 };

typedef enum { SHARE_OUTER, SHARE_MIDDLE, SHARE_INNER } share_axis;

typedef struct {
    pk_reduction reduction;
    const float *src;
    float *dst;
    int64_t outer, middle, inner;
    share_axis share;
    /// Where parts share the middle: outer x inner numbers a part.
    double *totals;
} job;

static void set_identity(const job *job, double *totals, int64_t count) {
    for (int64_t i = 0; i < count; i++) totals[i] = pk_identity(job->reduction);
}

/// Combines a run of elements.
static double reduce_run(const job *job, const float *src, int64_t count) {
    double total = pk_identity(job->reduction);
    for (int64_t i = 0; i < count; i += PK_TILE) {
        int64_t length = count - i < PK_TILE ? count - i : PK_TILE;
        total = pk_combine(job->reduction, total, pk_tile_reduce(job->reduction, src + i, length));
    }
    return total;
}

/// Combines `rows` rows of `width` <= PK_TILE elements, `stride` apart: several rows a tile where they are dense.
static void reduce_strip(
    const job *job, const float *src, int64_t stride, int64_t rows, int64_t width, double *totals) {
    float block[PK_TILE];
    int64_t tile_rows = width == stride ? PK_TILE / width : 1;
    set_identity(job, totals, width);
    int64_t row = 0;
    while (row < rows) {
        int64_t block_rows = rows - row < tile_rows ? rows - row : tile_rows;
        memcpy(block, src + row * stride, (size_t)(block_rows * width) * sizeof(float));
        row += block_rows;
        for (int tile = 1; tile < PK_BLOCK && row < rows; tile++) {
            int64_t more = rows - row < tile_rows ? rows - row : tile_rows;
            pk_tile_combine(job->reduction, block, src + row * stride, more * width);
            row += more;
        }
        pk_tile_fold(job->reduction, block, block_rows, width);
        pk_tile_flush(job->reduction, totals, block, width);
    }
}

/// One row of the outer axis, over some of the middle and some of the inner, into dst or totals.
static void reduce_one(const job *job, int64_t row, pk_range middle, pk_range inner, double *kept) {
    const float *src = job->src + (row * job->middle + middle.begin) * job->inner;
    int64_t count = middle.end - middle.begin;
    double totals[PK_TILE];
    for (int64_t c = inner.begin; c < inner.end; c += PK_TILE) {
        int64_t width = inner.end - c < PK_TILE ? inner.end - c : PK_TILE;
        if (job->inner == 1)
            *totals = reduce_run(job, src, count);
        else
            reduce_strip(job, src + c, job->inner, count, width, totals);
        for (int64_t i = 0; i < width; i++) {
            if (kept)
                kept[row * job->inner + c + i] = totals[i];
            else
                job->dst[row * job->inner + c + i] = (float)totals[i];
        }
    }
}

static void reduce_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range outer = {0, job->outer}, middle = {0, job->middle}, inner = {0, job->inner};
    double *kept = NULL;
    switch (job->share) {
    case SHARE_OUTER:
        outer = pk_share(job->outer, part, parts);
        break;
    case SHARE_MIDDLE:
        middle = pk_share(job->middle, part, parts);
        kept = job->totals + part * job->outer * job->inner;
        break;
    case SHARE_INNER:
        inner = pk_share_grains(job->inner, 16, part, parts);
        break;
    }
    if (job->inner == 1 && job->middle <= PK_TILE && !kept) {
        const float *src = job->src + outer.begin * job->middle;
        pk_tile_reduce_rows(job->reduction, src, outer.end - outer.begin, job->middle, job->dst + outer.begin);
        return;
    }
    for (int64_t row = outer.begin; row < outer.end; row++) reduce_one(job, row, middle, inner, kept);
}

void pk_reduce(
    pk_reduction reduction, const float *src, float *dst, int64_t outer, int64_t middle, int64_t inner, int threads) {
    double totals[SHARED_TOTALS];
    job job = {reduction, src, dst, outer, middle, inner, SHARE_OUTER, totals};
    int parts = threads < 1 ? 1 : threads < PK_MAX_THREADS ? threads : PK_MAX_THREADS;
    if (parts > 1 && outer < parts * 4) {
        if (inner >= 64 * parts)
            job.share = SHARE_INNER;
        else if (outer * inner * parts <= SHARED_TOTALS)
            job.share = SHARE_MIDDLE;
    }
    pk_parallel(parts, reduce_part, &job);
    if (job.share != SHARE_MIDDLE) return;
    for (int64_t i = 0; i < outer * inner; i++) {
        double total = totals[i];
        for (int part = 1; part < parts; part++)
            total = pk_combine(reduction, total, totals[part * outer * inner + i]);
        dst[i] = (float)total;
    }
}
