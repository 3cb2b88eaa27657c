// What all kernels share: run-time dispatch, inlining, and how work is shared out.
#ifndef PERILUNE_COMMON_H
#define PERILUNE_COMMON_H

#include "CKernels.h"

#include <string.h>

/// Compiles a function for several generations of processors; the loader picks one. Everything hot that such a function
/// calls has to be inlined into it (PK_INLINE), or it would be compiled for the oldest processor only.
#if defined(__x86_64__) && defined(__linux__)
#define PK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PK_CLONES
#endif

#define PK_INLINE static inline __attribute__((always_inline))

/// Before a loop whose pointers are either equal or apart: no iteration touches what another one does.
#define PK_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

typedef struct {
    int64_t begin, end;
} pk_range;

/// The share of one part in `count` units.
PK_INLINE pk_range pk_share(int64_t count, int part, int parts) {
    return (pk_range){count * part / parts, count * (part + 1) / parts};
}

/// The share of one part in `count` units, cut at multiples of `grain`.
PK_INLINE pk_range pk_share_grains(int64_t count, int64_t grain, int part, int parts) {
    pk_range range = pk_share((count + grain - 1) / grain, part, parts);
    range.begin *= grain;
    range.end *= grain;
    if (range.begin > count) range.begin = count;
    if (range.end > count) range.end = count;
    return range;
}

#endif
