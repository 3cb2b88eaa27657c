#include "tiles.h"

#pragma clang fp reassociate(on)

// Row sums of narrow matrices go eight rows at a time: eight chains of additions instead of one.
enum { ROWS_AT_ONCE = 8, NARROW = 24 };

#define REDUCE(name, start, step)                                                                                       \
    PK_INLINE float reduce_##name(const float *x, int64_t count) {                                                      \
        float acc = start;                                                                                              \
        for (int64_t i = 0; i < count; i++) {                                                                           \
            float value = x[i];                                                                                         \
            acc = step;                                                                                                 \
        }                                                                                                               \
        return acc;                                                                                                     \
    }                                                                                                                   \
    PK_INLINE void reduce_rows_##name(const float *x, int64_t rows, int64_t columns, float *out) {                      \
        int64_t r = 0;                                                                                                  \
        for (; columns < NARROW && r + ROWS_AT_ONCE <= rows; r += ROWS_AT_ONCE) {                                       \
            float accs[ROWS_AT_ONCE];                                                                                   \
            for (int k = 0; k < ROWS_AT_ONCE; k++) accs[k] = start;                                                     \
            for (int64_t c = 0; c < columns; c++)                                                                       \
                for (int k = 0; k < ROWS_AT_ONCE; k++) {                                                                \
                    float acc = accs[k], value = x[(r + k) * columns + c];                                              \
                    accs[k] = step;                                                                                     \
                }                                                                                                       \
            for (int k = 0; k < ROWS_AT_ONCE; k++) out[r + k] = accs[k];                                                \
        }                                                                                                               \
        for (; r < rows; r++) out[r] = reduce_##name(x + r * columns, columns);                                         \
    }                                                                                                                   \
    PK_INLINE void combine_##name(float *accs, const float *x, int64_t count) {                                         \
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                                            \
            float acc = accs[i], value = x[i];                                                                          \
            accs[i] = step;                                                                                             \
        }                                                                                                               \
    }

REDUCE(sum, 0.0f, acc + value)
REDUCE(max, -__builtin_inff(), __builtin_elementwise_maximum(acc, value))
REDUCE(min, __builtin_inff(), __builtin_elementwise_minimum(acc, value))

#define DISPATCH(reduction, function, ...)                                                                              \
    switch (reduction) {                                                                                                \
    case PK_SUM: function##_sum(__VA_ARGS__); break;                                                                    \
    case PK_MAX: function##_max(__VA_ARGS__); break;                                                                    \
    case PK_MIN: function##_min(__VA_ARGS__); break;                                                                    \
    }

PK_CLONES float pk_tile_reduce(pk_reduction reduction, const float *x, int64_t count) {
    return reduction == PK_SUM ? reduce_sum(x, count) : reduction == PK_MAX ? reduce_max(x, count) : reduce_min(x, count);
}

PK_CLONES void pk_tile_reduce_rows(
    pk_reduction reduction, const float *x, int64_t rows, int64_t columns, float *out) {
    DISPATCH(reduction, reduce_rows, x, rows, columns, out)
}

PK_CLONES void pk_tile_combine(pk_reduction reduction, float *acc, const float *x, int64_t count) {
    DISPATCH(reduction, combine, acc, x, count)
}

PK_CLONES void pk_tile_fold(pk_reduction reduction, float *acc, int64_t rows, int64_t columns) {
    while (rows > 1) {
        int64_t kept = (rows + 1) / 2;
        DISPATCH(reduction, combine, acc, acc + kept * columns, (rows - kept) * columns)
        rows = kept;
    }
}

PK_CLONES void pk_tile_flush(pk_reduction reduction, double *total, const float *acc, int64_t count) {
    PK_INDEPENDENT for (int64_t i = 0; i < count; i++) total[i] = pk_combine(reduction, total[i], acc[i]);
}
