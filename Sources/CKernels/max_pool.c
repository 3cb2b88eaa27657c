// Maximum pooling over windows of one, two or three spatial axes, channels last. The largest element of a window with a
// NaN is NaN, which is why this is not left to the kernel library. Channels go by vectors, the largest first.
#include "common.h"

enum {
    MAX_PLACES = 512,
    /// How far ahead of its use memory is asked for, in elements.
    AHEAD = 1024,
};

typedef struct job {
    const pk_windows *windows;
    const float *src;
    float *dst;
    void *where;
    bool rectifies;
    /// Floats from one position of the input to the next, along each axis, and from one image to the next.
    int64_t steps[3], image_step;
    /// Outputs of an image.
    int64_t outputs;
    /// Whether `where` holds int32_t rather than uint8_t, for windows of more than 256 places.
    bool is_wide;
    /// Whether an element of the input is in several windows, and whether some are in none.
    bool overlaps, leaves_gaps;
} job;

/// Some places of one window: offsets from where the window begins, and their numbers within the window.
typedef struct places {
    int64_t count;
    int64_t offset[MAX_PLACES];
    int32_t number[MAX_PLACES];
} places;

typedef struct {
    int64_t begin, end;
} span;

/// Where the window of an output begins, which may be outside of the input, and its places that are within.
typedef struct {
    int64_t base;
    span spans[3];
    bool is_whole;
} window;

static window window_at(const job *job, const int64_t output[3]) {
    const pk_windows *windows = job->windows;
    window window = {.is_whole = true};
    for (int axis = 0; axis < 3; axis++) {
        int64_t first = output[axis] * windows->strides[axis] - windows->before[axis];
        int64_t room = windows->input[axis] - first, extent = windows->window[axis];
        window.spans[axis] = (span){first < 0 ? -first : 0, room < extent ? room : extent};
        window.base += first * job->steps[axis];
        window.is_whole &= first >= 0 && room >= extent;
    }
    return window;
}

/// Lists the places of `window` from number `skipped` of those within on. Returns how many there are beyond the list.
static int64_t list_places(const job *job, const window *window, int64_t skipped, places *places) {
    const pk_windows *windows = job->windows;
    int64_t seen = 0;
    places->count = 0;
    for (int64_t i = window->spans[0].begin; i < window->spans[0].end; i++)
        for (int64_t j = window->spans[1].begin; j < window->spans[1].end; j++)
            for (int64_t k = window->spans[2].begin; k < window->spans[2].end; k++) {
                if (seen++ < skipped || places->count == MAX_PLACES) continue;
                int64_t number = (i * windows->window[1] + j) * windows->window[2] + k;
                places->offset[places->count] = i * job->steps[0] + j * job->steps[1] + k * job->steps[2];
                places->number[places->count++] = (int32_t)number;
            }
    return seen - skipped - places->count;
}

