// From a program to steps: what is one number is computed once, products are fused with sums, values that are stored go
// straight to their memory, and the others share registers.
#include "fused.h"

#include <stddef.h>

enum { NO_STEP = 255, DEAD = 255 };

static int arity(uint8_t opcode) { return opcode < PK_ADD ? 1 : opcode < PK_SELECT ? 2 : 3; }

/// For each operation, the one that gives the same with its operands the other way round; COPY where there is none.
static const uint8_t mirrors[PK_OPCODE_COUNT] = {
#define NO_MIRROR(name, ...) [PK_##name] = PK_COPY,
#define OWN_MIRROR(name, expression) [PK_##name] = PK_##name,
#define OTHER_MIRROR(name, mirror, expression) [PK_##name] = PK_##mirror,
    PK_UNARY_OPERATIONS(NO_MIRROR, NO_MIRROR)
    PK_BINARY_OPERATIONS(OWN_MIRROR, OTHER_MIRROR, NO_MIRROR)
};

/// What planning knows of a value besides the plan.
typedef struct {
    uint8_t uses[PK_PLAN_VALUES];
    /// Whether a value has a stream, and whether it keeps its register to the end.
    bool streamed[PK_PLAN_VALUES], kept[PK_PLAN_VALUES];
    int value_count;
    /// The step that computes a value, the same where it is a product that may be fused, and the last that reads it.
    uint8_t step[PK_PLAN_VALUES], product[PK_PLAN_VALUES], last[PK_PLAN_VALUES];
} analysis;

/// Written byte by byte, as it is read: a copy of the whole would wait for the bytes to reach the cache.
static void add_step(pk_plan *plan, pk_level level, uint8_t code, uint8_t dst, uint8_t a, uint8_t b, uint8_t c) {
    pk_step *place = &plan->steps[level][plan->step_count[level]++];
    place->code = code;
    place->dst = dst;
    place->a = a;
    place->b = b;
    place->c = c;
}

/// A step over tiles.
static void add_tile_step(
    pk_plan *plan, analysis *known, uint8_t code, uint8_t dst, uint8_t a, uint8_t b, uint8_t c) {
    known->step[dst] = (uint8_t)plan->step_count[PK_EACH_TILE];
    add_step(plan, PK_EACH_TILE, code, dst, a, b, c);
}

/// A value of the plan's own, in a register unless it gets a stream.
static uint8_t add_value(pk_plan *plan, analysis *known) {
    uint8_t v = (uint8_t)known->value_count++;
    plan->access[v] = PK_COMPUTED;
    plan->level[v] = PK_EACH_TILE;
    plan->reg[v] = PK_NO_REGISTER;
    return v;
}

static void add_stream(pk_plan *plan, uint8_t value, const void *base) {
    plan->streams[plan->stream_count++] = (pk_stream){value, (float *)(uintptr_t)base};
}

static bool is_number(const pk_plan *plan, uint8_t v) { return plan->level[v] < PK_EACH_TILE; }

static uint8_t add_copy(pk_plan *plan, analysis *known, uint8_t source) {
    uint8_t v = add_value(plan, known);
    uint8_t form = is_number(plan, source) ? PK_SCALAR_A : 0;
    known->last[source] = (uint8_t)plan->step_count[PK_EACH_TILE];
    add_tile_step(plan, known, PK_CODE(PK_COPY, form), v, source, source, source);
    return v;
}

/// Whether a store of another sink overwrites the input of a value.
static bool is_overwritten(const pk_plan *plan, uint8_t value, int except) {
    const pk_fused *fused = plan->fused;
    if (plan->access[value] != PK_FULL) return false;
    const void *memory = plan->inputs[fused->values[value].input];
    for (int s = 0; s < fused->sink_count; s++)
        if (s != except && pk_effective_kind(fused, fused->sinks[s].kind) == PK_STORE
            && plan->outputs[fused->sinks[s].output] == memory)
            return true;
    return false;
}

