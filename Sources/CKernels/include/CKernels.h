// The loops that must be C: run-time dispatch to wide vectors, with no compiler flags.
//
// Every function takes pointers to dense row-major elements, trusts its caller for sizes, allocates nothing, and gives
// the same bits for the same arguments, `threads` included. What moves elements takes any of 1, 2, 4 or 8 bytes; the
// rest says which type it takes. Fused loops compute in float.
#ifndef PERILUNE_CKERNELS_H
#define PERILUNE_CKERNELS_H

#include "operations.h"

#include <stdbool.h>
#include <stdint.h>

// MARK: Threads

/// Runs `body(context, part, parts)` for each part on the OpenMP team that oneDNN uses, inline where `parts` is 1. A
/// team that gets smaller ends threads, and one that grows starts them: keep to 1 and one other number.
void pk_parallel(int parts, void (*body)(void *context, int part, int parts), void *context);

/// Sets the most threads that pk_parallel uses when called from this thread. There are as many parts as without a
/// limit, only fewer of them at a time, so that the bits stay the same.
void pk_limit_team(int threads);

/// Sets how many threads oneDNN's primitives use when called from this thread.
void pk_set_threads(int threads);

/// How many threads the team of this thread may have: the processors this process may use, or OMP_NUM_THREADS.
int pk_available_threads(void);

// MARK: Fused element-wise loops

#define PK_NAME(name, ...) PK_##name,

/// Element-wise operations: COPY, those of operations.h, and SELECT, which is a != 0 ? b : c. MAXIMUM, MINIMUM and RELU
/// of NaN are NaN, comparisons with NaN are 0 but for NOT_EQUAL. COPY, and SELECT for b and c, keep bits, so that they
/// move int32 as well. TO_INT rounds toward zero, clamps to what fits, and makes 0 of NaN. A product that only one sum
/// or difference uses may be fused with it: rounded once where the processor can.
typedef enum {
    PK_COPY,
    PK_UNARY_OPERATIONS(PK_NAME, PK_NAME)
    PK_BINARY_OPERATIONS(PK_NAME, PK_NAME, PK_NAME)
    PK_SELECT,
    PK_OPCODE_COUNT
} pk_opcode;

/// values[dst] = opcode(values[a], values[b], values[c]), over one tile.
typedef struct {
    uint8_t opcode;
    uint8_t dst;
    uint8_t a, b, c;
} pk_instruction;

/// Where the elements of a value come from. The loop runs over a matrix of rows x columns.
typedef enum {
    /// Computed by an instruction.
    PK_COMPUTED,
    /// Element (r, c) at r * columns + c of an input.
    PK_FULL,
    /// One element of an input for all.
    PK_SCALAR,
    /// Element c of an input, the same for all rows.
    PK_PER_COLUMN,
    /// Element r of an input, the same for all columns.
    PK_PER_ROW,
    /// A number of the program.
    PK_CONSTANT,
} pk_access;

typedef struct {
    uint8_t access;
    /// Which of the inputs, for the accesses that read one.
    uint8_t input;
    /// For PK_CONSTANT.
    float constant;
} pk_value;

/// What becomes of a value.
typedef enum {
    /// All elements to an output of rows x columns.
    PK_STORE,
    /// Combined along each row, to an output of `rows` elements.
    PK_REDUCE_COLUMNS,
    /// Combined along each column, to an output of `columns` elements.
    PK_REDUCE_ROWS,
    /// Combined over everything, to an output of 1 element.
    PK_REDUCE_ALL,
} pk_sink_kind;

typedef enum { PK_SUM, PK_MAX, PK_MIN } pk_reduction;

typedef struct {
    uint8_t kind;
    uint8_t reduction;
    uint8_t value;
    /// Which of the outputs.
    uint8_t output;
} pk_sink;

enum { PK_MAX_VALUES = 64, PK_MAX_INPUTS = 32, PK_MAX_OUTPUTS = 16, PK_MAX_THREADS = 64 };

/// A fused loop. At most PK_MAX_VALUES values, PK_MAX_INPUTS inputs and PK_MAX_OUTPUTS sinks. Each instruction has a
/// `dst` of its own and comes after those whose values it reads. An output may be the same memory as a PK_FULL input
/// (in place), never overlap one otherwise.
typedef struct {
    int64_t rows, columns;
    int32_t value_count, instruction_count, sink_count;
    const pk_value *values;
    const pk_instruction *instructions;
    const pk_sink *sinks;
} pk_fused;

/// Bytes of scratch memory, 64-byte aligned, that `pk_fused_run` needs for this loop on so many threads (may be 0).
int64_t pk_fused_scratch_bytes(const pk_fused *fused, int threads);

void pk_fused_run(
    const pk_fused *fused, const void *const *inputs, void *const *outputs, void *scratch, int threads);

/// A loop that is run again and again: how it goes about its work is found out once, and again only where it is given
/// other memory than the time before. It is run by one thread at a time.
typedef struct pk_prepared pk_prepared;

