// How a fused loop is cut into tiles and shared out, and how much scratch memory that takes. It depends on the program
// and the number of threads alone, not on where the elements are.
#include "fused.h"

static int64_t round_up(int64_t count, int64_t grain) { return (count + grain - 1) / grain * grain; }

uint8_t pk_effective_access(const pk_fused *fused, uint8_t access) {
    if (access == PK_PER_COLUMN) return fused->rows == 1 ? PK_FULL : fused->columns == 1 ? PK_SCALAR : access;
    if (access == PK_PER_ROW) return fused->columns == 1 ? PK_FULL : fused->rows == 1 ? PK_SCALAR : access;
    return access;
}

uint8_t pk_effective_kind(const pk_fused *fused, uint8_t kind) {
    if (kind == PK_REDUCE_ROWS) return fused->rows == 1 ? PK_STORE : fused->columns == 1 ? PK_REDUCE_ALL : kind;
    if (kind == PK_REDUCE_COLUMNS) return fused->columns == 1 ? PK_STORE : fused->rows == 1 ? PK_REDUCE_ALL : kind;
    return kind;
}

void pk_plan_layout(pk_plan *plan, const pk_fused *fused, int threads) {
    bool flat = true;
    int registers = fused->sink_count, column_totals = 0;
    for (int v = 0; v < fused->value_count; v++) {
        uint8_t access = pk_effective_access(fused, fused->values[v].access);
        plan->access[v] = access;
        if (access == PK_PER_COLUMN || access == PK_PER_ROW) flat = false;
        if (access == PK_COMPUTED || access == PK_PER_COLUMN || access == PK_PER_ROW) registers++;
    }
    for (int s = 0; s < fused->sink_count; s++) {
        uint8_t kind = pk_effective_kind(fused, fused->sinks[s].kind);
        if (kind == PK_REDUCE_COLUMNS || kind == PK_REDUCE_ROWS) flat = false;
        if (kind == PK_REDUCE_ROWS) column_totals++;
    }
    plan->fused = fused;
    plan->layout = flat ? PK_FLAT : fused->columns < PK_TILE ? PK_GROUPED : PK_WIDE;
    plan->rows = flat ? 1 : fused->rows;
    plan->columns = flat ? fused->rows * fused->columns : fused->columns;
    plan->tile_rows = 1;
    plan->tile = plan->columns < PK_TILE ? plan->columns : PK_TILE;
    switch (plan->layout) {
    case PK_FLAT:
        plan->units = (plan->columns + PK_TILE - 1) / PK_TILE;
        break;
    case PK_GROUPED:
        plan->tile_rows = plan->columns > 0 ? PK_TILE / plan->columns : 1;
        if (plan->tile_rows > plan->rows) plan->tile_rows = plan->rows > 0 ? plan->rows : 1;
        plan->tile = plan->tile_rows * plan->columns;
        plan->units = plan->columns > 0 ? (plan->rows + plan->tile_rows - 1) / plan->tile_rows : 0;
        break;
    case PK_WIDE: {
        // As even as possible, or a row of 513 elements would be a tile of 512 and one of 1.
        int64_t tiles = (plan->columns + PK_TILE - 1) / PK_TILE;
        plan->tile = round_up((plan->columns + tiles - 1) / tiles, 16);
        plan->units = plan->rows;
        break;
    }
    }
    int parts = threads < 1 ? 1 : threads < PK_MAX_THREADS ? threads : PK_MAX_THREADS;
    plan->parts = plan->units <= 1 ? 1 : parts;
    // A little longer than a tile: rows are broadcast by whole vectors, and no two registers share their cache sets.
    plan->register_stride = round_up(plan->tile, 16) + 16;
    int64_t block = round_up(plan->layout == PK_WIDE ? plan->columns : plan->tile, 16);
    int64_t totals = round_up(plan->columns, 16);
    plan->scratch_bytes =
        registers * plan->register_stride * (int64_t)sizeof(float)
        + column_totals * (block * (int64_t)sizeof(float) + totals * (int64_t)sizeof(double));
}