static void plan_inputs(pk_plan *plan) {
    const pk_fused *fused = plan->fused;
    for (int v = 0; v < fused->value_count; v++) {
        uint8_t access = plan->access[v];
        bool in_row = access == PK_PER_ROW && plan->layout == PK_WIDE;
        plan->level[v] = access == PK_SCALAR || access == PK_CONSTANT ? PK_ONCE : in_row ? PK_EACH_ROW : PK_EACH_TILE;
        plan->reg[v] = PK_NO_REGISTER;
        if (access == PK_FULL) {
            add_stream(plan, (uint8_t)v, plan->inputs[fused->values[v].input]);
        } else if (access == PK_PER_COLUMN && plan->layout == PK_WIDE) {
            const void *base = plan->inputs[fused->values[v].input];
            plan->column_streams[plan->column_stream_count++] = (pk_stream){(uint8_t)v, (float *)(uintptr_t)base};
        }
    }
}

/// The number `v` is squared by a power of 2, which is worth knowing.
static bool is_two(const pk_plan *plan, uint8_t v) {
    return plan->access[v] == PK_CONSTANT && plan->fused->values[v].constant == 2.0f;
}

/// Fuses a sum with a product that nothing else uses.
static bool fuse_product(pk_plan *plan, analysis *known, const pk_instruction *sum) {
    if (sum->opcode != PK_ADD && sum->opcode != PK_SUBTRACT) return false;
    for (int side = 0; side < 2; side++) {
        uint8_t product = side == 0 ? sum->a : sum->b, other = side == 0 ? sum->b : sum->a;
        if (known->product[product] == NO_STEP || known->uses[product] != 1) continue;
        pk_step *factors = &plan->steps[PK_EACH_TILE][known->product[product]];
        uint8_t opcode =
            sum->opcode == PK_ADD ? PK_MULTIPLY_ADD : side == 0 ? PK_MULTIPLY_SUBTRACT : PK_SUBTRACT_PRODUCT;
        uint8_t form = (factors->code & PK_SCALAR_B) | (is_number(plan, other) ? PK_SCALAR_C : 0);
        add_tile_step(plan, known, PK_CODE(opcode, form), sum->dst, factors->a, factors->b, other);
        factors->code = DEAD;
        return true;
    }
    return false;
}

static void plan_instruction(pk_plan *plan, analysis *known, pk_instruction in) {
    int operands = arity(in.opcode);
    if (operands < 3) in.c = in.a;
    if (operands < 2) in.b = in.a;
    uint8_t level = plan->level[in.a];
    if (plan->level[in.b] > level) level = plan->level[in.b];
    if (plan->level[in.c] > level) level = plan->level[in.c];
    plan->level[in.dst] = level;
    if (level < PK_EACH_TILE) {
        add_step(plan, level, PK_CODE(in.opcode, 0), in.dst, in.a, in.b, in.c);
        return;
    }
    if (fuse_product(plan, known, &in)) return;
    uint8_t form = 0;
    if (operands == 3) {
        form = (is_number(plan, in.b) ? PK_SCALAR_B : 0) | (is_number(plan, in.c) ? PK_SCALAR_C : 0);
        if (is_number(plan, in.a)) in.opcode = PK_SELECT_UNIFORM;
    } else if (operands == 2) {
        if (in.opcode == PK_POWER && is_two(plan, in.b)) {
            in.opcode = PK_MULTIPLY;
            in.b = in.a;
        }
        if (is_number(plan, in.a) && mirrors[in.opcode] != PK_COPY) {
            uint8_t number = in.a;
            in.a = in.b;
            in.b = number;
            in.opcode = mirrors[in.opcode];
        }
        form = is_number(plan, in.a) ? PK_SCALAR_A : is_number(plan, in.b) ? PK_SCALAR_B : 0;
    }
    bool product = in.opcode == PK_MULTIPLY || in.opcode == PK_SQUARE;
    if (product) known->product[in.dst] = (uint8_t)plan->step_count[PK_EACH_TILE];
    add_tile_step(plan, known, PK_CODE(in.opcode, form), in.dst, in.a, in.b, in.c);
}

static void find_last_uses(const pk_plan *plan, analysis *known) {
    for (int i = 0; i < plan->step_count[PK_EACH_TILE]; i++) {
        const pk_step *step = &plan->steps[PK_EACH_TILE][i];
        if (step->code == DEAD) continue;
        known->last[step->a] = known->last[step->b] = known->last[step->c] = (uint8_t)i;
    }
}

