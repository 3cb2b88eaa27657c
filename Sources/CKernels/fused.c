// Goes through the tiles of a fused loop, part by part, and combines what the parts have reduced.
#include "fused.h"

struct pk_prepared {
    pk_plan plan;
    /// The memory that the plan is for, and how many inputs there are; no scratch memory where there is no plan yet.
    const void *inputs[PK_MAX_INPUTS];
    void *outputs[PK_MAX_OUTPUTS];
    int input_count;
};

/// What one part works with. Part results are kept in `partials`, one row of sinks a part.
typedef struct {
    const pk_plan *plan;
    double partials[PK_MAX_THREADS][PK_MAX_OUTPUTS];
} run;

typedef struct {
    const pk_plan *plan;
    float *at[PK_PLAN_VALUES];
    float numbers[PK_PLAN_VALUES];
    /// For each reduction: the total, over all or over the row in work.
    double totals[PK_MAX_OUTPUTS];
    /// Reduction along columns: sums of tiles in float, then of blocks of tiles in double.
    float *blocks[PK_MAX_OUTPUTS];
    double *column_totals[PK_MAX_OUTPUTS];
    int64_t block_rows, block_count;
} part_state;

static int64_t round_up(int64_t count, int64_t grain) { return (count + grain - 1) / grain * grain; }

/// Where a part's totals by column are, at the end of its scratch memory, and the floats of a block before them.
static double *column_totals_of(const pk_plan *plan, int part, int nth, int64_t *block) {
    *block = round_up(plan->layout == PK_WIDE ? plan->columns : plan->tile, 16);
    int64_t bytes = *block * (int64_t)sizeof(float) + round_up(plan->columns, 16) * (int64_t)sizeof(double);
    char *end = plan->scratch + (part + 1) * plan->scratch_bytes;
    return (double *)(void *)(end - (nth + 1) * bytes + *block * (int64_t)sizeof(float));
}

static void begin_part(part_state *state, const pk_plan *plan, int part) {
    const pk_fused *fused = plan->fused;
    state->plan = plan;
    state->block_rows = state->block_count = 0;
    char *scratch = plan->scratch + part * plan->scratch_bytes;
    for (int v = 0; v < fused->value_count; v++) {
        if (plan->level[v] < PK_EACH_TILE) state->at[v] = &state->numbers[v];
        if (plan->access[v] == PK_CONSTANT) state->numbers[v] = fused->values[v].constant;
        if (plan->access[v] == PK_SCALAR)
            memcpy(&state->numbers[v], plan->inputs[fused->values[v].input], sizeof(float));
    }
    for (int v = 0; v < plan->value_count; v++)
        if (plan->reg[v] != PK_NO_REGISTER)
            state->at[v] = (float *)(void *)scratch + plan->reg[v] * plan->register_stride;
    pk_run_steps(plan->steps[PK_ONCE], plan->step_count[PK_ONCE], state->at, 1);
    int nth = 0;
    for (int k = 0; k < plan->reduction_count; k++) {
        float identity = pk_identity(plan->reductions[k].reduction);
        state->totals[k] = identity;
        if (plan->reductions[k].kind != PK_REDUCE_ROWS) continue;
        int64_t block;
        double *totals = column_totals_of(plan, part, nth++, &block);
        for (int64_t c = 0; c < plan->columns; c++) totals[c] = identity;
        state->column_totals[k] = totals;
        state->blocks[k] = (float *)(void *)totals - block;
    }
}

static void flush_blocks(part_state *state) {
    const pk_plan *plan = state->plan;
    if (state->block_count == 0) return;
    for (int k = 0; k < plan->reduction_count; k++) {
        const pk_sink *sink = &plan->reductions[k];
        if (sink->kind != PK_REDUCE_ROWS) continue;
        pk_tile_fold(sink->reduction, state->blocks[k], state->block_rows, plan->columns);
        pk_tile_flush(sink->reduction, state->column_totals[k], state->blocks[k], plan->columns);
    }
    state->block_count = state->block_rows = 0;
}

static void add_to_block(part_state *state, const pk_sink *sink, float *block, int64_t count) {
    if (state->block_count == 0)
        memcpy(block, state->at[sink->value], (size_t)count * sizeof(float));
    else
        pk_tile_combine(sink->reduction, block, state->at[sink->value], count);
}

/// Points streams at the tile whose first element is number `first`.
static void move_streams(part_state *state, int64_t first) {
    const pk_plan *plan = state->plan;
    for (int i = 0; i < plan->stream_count; i++) state->at[plan->streams[i].value] = plan->streams[i].base + first;
}

