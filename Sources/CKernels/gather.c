// Rows by index: reading them, and adding to them.
#include "common.h"

typedef struct {
    const char *table;
    int64_t table_rows, row_bytes;
    const int32_t *indices;
    int64_t count;
    char *dst;
} gather_job;

static void gather_part(void *context, int part, int parts) {
    const gather_job *job = context;
    pk_range share = pk_share(job->count, part, parts);
    if (job->row_bytes == 4) {
        for (int64_t i = share.begin; i < share.end; i++) {
            int64_t index = job->indices[i];
            if (index >= 0 && index < job->table_rows)
                memcpy(job->dst + 4 * i, job->table + 4 * index, 4);
            else
                memset(job->dst + 4 * i, 0, 4);
        }
        return;
    }
    size_t bytes = (size_t)job->row_bytes;
    for (int64_t i = share.begin; i < share.end; i++) {
        int64_t index = job->indices[i];
        char *row = job->dst + i * job->row_bytes;
        if (index >= 0 && index < job->table_rows)
            memcpy(row, job->table + index * job->row_bytes, bytes);
        else
            memset(row, 0, bytes);
    }
}

void pk_gather(
    const void *table, int64_t table_rows, int64_t row_bytes, const int32_t *indices, int64_t count, void *dst,
    int threads) {
    gather_job job = {table, table_rows, row_bytes, indices, count, dst};
    pk_parallel(threads, gather_part, &job);
}

typedef struct {
    const int32_t *indices;
    const float *updates;
    int64_t count, row_elements;
    float *dst;
    int64_t rows;
} scatter_job;

PK_CLONES static void add_row(float *dst, const float *row, int64_t count) {
    PK_INDEPENDENT for (int64_t i = 0; i < count; i++) dst[i] += row[i];
}

/// Each part owns some columns, or some rows where rows are short, and adds all that goes there: the order of additions
/// to an element is that of the indices whatever the number of parts.
static void scatter_part(void *context, int part, int parts) {
    const scatter_job *job = context;
    bool by_columns = job->row_elements >= 16 * parts;
    pk_range columns = {0, job->row_elements}, rows = {0, job->rows};
    if (by_columns)
        columns = pk_share_grains(job->row_elements, 16, part, parts);
    else
        rows = pk_share(job->rows, part, parts);
    int64_t width = columns.end - columns.begin;
    if (width == job->row_elements) {
        float *first = job->dst + rows.begin * width;
        memset(first, 0, (size_t)((rows.end - rows.begin) * width) * sizeof(float));
    } else {
        for (int64_t r = rows.begin; r < rows.end; r++)
            memset(job->dst + r * job->row_elements + columns.begin, 0, (size_t)width * sizeof(float));
    }
    for (int64_t i = 0; i < job->count; i++) {
        int64_t index = job->indices[i];
        if (index < rows.begin || index >= rows.end) continue;
        float *dst = job->dst + index * job->row_elements + columns.begin;
        const float *row = job->updates + i * job->row_elements + columns.begin;
        if (width == 1)
            *dst += *row;
        else
            add_row(dst, row, width);
    }
}

void pk_scatter_add(
    const int32_t *indices, const float *updates, int64_t count, int64_t row_elements, float *dst, int64_t rows,
    int threads) {
    scatter_job job = {indices, updates, count, row_elements, dst, rows};
    pk_parallel(threads, scatter_part, &job);
}
