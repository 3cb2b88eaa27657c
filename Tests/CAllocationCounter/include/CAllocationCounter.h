// Counts what a piece of code takes from the heap: the test binary that links this has malloc pass through here.
#ifndef PERILUNE_CALLOCATIONCOUNTER_H
#define PERILUNE_CALLOCATIONCOUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether anything is counted: AddressSanitizer takes allocations over itself.
bool perilune_can_count_allocations(void);

/// Starts counting the allocations of this thread from 0.
void perilune_count_allocations(void);

/// Stops counting. Allocations of the kernel library inside `dnnl_primitive_execute` are not in the count: it makes a
/// handful of small ones in each call, which no caller can avoid.
int64_t perilune_counted_allocations(void);

#endif
