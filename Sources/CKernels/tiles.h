// Reductions over tiles: short runs of elements that stay in the first-level cache. Sums are of float within a tile, in
// vector lanes; callers add tile sums in double. Largest and smallest are NaN where any element is.
#ifndef PERILUNE_TILES_H
#define PERILUNE_TILES_H

#include "common.h"

enum {
    /// Elements of a tile: enough to hide what an instruction costs, few enough for a dozen tiles in the cache.
    PK_TILE = 512,
    /// How many tiles are added up in float before the sum goes to double.
    PK_BLOCK = 128,
};

/// The result of reducing nothing.
PK_INLINE float pk_identity(pk_reduction reduction) {
    return reduction == PK_SUM ? 0.0f : reduction == PK_MAX ? -__builtin_inff() : __builtin_inff();
}

PK_INLINE double pk_combine(pk_reduction reduction, double a, double b) {
    if (reduction == PK_SUM) return a + b;
    if (a != a) return a;
    bool keeps = reduction == PK_MAX ? a > b : a < b;
    return keeps ? a : b;
}

/// The elements of x combined; at most about PK_TILE of them where sums have to be accurate.
float pk_tile_reduce(pk_reduction reduction, const float *x, int64_t count);

/// out[r] = row r of x (rows x columns) combined.
void pk_tile_reduce_rows(pk_reduction reduction, const float *x, int64_t rows, int64_t columns, float *out);

/// acc[i] combined with x[i].
void pk_tile_combine(pk_reduction reduction, float *acc, const float *x, int64_t count);

/// The rows of acc (rows x columns) combined into its first row, by halves; the other rows are lost.
void pk_tile_fold(pk_reduction reduction, float *acc, int64_t rows, int64_t columns);

/// total[i] combined with acc[i].
void pk_tile_flush(pk_reduction reduction, double *total, const float *acc, int64_t count);

/// Row r of dst (rows x columns) = column[r]. Writes whole vectors, and so up to 15 elements beyond the last one.
void pk_tile_spread(float *dst, const float *column, int64_t rows, int64_t columns);

#endif
