// Strided copies. Axes are put in the order of the destination and merged where they can be; what remains is runs,
// transposes of two axes, or single elements.
#include "common.h"

enum { BLOCK = 16, LANES = 8 };

typedef struct {
    int64_t extent, src, dst;
} axis;

typedef struct job {
    int rank;
    /// Steps in bytes.
    axis axes[PK_MAX_RANK];
    const char *src;
    char *dst;
    int64_t element_bytes;
} job;

typedef uint32_t lanes __attribute__((ext_vector_type(LANES)));

// MARK: Inner loops

/// dst[i·to + j] = src[j·from + i] for i, j below 8: three rounds of exchanging halves.
PK_INLINE void transpose_lanes(const uint32_t *src, int64_t from, uint32_t *dst, int64_t to) {
    lanes a[LANES], b[LANES];
    for (int j = 0; j < LANES; j++) memcpy(&a[j], src + j * from, sizeof a[j]);
    for (int j = 0; j < LANES; j += 2) {
        b[j] = __builtin_shufflevector(a[j], a[j + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        b[j + 1] = __builtin_shufflevector(a[j], a[j + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int half = 0; half < LANES; half += 4)
        for (int j = 0; j < 2; j++) {
            a[half + j] = __builtin_shufflevector(b[half + j], b[half + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            a[half + j + 2] = __builtin_shufflevector(b[half + j], b[half + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int j = 0; j < 4; j++) {
        lanes low = __builtin_shufflevector(a[j], a[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        lanes high = __builtin_shufflevector(a[j], a[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
        memcpy(dst + j * to, &low, sizeof low);
        memcpy(dst + (j + 4) * to, &high, sizeof high);
    }
}

/// dst[i·to + j] = src[j·from + i] for i below rows, j below columns, in blocks that the cache holds.
PK_CLONES static void transpose(
    const uint32_t *src, int64_t from, uint32_t *dst, int64_t to, int64_t rows, int64_t columns) {
    for (int64_t i0 = 0; i0 < rows; i0 += BLOCK)
        for (int64_t j0 = 0; j0 < columns; j0 += BLOCK) {
            int64_t height = rows - i0 < BLOCK ? rows - i0 : BLOCK;
            int64_t width = columns - j0 < BLOCK ? columns - j0 : BLOCK;
            const uint32_t *block = src + j0 * from + i0;
            uint32_t *out = dst + i0 * to + j0;
            int64_t whole_rows = height / LANES * LANES, whole_columns = width / LANES * LANES;
            for (int64_t i = 0; i < whole_rows; i += LANES)
                for (int64_t j = 0; j < whole_columns; j += LANES)
                    transpose_lanes(block + j * from + i, from, out + i * to + j, to);
            for (int64_t i = 0; i < height; i++)
                for (int64_t j = i < whole_rows ? whole_columns : 0; j < width; j++)
                    out[i * to + j] = block[j * from + i];
        }
}

/// Elements of any size, steps in bytes. `bytes` is a number that the compiler knows wherever this is inlined.
PK_INLINE void copy_elements(axis run, const char *src, char *dst, size_t bytes) {
    for (int64_t i = 0; i < run.extent; i++) memcpy(dst + i * run.dst, src + i * run.src, bytes);
}

PK_CLONES static void copy_run(axis run, const char *src, char *dst, int64_t element_bytes) {
    if (run.dst == element_bytes && run.src == element_bytes) {
        memcpy(dst, src, (size_t)(run.extent * element_bytes));
        return;
    }
    switch (element_bytes) {
    case 1: copy_elements(run, src, dst, 1); break;
    case 2: copy_elements(run, src, dst, 2); break;
    case 4:
        if (run.dst == 4 && run.src == 0) {
            uint32_t bits;
            memcpy(&bits, src, sizeof bits);
            for (int64_t i = 0; i < run.extent; i++) ((uint32_t *)(void *)dst)[i] = bits;
        } else {
            copy_elements(run, src, dst, 4);
        }
        break;
    case 8: copy_elements(run, src, dst, 8); break;
    }
}

// MARK: Axes

/// Drops axes of one element, sorts by steps of the destination, and merges neighbours that are one axis in both.
/// Returns false where there is nothing to copy.
static bool normalise(job *job, const pk_box *box) {
    axis *axes = job->axes;
    int count = 0;
    for (int i = 0; i < box->rank; i++) {
        if (box->extents[i] <= 0) return false;
        if (box->extents[i] == 1) continue;
        const axis new = {
            box->extents[i], box->src_strides[i] * box->element_bytes, box->dst_strides[i] * box->element_bytes};
        int place = count++;
        for (; place > 0 && axes[place - 1].dst < new.dst; place--) axes[place] = axes[place - 1];
        axes[place] = new;
    }
    int merged = 0;
    for (int i = 0; i < count; i++) {
        axis *outer = &axes[merged - 1];
        const axis inner = axes[i];
        if (merged > 0 && outer->src == inner.src * inner.extent && outer->dst == inner.dst * inner.extent)
            *outer = (axis){outer->extent * inner.extent, inner.src, inner.dst};
        else
            axes[merged++] = inner;
    }
    job->rank = merged;
    return true;
}

/// The axis along which the source is contiguous, where it is worth transposing it with the last one.
static int transposed_axis(const job *job) {
    const axis last = job->axes[job->rank - 1];
    if (job->element_bytes != 4 || last.dst != 4 || last.src <= 4) return -1;
    for (int i = 0; i < job->rank - 1; i++)
        if (job->axes[i].src == 4) return i;
    return -1;
}

/// Copies every run, or transposes every pair of axes, that the outer axes number.
static void copy_all(job job) {
    if (job.rank == 0) {
        memcpy(job.dst, job.src, (size_t)job.element_bytes);
        return;
    }
    int transposed = transposed_axis(&job);
    axis last = job.axes[--job.rank], other = {1, 0, 0};
    if (transposed >= 0) {
        other = job.axes[transposed];
        job.rank--;
        for (int i = transposed; i < job.rank; i++) job.axes[i] = job.axes[i + 1];
    }
    int64_t index[PK_MAX_RANK] = {0};
    int i;
    do {
        if (transposed >= 0)
            transpose(
                (const uint32_t *)(const void *)job.src, last.src / 4, (uint32_t *)(void *)job.dst, other.dst / 4,
                other.extent, last.extent);
        else
            copy_run(last, job.src, job.dst, job.element_bytes);
        for (i = job.rank - 1; i >= 0; i--) {
            job.src += job.axes[i].src;
            job.dst += job.axes[i].dst;
            if (++index[i] < job.axes[i].extent) break;
            job.src -= job.axes[i].src * job.axes[i].extent;
            job.dst -= job.axes[i].dst * job.axes[i].extent;
            index[i] = 0;
        }
    } while (i >= 0);
}

/// Each part copies its share of the longest axis.
static void copy_part(void *context, int part, int parts) {
    job job = *(const struct job *)context;
    int longest = 0;
    for (int i = 1; i < job.rank; i++)
        if (job.axes[i].extent > job.axes[longest].extent) longest = i;
    if (parts > 1 && job.rank > 0) {
        axis *axis = &job.axes[longest];
        pk_range share = pk_share_grains(axis->extent, axis->extent > BLOCK * parts ? BLOCK : 1, part, parts);
        if (share.begin == share.end) return;
        job.src += share.begin * axis->src;
        job.dst += share.begin * axis->dst;
        axis->extent = share.end - share.begin;
    }
    copy_all(job);
}

void pk_copy(const pk_box *box, const void *src, void *dst, int threads) {
    job job = {
        .src = (const char *)src + box->src_offset * box->element_bytes,
        .dst = (char *)dst + box->dst_offset * box->element_bytes,
        .element_bytes = box->element_bytes,
    };
    if (box->cleared > 0) pk_fill(dst, 0, box->element_bytes, box->cleared, threads);
    if (!normalise(&job, box)) return;
    pk_parallel(job.rank > 0 ? threads : 1, copy_part, &job);
}

typedef struct {
    char *dst;
    /// The element again and again.
    uint64_t pattern;
    int64_t byte_count;
} fill_job;

PK_CLONES static void fill(char *dst, uint64_t pattern, int64_t byte_count) {
    int64_t whole = byte_count / 8 * 8;
    for (int64_t i = 0; i < whole; i += 8) memcpy(dst + i, &pattern, 8);
    memcpy(dst + whole, &pattern, (size_t)(byte_count - whole));
}

static void fill_part(void *context, int part, int parts) {
    const fill_job *job = context;
    pk_range share = pk_share_grains(job->byte_count, 64, part, parts);
    fill(job->dst + share.begin, job->pattern, share.end - share.begin);
}

void pk_fill(void *dst, uint64_t bits, int element_bytes, int64_t count, int threads) {
    uint64_t pattern = element_bytes < 8 ? bits & ((1ull << (8 * element_bytes)) - 1) : bits;
    for (int width = 8 * element_bytes; width < 64; width *= 2) pattern |= pattern << width;
    fill_job job = {dst, pattern, count * element_bytes};
    pk_parallel(threads, fill_part, &job);
}