static void run_flat_tile(part_state *state, int64_t first, int64_t count) {
    const pk_plan *plan = state->plan;
    move_streams(state, first);
    pk_run_steps(plan->steps[PK_EACH_TILE], plan->step_count[PK_EACH_TILE], state->at, count);
    for (int k = 0; k < plan->reduction_count; k++) {
        const pk_sink *sink = &plan->reductions[k];
        if (sink->kind != PK_REDUCE_ALL) continue;
        float part = pk_tile_reduce(sink->reduction, state->at[sink->value], count);
        state->totals[k] = pk_combine(sink->reduction, state->totals[k], part);
    }
}

// MARK: Several rows a tile

/// Repeats a row; the rows written so far are the source of the next ones.
static void broadcast_row(float *dst, const float *row, int64_t rows, int64_t columns) {
    memcpy(dst, row, (size_t)columns * sizeof(float));
    for (int64_t done = 1; done < rows; done *= 2) {
        int64_t more = done < rows - done ? done : rows - done;
        memcpy(dst + done * columns, dst, (size_t)(more * columns) * sizeof(float));
    }
}

static void run_grouped(part_state *state, pk_range units) {
    const pk_plan *plan = state->plan;
    const pk_fused *fused = plan->fused;
    int64_t columns = plan->columns;
    for (int v = 0; v < fused->value_count; v++)
        if (plan->access[v] == PK_PER_COLUMN)
            broadcast_row(state->at[v], plan->inputs[fused->values[v].input], plan->tile_rows, columns);
    for (int64_t unit = units.begin; unit < units.end; unit++) {
        int64_t row = unit * plan->tile_rows;
        int64_t rows = plan->rows - row < plan->tile_rows ? plan->rows - row : plan->tile_rows;
        int64_t count = rows * columns;
        for (int v = 0; v < fused->value_count; v++)
            if (plan->access[v] == PK_PER_ROW)
                pk_tile_spread(
                    state->at[v], (const float *)plan->inputs[fused->values[v].input] + row, rows, columns);
        run_flat_tile(state, row * columns, count);
        for (int k = 0; k < plan->reduction_count; k++) {
            const pk_sink *sink = &plan->reductions[k];
            if (sink->kind == PK_REDUCE_COLUMNS)
                pk_tile_reduce_rows(
                    sink->reduction, state->at[sink->value], rows, columns, (float *)plan->outputs[sink->output] + row);
            if (sink->kind == PK_REDUCE_ROWS) add_to_block(state, sink, state->blocks[k], count);
        }
        if (state->block_count == 0) state->block_rows = rows;
        if (++state->block_count == PK_BLOCK) flush_blocks(state);
    }
}

// MARK: Several tiles a row

static void run_wide_row(part_state *state, int64_t row) {
    const pk_plan *plan = state->plan;
    const pk_fused *fused = plan->fused;
    for (int v = 0; v < fused->value_count; v++)
        if (plan->access[v] == PK_PER_ROW)
            state->numbers[v] = ((const float *)plan->inputs[fused->values[v].input])[row];
    pk_run_steps(plan->steps[PK_EACH_ROW], plan->step_count[PK_EACH_ROW], state->at, 1);
    for (int k = 0; k < plan->reduction_count; k++)
        if (plan->reductions[k].kind == PK_REDUCE_COLUMNS)
            state->totals[k] = pk_identity(plan->reductions[k].reduction);
    for (int64_t c = 0; c < plan->columns; c += plan->tile) {
        int64_t count = plan->columns - c < plan->tile ? plan->columns - c : plan->tile;
        for (int i = 0; i < plan->column_stream_count; i++)
            state->at[plan->column_streams[i].value] = plan->column_streams[i].base + c;
        run_flat_tile(state, row * plan->columns + c, count);
        for (int k = 0; k < plan->reduction_count; k++) {
            const pk_sink *sink = &plan->reductions[k];
            if (sink->kind == PK_REDUCE_COLUMNS) {
                float part = pk_tile_reduce(sink->reduction, state->at[sink->value], count);
                state->totals[k] = pk_combine(sink->reduction, state->totals[k], part);
            }
            if (sink->kind == PK_REDUCE_ROWS) add_to_block(state, sink, state->blocks[k] + c, count);
        }
    }
    for (int k = 0; k < plan->reduction_count; k++)
        if (plan->reductions[k].kind == PK_REDUCE_COLUMNS)
            ((float *)plan->outputs[plan->reductions[k].output])[row] = (float)state->totals[k];
    state->block_rows = 1;
    if (++state->block_count == PK_BLOCK) flush_blocks(state);
}