/// Whether a computed value can go straight to its memory: nothing later reads what is there now.
static bool stores_directly(const pk_plan *plan, const analysis *known, uint8_t value, const void *memory) {
    const pk_fused *fused = plan->fused;
    if (plan->access[value] != PK_COMPUTED || is_number(plan, value) || known->streamed[value]) return false;
    for (int v = 0; v < fused->value_count; v++) {
        if (plan->access[v] != PK_FULL || plan->inputs[fused->values[v].input] != memory) continue;
        if (known->last[v] != NO_STEP && known->last[v] > known->step[value]) return false;
    }
    return true;
}

static void plan_sinks(pk_plan *plan, analysis *known, const uint8_t *sources) {
    const pk_fused *fused = plan->fused;
    find_last_uses(plan, known);
    for (int s = 0; s < fused->sink_count; s++) {
        pk_sink sink = fused->sinks[s];
        sink.kind = pk_effective_kind(fused, sink.kind);
        sink.value = sources[s];
        if (sink.kind != PK_STORE) {
            if (is_number(plan, sink.value)) sink.value = add_copy(plan, known, sink.value);
            known->kept[sink.value] = true;
            plan->reductions[plan->reduction_count++] = sink;
            continue;
        }
        void *memory = plan->outputs[sink.output];
        bool is_in_place =
            plan->access[sink.value] == PK_FULL && plan->inputs[fused->values[sink.value].input] == memory;
        if (is_in_place) continue;
        if (!stores_directly(plan, known, sink.value, memory)) sink.value = add_copy(plan, known, sink.value);
        known->streamed[sink.value] = true;
        add_stream(plan, sink.value, memory);
    }
}

/// Gives registers to what lives in no matrix, each until its last use, and drops dead steps.
static void allocate_registers(pk_plan *plan, analysis *known) {
    uint8_t free_registers[PK_PLAN_VALUES];
    int free_count = 0, used = 0, kept = 0;
    if (plan->layout == PK_GROUPED)
        for (int v = 0; v < plan->fused->value_count; v++)
            if (plan->access[v] == PK_PER_COLUMN || plan->access[v] == PK_PER_ROW) {
                plan->reg[v] = (uint8_t)used++;
                known->kept[v] = true;
            }
    pk_step *steps = plan->steps[PK_EACH_TILE];
    for (int i = 0; i < plan->step_count[PK_EACH_TILE]; i++) {
        const pk_step *step = &steps[i];
        if (step->code == DEAD) continue;
        const uint8_t operands[3] = {step->a, step->b, step->c};
        for (int k = 0; k < 3; k++) {
            uint8_t v = operands[k];
            if (plan->reg[v] == PK_NO_REGISTER || known->kept[v] || known->last[v] != i) continue;
            free_registers[free_count++] = plan->reg[v];
            known->kept[v] = true;
        }
        if (!known->streamed[step->dst])
            plan->reg[step->dst] = free_count > 0 ? free_registers[--free_count] : (uint8_t)used++;
        if (kept < i) steps[kept] = *step;
        kept++;
    }
    plan->step_count[PK_EACH_TILE] = kept;
}

void pk_plan_steps(pk_plan *plan) {
    const pk_fused *fused = plan->fused;
    analysis known;
    memset(&known, 0, offsetof(analysis, step));
    memset((char *)&known + offsetof(analysis, step), NO_STEP, sizeof known - offsetof(analysis, step));
    known.value_count = fused->value_count;
    memset(plan->step_count, 0, sizeof plan->step_count);
    plan->stream_count = plan->column_stream_count = plan->reduction_count = 0;
    plan_inputs(plan);
    for (int i = 0; i < fused->instruction_count; i++) {
        const pk_instruction *in = &fused->instructions[i];
        int operands = arity(in->opcode);
        known.uses[in->a]++;
        if (operands > 1) known.uses[in->b]++;
        if (operands > 2) known.uses[in->c]++;
    }
    // What a sink reads and another one overwrites is saved first of all.
    uint8_t sources[PK_MAX_OUTPUTS];
    for (int s = 0; s < fused->sink_count; s++) {
        uint8_t value = fused->sinks[s].value;
        known.uses[value]++;
        sources[s] = is_overwritten(plan, value, s) ? add_copy(plan, &known, value) : value;
    }
    for (int i = 0; i < fused->instruction_count; i++) plan_instruction(plan, &known, fused->instructions[i]);
    plan_sinks(plan, &known, sources);
    plan->value_count = known.value_count;
    allocate_registers(plan, &known);
}