/// Some channels of one output: the element at `target`, and the window at `base`. Of equals the first counts, of NaN
/// the last. A window of many places takes several calls: `first` says whether this is the first, `last` the last.
#define POOL(lanes)                                                                                                    \
    typedef float floats_##lanes __attribute__((ext_vector_type(lanes)));                                              \
    typedef int32_t integers_##lanes __attribute__((ext_vector_type(lanes)));                                          \
    typedef uint8_t bytes_##lanes __attribute__((ext_vector_type(lanes)));                                             \
    PK_INLINE void read_where_##lanes(const void *all, bool is_wide, int64_t target, integers_##lanes *where) {        \
        bytes_##lanes narrow;                                                                                          \
        if (is_wide) {                                                                                                 \
            memcpy(where, (const int32_t *)all + target, sizeof *where);                                               \
            return;                                                                                                    \
        }                                                                                                              \
        memcpy(&narrow, (const uint8_t *)all + target, sizeof narrow);                                                 \
        *where = __builtin_convertvector(narrow, integers_##lanes);                                                    \
    }                                                                                                                  \
    PK_INLINE void pool_##lanes(                                                                                       \
        const job *job, const places *places, int64_t base, int64_t target, bool first, bool last) {                   \
        floats_##lanes v, best = -__builtin_inff(), probe = 0.0f;                                                      \
        integers_##lanes where = places->number[0];                                                                    \
        const float *src = job->src + base;                                                                            \
        int64_t count = places->count;                                                                                 \
        if (!first) {                                                                                                  \
            memcpy(&best, job->dst + target, sizeof best);                                                             \
            if (job->where) read_where_##lanes(job->where, job->is_wide, target, &where);                              \
            probe += best;                                                                                             \
        }                                                                                                              \
        floats_##lanes start = best;                                                                                   \
        integers_##lanes start_where = where;                                                                          \
        for (int64_t p = 0; p < count; p++) {                                                                          \
            memcpy(&v, src + places->offset[p], sizeof v);                                                             \
            __builtin_prefetch(src + places->offset[p] + AHEAD);                                                       \
            integers_##lanes wins = v > best;                                                                          \
            best = wins ? v : best;                                                                                    \
            where = wins ? (integers_##lanes)places->number[p] : where;                                                \
            probe += v;                                                                                                \
        }                                                                                                              \
        /** A sum is NaN where an element is; it may be elsewhere too, which is only slower. */                        \
        if (__builtin_reduce_or(probe != probe)) {                                                                     \
            best = start, where = start_where;                                                                         \
            for (int64_t p = 0; p < count; p++) {                                                                      \
                memcpy(&v, src + places->offset[p], sizeof v);                                                         \
                integers_##lanes wins = (v > best) | (v != v);                                                         \
                best = wins ? v : best;                                                                                \
                where = wins ? (integers_##lanes)places->number[p] : where;                                            \
            }                                                                                                          \
        }                                                                                                              \
        if (last && job->rectifies) best = best < 0.0f ? (floats_##lanes)(0.0f) : best;                                \
        memcpy(job->dst + target, &best, sizeof best);                                                                 \
        if (!job->where) return;                                                                                       \
        bytes_##lanes narrow = __builtin_convertvector(where, bytes_##lanes);                                          \
        if (job->is_wide)                                                                                              \
            memcpy((int32_t *)job->where + target, &where, sizeof where);                                              \
        else                                                                                                           \
            memcpy((uint8_t *)job->where + target, &narrow, sizeof narrow);                                            \
    }                                                                                                                  \
    /** The gradient of one output goes to the place that won. */                                                      \
    PK_INLINE void spread_##lanes(const job *job, const places *places, int64_t base, int64_t target) {                \
        floats_##lanes gradient, kept;                                                                                 \
        integers_##lanes where;                                                                                        \
        read_where_##lanes(job->where, job->is_wide, target, &where);                                                  \
        float *dst = job->dst + base;                                                                                  \
        int64_t count = places->count;                                                                                 \
        memcpy(&gradient, job->src + target, sizeof gradient);                                                         \
        if (!job->overlaps) {                                                                                          \
            for (int64_t p = 0; p < count; p++) {                                                                      \
                floats_##lanes share = where == places->number[p] ? gradient : (floats_##lanes)(0.0f);                 \
                memcpy(dst + places->offset[p], &share, sizeof share);                                                 \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        for (int64_t p = 0; p < count; p++) {                                                                          \
            memcpy(&kept, dst + places->offset[p], sizeof kept);                                                       \
            kept += where == places->number[p] ? gradient : (floats_##lanes)(0.0f);                                    \
            memcpy(dst + places->offset[p], &kept, sizeof kept);                                                       \
        }                                                                                                              \
    }

POOL(32)
POOL(16)
POOL(8)
POOL(4)
POOL(1)

/// Calls `function` for vectors of the channels from `c` to `end`.
#define FOR_CHANNELS(function, end, ...)                                                                               \
    for (; c + 32 <= (end); c += 32) function##_32(__VA_ARGS__);                                                       \
    for (; c + 16 <= (end); c += 16) function##_16(__VA_ARGS__);                                                       \
    for (; c + 8 <= (end); c += 8) function##_8(__VA_ARGS__);                                                          \
    for (; c + 4 <= (end); c += 4) function##_4(__VA_ARGS__);                                                          \
    for (; c < (end); c++) function##_1(__VA_ARGS__);

/// Neighbours along the last axis that have the same places.
typedef struct {
    int64_t count, base, target;
} run;

PK_CLONES static void pool_run(const job *job, const places *places, run run, bool first, bool last) {
    int64_t channels = job->windows->channels, step = job->windows->strides[2] * channels;
    for (int64_t i = 0; i < run.count; i++, run.base += step, run.target += channels) {
        int64_t c = 0;
        FOR_CHANNELS(pool, channels, job, places, run.base + c, run.target + c, first, last)
    }
}

PK_CLONES static void spread_run(const job *job, const places *places, run run, pk_range channels) {
    int64_t all = job->windows->channels, step = job->windows->strides[2] * all;
    for (int64_t i = 0; i < run.count; i++, run.base += step, run.target += all) {
        int64_t c = channels.begin;
        FOR_CHANNELS(spread, channels.end, job, places, run.base + c, run.target + c)
    }
}

/// How many outputs from `output` on, along the last axis, have windows with the same places.
static int64_t run_length(const job *job, const window *window, const int64_t output[3]) {
    const pk_windows *windows = job->windows;
    if (!window->is_whole) return 1;
    int64_t room = windows->input[2] + windows->before[2] - windows->window[2];
    int64_t end = room / windows->strides[2] + 1;
    return (end < windows->output[2] ? end : windows->output[2]) - output[2];
}

/// One row of outputs: number `row` of those of all images.
static void for_row(
    const job *job, int64_t row, places *places,
    void (*body)(const struct job *, const struct places *, run, bool, bool, pk_range), pk_range channels) {
    const pk_windows *windows = job->windows;
    int64_t plane = row / windows->output[1], image = plane / windows->output[0], length;
    int64_t output[3] = {plane % windows->output[0], row % windows->output[1], 0};
    for (; output[2] < windows->output[2]; output[2] += length) {
        window window = window_at(job, output);
        length = run_length(job, &window, output);
        run run = {
            length, image * job->image_step + window.base, (row * windows->output[2] + output[2]) * windows->channels};
        for (int64_t seen = 0, more = 1; more > 0; seen += places->count) {
            more = list_places(job, &window, seen, places);
            body(job, places, run, seen == 0, more == 0, channels);
        }
    }
}

static void pool_body(
    const job *job, const places *places, run run, bool first, bool last, pk_range channels) {
    (void)channels;
    pool_run(job, places, run, first, last);
}

static void spread_body(
    const job *job, const places *places, run run, bool first, bool last, pk_range channels) {
    (void)first, (void)last;
    spread_run(job, places, run, channels);
}

static void pool_part(void *context, int part, int parts) {
    const job *job = context;
    const pk_windows *windows = job->windows;
    pk_range rows = pk_share(windows->images * windows->output[0] * windows->output[1], part, parts);
    places places;
    for (int64_t row = rows.begin; row < rows.end; row++)
        for_row(job, row, &places, pool_body, (pk_range){0, windows->channels});
}

static void clear(float *image, int64_t count, int64_t step, pk_range channels) {
    if (channels.end - channels.begin == step)
        memset(image, 0, (size_t)count * sizeof *image);
    else
        for (int64_t i = 0; i < count; i += step)
            memset(image + i + channels.begin, 0, (size_t)(channels.end - channels.begin) * sizeof *image);
}

/// Parts share the images, or, where there are few, the channels: windows of one image may overlap.
static void spread_part(void *context, int part, int parts) {
    const job *job = context;
    const pk_windows *windows = job->windows;
    pk_range images = {0, windows->images}, channels = {0, windows->channels};
    if (images.end < 2 * parts)
        channels = pk_share_grains(channels.end, 16, part, parts);
    else
        images = pk_share(images.end, part, parts);
    int64_t rows = windows->output[0] * windows->output[1];
    places places;
    for (int64_t image = images.begin; image < images.end; image++) {
        if (job->overlaps || job->leaves_gaps)
            clear(job->dst + image * job->image_step, job->image_step, windows->channels, channels);
        for (int64_t row = image * rows; row < (image + 1) * rows; row++)
            for_row(job, row, &places, spread_body, channels);
    }
}

static int64_t product(const int64_t extents[3]) { return extents[0] * extents[1] * extents[2]; }

static job job_of(const pk_windows *windows, const float *src, float *dst, void *where) {
    job job = {.windows = windows, .src = src, .dst = dst, .where = where};
    job.steps[2] = windows->channels;
    job.steps[1] = windows->input[2] * job.steps[2];
    job.steps[0] = windows->input[1] * job.steps[1];
    job.image_step = windows->input[0] * job.steps[0];
    job.outputs = product(windows->output);
    job.is_wide = product(windows->window) > 256;
    for (int axis = 0; axis < 3; axis++) {
        int64_t covered = windows->output[axis] * windows->window[axis] - windows->before[axis];
        job.overlaps |= windows->strides[axis] < windows->window[axis];
        job.leaves_gaps |= windows->strides[axis] > windows->window[axis] || covered < windows->input[axis];
    }
    return job;
}

int64_t pk_max_pool_where_bytes(const pk_windows *windows) {
    int64_t element = product(windows->window) > 256 ? (int64_t)sizeof(int32_t) : 1;
    return windows->images * product(windows->output) * windows->channels * element;
}

void pk_max_pool(
    const pk_windows *windows, const float *src, float *dst, void *where, bool rectifies, int threads) {
    job job = job_of(windows, src, dst, where);
    job.rectifies = rectifies;
    pk_parallel(threads, pool_part, &job);
}

void pk_max_pool_gradient(const pk_windows *windows, const float *dy, void *where, float *dx, int threads) {
    job job = job_of(windows, dy, dx, where);
    pk_parallel(threads, spread_part, &job);
}
