// Rows of scores and the classes they speak for.
#include "tiles.h"

typedef struct {
    const float *scores;
    const int32_t *labels;
    void *dst;
    int64_t rows, columns, k;
} job;

static bool is_finite(float x) { return x - x == 0.0f; }

static void arg_max_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range rows = pk_share(job->rows, part, parts);
    int32_t *dst = job->dst;
    for (int64_t r = rows.begin; r < rows.end; r++) {
        const float *row = job->scores + r * job->columns;
        float largest = pk_tile_reduce(PK_MAX, row, job->columns);
        int64_t index = 0;
        while (index < job->columns && row[index] != largest && row[index] == row[index]) index++;
        dst[r] = index < job->columns ? (int32_t)index : 0;
    }
}

void pk_arg_max(const float *src, int32_t *dst, int64_t rows, int64_t columns, int threads) {
    job job = {src, NULL, dst, rows, columns, 0};
    pk_parallel(threads, arg_max_part, &job);
}

typedef struct {
    const int32_t *src;
    int32_t *dst;
    int64_t rows, columns;
} integer_job;

static void arg_max_int_part(void *context, int part, int parts) {
    const integer_job *job = context;
    pk_range rows = pk_share(job->rows, part, parts);
    for (int64_t r = rows.begin; r < rows.end; r++) {
        const int32_t *row = job->src + r * job->columns;
        int64_t index = 0;
        for (int64_t c = 1; c < job->columns; c++)
            if (row[c] > row[index]) index = c;
        job->dst[r] = (int32_t)index;
    }
}

void pk_arg_max_int(const int32_t *src, int32_t *dst, int64_t rows, int64_t columns, int threads) {
    integer_job job = {src, dst, rows, columns};
    pk_parallel(threads, arg_max_int_part, &job);
}

/// How many elements are not at most `bound`: larger ones and NaN.
PK_CLONES static int64_t count_above(const float *row, int64_t columns, float bound) {
    int64_t above = 0;
    for (int64_t c = 0; c < columns; c++) above += !(row[c] <= bound);
    return above;
}

static void in_top_k_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range rows = pk_share(job->rows, part, parts);
    float *dst = job->dst;
    for (int64_t r = rows.begin; r < rows.end; r++) {
        const float *row = job->scores + r * job->columns;
        int64_t label = job->labels[r];
        bool is_scored = label >= 0 && label < job->columns && is_finite(row[label]);
        dst[r] = is_scored && count_above(row, job->columns, row[label]) < job->k ? 1.0f : 0.0f;
    }
}

void pk_in_top_k(
    const float *scores, const int32_t *labels, float *dst, int64_t rows, int64_t columns, int64_t k, int threads) {
    job job = {scores, labels, dst, rows, columns, k};
    pk_parallel(threads, in_top_k_part, &job);
}

static void one_hot_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range rows = pk_share(job->rows, part, parts);
    float *dst = job->dst;
    memset(dst + rows.begin * job->columns, 0, (size_t)((rows.end - rows.begin) * job->columns) * sizeof(float));
    for (int64_t r = rows.begin; r < rows.end; r++) {
        int64_t label = job->labels[r];
        if (label >= 0 && label < job->columns) dst[r * job->columns + label] = 1.0f;
    }
}

void pk_one_hot(const int32_t *labels, float *dst, int64_t count, int64_t depth, int threads) {
    job job = {NULL, labels, dst, count, depth, 0};
    pk_parallel(threads, one_hot_part, &job);
}