// MARK: All parts

static void run_part(void *context, int part, int parts) {
    run *run = context;
    const pk_plan *plan = run->plan;
    pk_range units = pk_share(plan->units, part, parts);
    part_state state;
    begin_part(&state, plan, part);
    switch (plan->layout) {
    case PK_FLAT:
        for (int64_t unit = units.begin; unit < units.end; unit++) {
            int64_t first = unit * PK_TILE, rest = plan->columns - first;
            run_flat_tile(&state, first, rest < PK_TILE ? rest : PK_TILE);
        }
        break;
    case PK_GROUPED:
        run_grouped(&state, units);
        break;
    case PK_WIDE:
        for (int64_t row = units.begin; row < units.end; row++) run_wide_row(&state, row);
        break;
    }
    flush_blocks(&state);
    memcpy(run->partials[part], state.totals, (size_t)plan->reduction_count * sizeof(double));
}

/// Combines the results of parts, in their order.
static void finish(const run *run) {
    const pk_plan *plan = run->plan;
    int nth = 0;
    for (int k = 0; k < plan->reduction_count; k++) {
        const pk_sink *sink = &plan->reductions[k];
        float *output = plan->outputs[sink->output];
        if (sink->kind == PK_REDUCE_ALL) {
            double total = run->partials[0][k];
            for (int part = 1; part < plan->parts; part++)
                total = pk_combine(sink->reduction, total, run->partials[part][k]);
            *output = (float)total;
        }
        // Rows of no elements are in no tile.
        for (int64_t r = 0; sink->kind == PK_REDUCE_COLUMNS && plan->columns == 0 && r < plan->rows; r++)
            output[r] = pk_identity(sink->reduction);
        if (sink->kind != PK_REDUCE_ROWS) continue;
        for (int64_t c = 0; c < plan->columns; c++) {
            int64_t block;
            double total = column_totals_of(plan, 0, nth, &block)[c];
            for (int part = 1; part < plan->parts; part++)
                total = pk_combine(sink->reduction, total, column_totals_of(plan, part, nth, &block)[c]);
            output[c] = (float)total;
        }
        nth++;
    }
}

int64_t pk_fused_scratch_bytes(const pk_fused *fused, int threads) {
    pk_plan plan;
    pk_plan_layout(&plan, fused, threads);
    return plan.scratch_bytes * plan.parts;
}

int64_t pk_prepared_bytes(void) { return sizeof(pk_prepared); }

void pk_prepare(pk_prepared *prepared, const pk_fused *fused, int threads) {
    pk_plan_layout(&prepared->plan, fused, threads);
    prepared->plan.inputs = NULL;
    prepared->input_count = 0;
    for (int v = 0; v < fused->value_count; v++) {
        const pk_value value = fused->values[v];
        bool reads = value.access != PK_COMPUTED && value.access != PK_CONSTANT;
        if (reads && value.input >= prepared->input_count) prepared->input_count = value.input + 1;
    }
}

void pk_run_prepared(pk_prepared *prepared, const void *const *inputs, void *const *outputs, void *scratch) {
    pk_plan *plan = &prepared->plan;
    size_t input_bytes = (size_t)prepared->input_count * sizeof *inputs;
    size_t output_bytes = (size_t)plan->fused->sink_count * sizeof *outputs;
    bool is_planned = plan->inputs && memcmp(prepared->inputs, inputs, input_bytes) == 0
        && memcmp(prepared->outputs, outputs, output_bytes) == 0;
    plan->scratch = scratch;
    if (!is_planned) {
        memcpy(prepared->inputs, inputs, input_bytes);
        memcpy(prepared->outputs, outputs, output_bytes);
        plan->inputs = prepared->inputs;
        plan->outputs = prepared->outputs;
        pk_plan_steps(plan);
    }
    run run;
    run.plan = plan;
    pk_parallel(plan->parts, run_part, &run);
    if (plan->reduction_count > 0) finish(&run);
}

void pk_fused_run(
    const pk_fused *fused, const void *const *inputs, void *const *outputs, void *scratch, int threads) {
    pk_prepared prepared;
    pk_prepare(&prepared, fused, threads);
    pk_run_prepared(&prepared, inputs, outputs, scratch);
}