/// Bytes of a pk_prepared.
int64_t pk_prepared_bytes(void);

/// Makes `prepared`, which points at `fused` from then on.
void pk_prepare(pk_prepared *prepared, const pk_fused *fused, int threads);

void pk_run_prepared(pk_prepared *prepared, const void *const *inputs, void *const *outputs, void *scratch);

// MARK: Moving elements

enum { PK_MAX_RANK = 16 };

/// A box of elements to move: rank 0...16; strides and offsets in elements, strides may be 0 in the source.
typedef struct {
    int32_t rank, element_bytes;
    int64_t extents[PK_MAX_RANK], src_strides[PK_MAX_RANK], dst_strides[PK_MAX_RANK];
    int64_t src_offset, dst_offset;
    /// How many elements of the destination are set to 0 before.
    int64_t cleared;
} pk_box;

/// dst[dst_offset + i·dst_strides] = src[src_offset + i·src_strides] for all i below extents.
void pk_copy(const pk_box *box, const void *src, void *dst, int threads);

/// dst[i] = the element whose bits are the lowest of `bits`.
void pk_fill(void *dst, uint64_t bits, int element_bytes, int64_t count, int threads);

/// dst[i] = table[indices[i]], rows of `row_bytes`; an index outside of 0..<table_rows gives zeros.
void pk_gather(
    const void *table, int64_t table_rows, int64_t row_bytes, const int32_t *indices, int64_t count, void *dst,
    int threads);

/// dst (rows x row_elements) = zeros plus each update at its index, in order; indices out of range are ignored.
void pk_scatter_add(
    const int32_t *indices, const float *updates, int64_t count, int64_t row_elements, float *dst, int64_t rows,
    int threads);

// MARK: Along the last axis, and reductions

/// dst = softmax (or its logarithm) of each row; dst may be src.
void pk_softmax(const float *src, float *dst, int64_t rows, int64_t columns, bool logarithm, int threads);

/// dst[r] = the first index of the largest element of row r; a NaN counts as largest.
void pk_arg_max(const float *src, int32_t *dst, int64_t rows, int64_t columns, int threads);
void pk_arg_max_int(const int32_t *src, int32_t *dst, int64_t rows, int64_t columns, int threads);

/// dst[r] = 1 where fewer than k elements of row r are larger than the one at labels[r], else 0 (also for a label
/// out of range or one whose score is not finite; a NaN elsewhere counts as larger).
void pk_in_top_k(
    const float *scores, const int32_t *labels, float *dst, int64_t rows, int64_t columns, int64_t k, int threads);

/// dst (count x depth): row i has a 1 at labels[i], zeros elsewhere; all zeros for a label out of range.
void pk_one_hot(const int32_t *labels, float *dst, int64_t count, int64_t depth, int threads);

/// Combines the middle axis of src (outer x middle x inner) into dst (outer x inner). Sums of int32_t wrap around; the
/// largest of none is the smallest there is, and the other way round.
void pk_reduce(
    pk_reduction reduction, const float *src, float *dst, int64_t outer, int64_t middle, int64_t inner, int threads);
void pk_reduce_int(
    pk_reduction reduction, const int32_t *src, int32_t *dst, int64_t outer, int64_t middle, int64_t inner,
    int threads);

// MARK: Pooling

/// How windows slide over images, channels last: by depth, height and width, with 1 (and nothing before) for axes that
/// are not there. Each window has a place within the input.
typedef struct {
    int64_t images, channels;
    int64_t input[3], output[3], window[3], strides[3], before[3];
} pk_windows;

/// Bytes of `where` in the two calls that follow.
int64_t pk_max_pool_where_bytes(const pk_windows *windows);

/// dst = the largest element of each window, NaN where one is NaN; 0 instead of what is below, where it `rectifies`.
/// `where`, unless it is NULL, gets the number of the largest in its window: the first of equals, the last NaN.
void pk_max_pool(
    const pk_windows *windows, const float *src, float *dst, void *where, bool rectifies, int threads);

/// dx = zeros plus each element of dy at the place that `where` says.
void pk_max_pool_gradient(const pk_windows *windows, const float *dy, void *where, float *dx, int threads);

// MARK: Random numbers

typedef enum { PK_UNIFORM, PK_NORMAL, PK_DROPOUT_MASK } pk_distribution;

/// Philox 4x32-10 (Salmon et al. 2011): element i depends on (seed, counter, stream, i) alone, never on threads.
/// key = seed; 128-bit counter words = (i / 4, stream, low counter, high counter); element i is word i % 4.
/// Uniform: (word >> 8) * 2^-24. Dropout mask: 0 where that is below `rate`, else 1 / (1 - rate). Normal: Box-Muller on
/// the word pairs (0, 1) and (2, 3) of a block, u1 = ((word >> 8) + 1) * 2^-24.
void pk_random(
    pk_distribution distribution, uint64_t seed, uint64_t counter, uint32_t stream, float rate, float *dst,
    int64_t count, int threads);

#endif
