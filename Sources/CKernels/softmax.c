// Softmax of rows. Short rows go several at a time, so that exponentials run over long stretches.
#include "tiles.h"
#include "vector_math.h"

enum { LANES = 16 };

typedef struct {
    const float *src;
    float *dst;
    int64_t rows, columns;
    bool logarithm;
} job;

/// dst = exp(src - shift), the shift one number for each element or for all. The last vector is filled up in a buffer:
/// an exponential by itself costs as much as a vector of them.
PK_CLONES static void exp_shifted(const float *src, float *dst, const float *shift, bool is_number, int64_t count) {
    int64_t whole = count / LANES * LANES, rest = count - whole;
    float by = *shift, last[LANES] = {0};
    if (is_number)
        PK_INDEPENDENT for (int64_t i = 0; i < whole; i++) dst[i] = vm_exp(src[i] - by);
    else
        PK_INDEPENDENT for (int64_t i = 0; i < whole; i++) dst[i] = vm_exp(src[i] - shift[i]);
    if (rest == 0) return;
    for (int64_t i = 0; i < rest; i++) last[i] = src[whole + i] - shift[is_number ? 0 : whole + i];
    for (int64_t i = 0; i < LANES; i++) last[i] = vm_exp(last[i]);
    memcpy(dst + whole, last, (size_t)rest * sizeof(float));
}

PK_CLONES static void invert(float *numbers, int64_t count) {
    for (int64_t i = 0; i < count; i++) numbers[i] = 1.0f / numbers[i];
}

PK_CLONES static void take_logarithms(float *numbers, int64_t count) {
    for (int64_t i = 0; i < count; i++) numbers[i] = vm_log(numbers[i]);
}

PK_CLONES static void scale(float *dst, const float *factor, bool is_number, int64_t count) {
    float by = *factor;
    if (is_number)
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) dst[i] *= by;
    else
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) dst[i] *= factor[i];
}

/// In two steps: the sum of both shifts would lose digits next to large elements.
PK_CLONES static void shift_twice(
    const float *src, float *dst, const float *first, const float *second, bool are_numbers, int64_t count) {
    float a = *first, b = *second;
    if (are_numbers)
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) dst[i] = (src[i] - a) - b;
    else
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) dst[i] = (src[i] - first[i]) - second[i];
}

static void softmax_short_rows(const job *job, int64_t row, int64_t rows) {
    float number[PK_TILE], peak[PK_TILE + LANES], total[PK_TILE + LANES], powers[PK_TILE];
    int64_t columns = job->columns, count = rows * columns;
    const float *src = job->src + row * columns;
    float *dst = job->dst + row * columns, *exponentials = job->logarithm ? powers : dst;
    pk_tile_reduce_rows(PK_MAX, src, rows, columns, number);
    pk_tile_spread(peak, number, rows, columns);
    exp_shifted(src, exponentials, peak, false, count);
    pk_tile_reduce_rows(PK_SUM, exponentials, rows, columns, number);
    if (job->logarithm)
        take_logarithms(number, rows);
    else
        invert(number, rows);
    pk_tile_spread(total, number, rows, columns);
    if (job->logarithm)
        shift_twice(src, dst, peak, total, false, count);
    else
        scale(dst, total, false, count);
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
        exp_shifted(src + c, exponentials, &peak, true, count);
        sum += pk_tile_reduce(PK_SUM, exponentials, count);
    }
    float total = (float)sum;
    if (job->logarithm) {
        take_logarithms(&total, 1);
        shift_twice(src, dst, &peak, &total, true, job->columns);
    } else {
        invert(&total, 1);
        scale(dst, &total, true, job->columns);
    }
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
