// Softmax of rows. Short rows go several at a time, so that exponentials run over long stretches.
#include "tiles.h"
#include "vector_math.h"

typedef struct {
    const float *src;
    float *dst;
    int64_t rows, columns;
    bool logarithm;
} job;

/// dst = src - shift of its row.
PK_INLINE void shift_rows(const float *src, float *dst, const float *shift, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        float by = shift[r];
        PK_INDEPENDENT for (int64_t c = 0; c < columns; c++) dst[r * columns + c] = src[r * columns + c] - by;
    }
}

PK_CLONES static void exp_shifted(
    const float *src, float *dst, const float *shift, int64_t rows, int64_t columns) {
    shift_rows(src, dst, shift, rows, columns);
    PK_INDEPENDENT for (int64_t i = 0; i < rows * columns; i++) dst[i] = vm_exp(dst[i]);
}

PK_CLONES static void divide_rows(float *dst, const float *total, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        float scale = 1.0f / total[r];
        PK_INDEPENDENT for (int64_t c = 0; c < columns; c++) dst[r * columns + c] *= scale;
    }
}

/// In two steps: the sum of both shifts would lose digits next to large elements.
PK_CLONES static void subtract_logarithms(
    const float *src, float *dst, const float *peak, float *total, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) total[r] = vm_log(total[r]);
    shift_rows(src, dst, peak, rows, columns);
    shift_rows(dst, dst, total, rows, columns);
}

static void softmax_short_rows(const job *job, int64_t row, int64_t rows) {
    float peak[PK_TILE], total[PK_TILE], powers[PK_TILE];
    const float *src = job->src + row * job->columns;
    float *dst = job->dst + row * job->columns, *exponentials = job->logarithm ? powers : dst;
    pk_tile_reduce_rows(PK_MAX, src, rows, job->columns, peak);
    exp_shifted(src, exponentials, peak, rows, job->columns);
    pk_tile_reduce_rows(PK_SUM, exponentials, rows, job->columns, total);
    if (job->logarithm)
        subtract_logarithms(src, dst, peak, total, rows, job->columns);
    else
        divide_rows(dst, total, rows, job->columns);
}

static void softmax_long_row(const job *job, int64_t row) {
    float powers[PK_TILE];
    const float *src = job->src + row * job->columns;
    float *dst = job->dst + row * job->columns;
    float peak = pk_tile_reduce(PK_MAX, src, job->columns);
    double sum = 0.0;
    for (int64_t c = 0; c < job->columns; c += PK_TILE) {
        int64_t count = job->columns - c < PK_TILE ? job->columns - c : PK_TILE;
        float *exponentials = job->logarithm ? powers : dst + c;
        exp_shifted(src + c, exponentials, &peak, 1, count);
        sum += pk_tile_reduce(PK_SUM, exponentials, count);
    }
    float total = (float)sum;
    if (job->logarithm)
        subtract_logarithms(src, dst, &peak, &total, 1, job->columns);
    else
        divide_rows(dst, &total, 1, job->columns);
}

static void softmax_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range rows = pk_share(job->rows, part, parts);
    int64_t step = job->columns <= PK_TILE ? PK_TILE / job->columns : 1;
    for (int64_t row = rows.begin; row < rows.end; row += step) {
        if (job->columns <= PK_TILE)
            softmax_short_rows(job, row, rows.end - row < step ? rows.end - row : step);
        else
            softmax_long_row(job, row);
    }
}

void pk_softmax(const float *src, float *dst, int64_t rows, int64_t columns, bool logarithm, int threads) {
    if (rows == 0 || columns == 0) return;
    job job = {src, dst, rows, columns, logarithm};
    pk_parallel(threads, softmax_part, &job);
}
