// The inside of fused loops. fused_layout.c cuts the matrix into tiles, fused_plan.c turns a program into steps over
// tiles, fused_steps.c runs the steps of one tile, fused.c goes through the tiles.
#ifndef PERILUNE_FUSED_H
#define PERILUNE_FUSED_H

#include "common.h"
#include "tiles.h"

/// Steps beyond the opcodes of the interface. A product that only one sum uses is fused with it.
enum {
    /// b or c, by one number for the whole tile.
    PK_SELECT_UNIFORM = PK_OPCODE_COUNT,
    /// a·b + c, a·b - c, c - a·b.
    PK_MULTIPLY_ADD,
    PK_MULTIPLY_SUBTRACT,
    PK_SUBTRACT_PRODUCT,
    PK_STEP_COUNT,
};

/// Which operands of a step are one number. A unary step over a number, and COPY of one, is PK_SCALAR_A.
enum { PK_SCALAR_B = 1, PK_SCALAR_A = 2, PK_SCALAR_C = 2 };

/// What a step does, as one number to switch on.
#define PK_CODE(opcode, form) ((opcode)*4 + (form))
_Static_assert(PK_CODE(PK_STEP_COUNT, 0) <= 256, "codes of steps fit a byte");

typedef struct {
    uint8_t code;
    uint8_t dst, a, b, c;
} pk_step;

enum {
    /// Values of the program, then those of the plan: a copy and a store for each sink.
    PK_PLAN_VALUES = PK_MAX_VALUES + 2 * PK_MAX_OUTPUTS,
    PK_PLAN_STEPS = PK_MAX_VALUES + 2 * PK_MAX_OUTPUTS,
    PK_NO_REGISTER = 255,
};

/// How the matrix is cut into tiles.
typedef enum {
    /// As one long row: nothing depends on rows and columns.
    PK_FLAT,
    /// Several whole rows a tile; what is broadcast is written out into registers.
    PK_GROUPED,
    /// Several tiles a row.
    PK_WIDE,
} pk_layout;

/// When a value is computed. Before PK_EACH_TILE it is one number.
typedef enum { PK_ONCE, PK_EACH_ROW, PK_EACH_TILE, PK_LEVELS } pk_level;

/// Memory that tiles pass over: element 0 of a value.
typedef struct {
    uint8_t value;
    float *base;
} pk_stream;

typedef struct {
    const pk_fused *fused;
    const void *const *inputs;
    void *const *outputs;
    char *scratch;
    int64_t scratch_bytes;
    int parts;

    pk_layout layout;
    /// What parts share out: tiles where flat or grouped, rows where wide.
    int64_t units;
    /// The matrix, one row of everything where flat. A tile has `tile_rows` rows, or `tile` columns of one row.
    int64_t rows, columns, tile_rows, tile;
    /// Floats from one register to the next.
    int64_t register_stride;

    uint8_t level[PK_PLAN_VALUES], access[PK_PLAN_VALUES], reg[PK_PLAN_VALUES];
    /// Values of the program and of the plan.
    int value_count;
    int step_count[PK_LEVELS];
    pk_step steps[PK_LEVELS][PK_PLAN_STEPS];
    /// Streams that start anew with each row, and those that go on.
    int stream_count, column_stream_count;
    pk_stream streams[PK_PLAN_VALUES], column_streams[PK_PLAN_VALUES];
    /// Sinks that reduce, with the values that they read.
    int reduction_count;
    pk_sink reductions[PK_MAX_OUTPUTS];
} pk_plan;

/// The layout and the sizes that follow from it.
void pk_plan_layout(pk_plan *plan, const pk_fused *fused, int threads);

/// Everything else.
void pk_plan_steps(pk_plan *plan);

/// Where `access` and `kind` mean less than they say: a matrix of one row or one column.
uint8_t pk_effective_access(const pk_fused *fused, uint8_t access);
uint8_t pk_effective_kind(const pk_fused *fused, uint8_t kind);

/// Runs the steps over `n` elements; at[v] is where those of value v are.
void pk_run_steps(const pk_step *steps, int count, float *const *at, int64_t n);

#endif
