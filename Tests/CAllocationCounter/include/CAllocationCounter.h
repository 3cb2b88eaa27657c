// Counts what a piece of code takes from the heap: the test binary that links this has malloc pass through here.
#ifndef PERILUNE_CALLOCATIONCOUNTER_H
#define PERILUNE_CALLOCATIONCOUNTER_H

#include <stdint.h>

/// Starts counting the allocations of this thread from 0.
void perilune_count_allocations(void);

/// Stops counting. Allocations of the kernel library inside `dnnl_primitive_execute` are not in the count: it makes a
/// handful of small ones in each call, which no caller can avoid.
int64_t perilune_counted_allocations(void);

#endif
