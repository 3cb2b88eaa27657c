// Counter-based random numbers: Philox 4x32-10, many blocks at a time.
#include "vector_math.h"

enum {
    WORDS = 4,
    /// Blocks at a time: their state fits the first-level cache.
    BLOCKS = 64,
    ROUNDS = 10,
};

/// Two words that the next loop reads one by one.
typedef uint64_t __attribute__((may_alias)) word_pair;

typedef struct {
    pk_distribution distribution;
    uint64_t seed, counter;
    uint32_t stream;
    float rate;
    float *dst;
    int64_t count;
} job;

/// The words of BLOCKS blocks from `first` on. A word fills 64 bits, so that products need no shuffling; what is above
/// its 32 bits is masked where it counts.
PK_INLINE void philox(const job *job, uint64_t first, uint32_t words[BLOCKS * WORDS]) {
    const uint64_t low = 0xffffffffu;
    word_pair *pairs = (word_pair *)(void *)words;
    // Several at once: each is a long chain of products that wait for each other.
    _Pragma("clang loop interleave_count(4)") for (int lane = 0; lane < BLOCKS; lane++) {
        uint64_t c0 = (first + (uint64_t)lane) & low, c1 = job->stream;
        uint64_t c2 = job->counter & low, c3 = job->counter >> 32;
        uint32_t key0 = (uint32_t)job->seed, key1 = (uint32_t)(job->seed >> 32);
        _Pragma("clang loop unroll(full)") for (int round = 0; round < ROUNDS; round++) {
            uint64_t product0 = (c0 & low) * 0xd2511f53u, product1 = (c2 & low) * 0xcd9e8d57u;
            c0 = (product1 >> 32) ^ c1 ^ key0;
            c2 = (product0 >> 32) ^ c3 ^ key1;
            c1 = product1;
            c3 = product0;
            key0 += 0x9e3779b9u;
            key1 += 0xbb67ae85u;
        }
        pairs[2 * lane] = (c0 & low) | c1 << 32;
        pairs[2 * lane + 1] = (c2 & low) | c3 << 32;
    }
}

PK_INLINE float unit(uint32_t word) { return (float)(int32_t)(word >> 8) * 0x1p-24f; }

/// Box-Muller: the pair (u1, u2) of words becomes sqrt(-2 log u1)·cos(2 pi u2) and the same with sin.
PK_INLINE void normal(const uint32_t *words, float *out) {
    for (int i = 0; i < BLOCKS * WORDS; i += 2) {
        float u1 = (float)(int32_t)((words[i] >> 8) + 1) * 0x1p-24f;
        float radius = __builtin_elementwise_sqrt(-2.0f * vm_log(u1));
        float angle = 6.28318531f * unit(words[i + 1]);
        out[i] = radius * vm_cos(angle);
        out[i + 1] = radius * vm_sin(angle);
    }
}

PK_INLINE void convert(const job *job, const uint32_t *words, float *out) {
    switch (job->distribution) {
    case PK_UNIFORM:
        for (int i = 0; i < BLOCKS * WORDS; i++) out[i] = unit(words[i]);
        break;
    case PK_DROPOUT_MASK: {
        float rate = job->rate, kept = 1.0f / (1.0f - job->rate);
        for (int i = 0; i < BLOCKS * WORDS; i++) out[i] = unit(words[i]) < rate ? 0.0f : kept;
        break;
    }
    case PK_NORMAL:
        normal(words, out);
        break;
    }
}

PK_CLONES static void generate(const job *job, int64_t begin, int64_t end) {
    _Alignas(64) uint32_t words[BLOCKS * WORDS];
    float last[BLOCKS * WORDS];
    for (int64_t i = begin; i < end; i += BLOCKS * WORDS) {
        philox(job, (uint64_t)i / WORDS, words);
        if (end - i >= BLOCKS * WORDS) {
            convert(job, words, job->dst + i);
        } else {
            convert(job, words, last);
            memcpy(job->dst + i, last, (size_t)(end - i) * sizeof(float));
        }
    }
}

static void random_part(void *context, int part, int parts) {
    const job *job = context;
    pk_range share = pk_share_grains(job->count, BLOCKS * WORDS, part, parts);
    generate(job, share.begin, share.end);
}

void pk_random(
    pk_distribution distribution, uint64_t seed, uint64_t counter, uint32_t stream, float rate, float *dst,
    int64_t count, int threads) {
    job job = {distribution, seed, counter, stream, rate, dst, count};
    pk_parallel(threads, random_part, &job);
}
