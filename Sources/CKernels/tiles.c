#include "tiles.h"

#pragma clang fp reassociate(on)

// Rows are reduced by vectors written as such: their lengths are seldom multiples of a vector, and a compiler reduces
// what is left one element at a time. Here a last vector reaches back over elements that have been seen, which does not
// matter for the largest and the smallest, and is masked for sums.
enum { LANES = 8 };

typedef float lanes __attribute__((ext_vector_type(LANES)));
typedef int32_t lane_mask __attribute__((ext_vector_type(LANES)));

#define PLUS(a, b) ((a) + (b))
#define LARGER(a, b) ((b) > (a) ? (b) : (a))
#define SMALLER(a, b) ((b) < (a) ? (b) : (a))
#define UNSEEN(v, seen) ((lane_mask){0, 1, 2, 3, 4, 5, 6, 7} >= (int32_t)(seen) ? (v) : (lanes)(0.0f))
#define ANY(v, seen) (v)

/// The comparisons of LARGER and SMALLER pass over NaN: it is looked for beside them, and given back at the end.
#define TAKE(acc, place, COMBINE, checks_nan)                                                                          \
    memcpy(&v, place, sizeof v);                                                                                       \
    if (checks_nan) bad |= v != v;                                                                                     \
    acc = COMBINE(acc, v);

#define REDUCE(name, checks_nan, start, COMBINE, LAST, combine_all)                                                    \
    PK_INLINE float reduce_##name(const float *x, int64_t count) {                                                     \
        if (count < LANES) {                                                                                           \
            float result = start, sum = 0.0f;                                                                          \
            _Pragma("clang loop vectorize(disable)") for (int64_t i = 0; i < count; i++) {                             \
                sum = x[i] != x[i] ? x[i] : sum;                                                                       \
                result = COMBINE(result, x[i]);                                                                        \
            }                                                                                                          \
            return sum != sum ? sum : result;                                                                          \
        }                                                                                                              \
        lanes v, a = (lanes)(start), b = a, c = a, d = a;                                                              \
        lane_mask bad = 0;                                                                                             \
        int64_t i = 0;                                                                                                 \
        for (; i + 4 * LANES <= count; i += 4 * LANES) {                                                               \
            TAKE(a, x + i, COMBINE, checks_nan)                                                                        \
            TAKE(b, x + i + LANES, COMBINE, checks_nan)                                                                \
            TAKE(c, x + i + 2 * LANES, COMBINE, checks_nan)                                                            \
            TAKE(d, x + i + 3 * LANES, COMBINE, checks_nan)                                                            \
        }                                                                                                              \
        for (; i + LANES <= count; i += LANES) {                                                                       \
            TAKE(a, x + i, COMBINE, checks_nan)                                                                        \
        }                                                                                                              \
        if (i < count) {                                                                                               \
            memcpy(&v, x + count - LANES, sizeof v);                                                                   \
            if (checks_nan) bad |= v != v;                                                                             \
            v = LAST(v, i - (count - LANES));                                                                          \
            b = COMBINE(b, v);                                                                                         \
        }                                                                                                              \
        a = COMBINE(a, b);                                                                                             \
        c = COMBINE(c, d);                                                                                             \
        a = COMBINE(a, c);                                                                                             \
        __typeof__(a.lo) four = COMBINE(a.lo, a.hi);                                                                   \
        __typeof__(four.lo) two = COMBINE(four.lo, four.hi);                                                           \
        float result = COMBINE(two.x, two.y);                                                                          \
        return __builtin_reduce_or(bad) ? __builtin_nanf("") : result;                                                 \
    }                                                                                                                  \
    PK_INLINE void reduce_rows_##name(const float *x, int64_t rows, int64_t columns, float *out) {                     \
        for (int64_t r = 0; r < rows; r++) out[r] = reduce_##name(x + r * columns, columns);                           \
    }                                                                                                                  \
    PK_INLINE void combine_##name(float *acc, const float *x, int64_t count) {                                         \
        PK_INDEPENDENT for (int64_t i = 0; i < count; i++) acc[i] = combine_all(acc[i], x[i]);                         \
    }

REDUCE(sum, false, 0.0f, PLUS, UNSEEN, PLUS)
REDUCE(max, true, -__builtin_inff(), LARGER, ANY, __builtin_elementwise_maximum)
REDUCE(min, true, __builtin_inff(), SMALLER, ANY, __builtin_elementwise_minimum)

#define DISPATCH(reduction, function, ...)                                                                             \
    switch (reduction) {                                                                                               \
    case PK_SUM: function##_sum(__VA_ARGS__); break;                                                                   \
    case PK_MAX: function##_max(__VA_ARGS__); break;                                                                   \
    case PK_MIN: function##_min(__VA_ARGS__); break;                                                                   \
    }

PK_CLONES float pk_tile_reduce(pk_reduction reduction, const float *x, int64_t count) {
    if (reduction == PK_SUM) return reduce_sum(x, count);
    return reduction == PK_MAX ? reduce_max(x, count) : reduce_min(x, count);
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

PK_CLONES void pk_tile_spread(float *dst, const float *column, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++, dst += columns) {
        float splat[16];
        for (int lane = 0; lane < 16; lane++) splat[lane] = column[r];
        for (int64_t c = 0; c < columns; c += 16) memcpy(dst + c, splat, sizeof splat);
    }
}
