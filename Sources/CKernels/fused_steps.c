// The steps of a fused loop over one tile: a loop for each operation and each choice of vector and scalar operands, all
// in one function, so that the choice among generations of processors costs one call a tile.
#include "fused.h"
#include "vector_math.h"

enum { LANES = 16 };

#define VECTOR(p) (p)[i]
#define SCALAR(p) (p##0)

#define FORM(opcode, form, A, B, C, expression)                                                                        \
    case PK_CODE(opcode, form): {                                                                                      \
        PK_INDEPENDENT for (int64_t i = 0; i < n; i++) {                                                               \
            float x = A(a), y = B(b), z = C(c);                                                                        \
            (void)x, (void)y, (void)z;                                                                                 \
            dst[i] = (expression);                                                                                     \
        }                                                                                                              \
        break;                                                                                                         \
    }

#define UNARY(opcode, expression) FORM(opcode, 0, VECTOR, SCALAR, SCALAR, expression)

/// For operations of many instructions: elements that do not fill a vector are computed as one that is filled up.
#define LONG_UNARY(opcode, expression)                                                                                 \
    case PK_CODE(opcode, 0): {                                                                                         \
        int64_t whole = n / LANES * LANES, rest = n - whole;                                                           \
        PK_INDEPENDENT for (int64_t i = 0; i < whole; i++) {                                                           \
            float x = a[i];                                                                                            \
            dst[i] = (expression);                                                                                     \
        }                                                                                                              \
        if (rest == 0) break;                                                                                          \
        float last[LANES] = {0};                                                                                       \
        for (int64_t i = 0; i < rest; i++) last[i] = a[whole + i];                                                     \
        for (int64_t i = 0; i < LANES; i++) {                                                                          \
            float x = last[i];                                                                                         \
            last[i] = (expression);                                                                                    \
        }                                                                                                              \
        for (int64_t i = 0; i < rest; i++) dst[whole + i] = last[i];                                                   \
        break;                                                                                                         \
    }

/// For operations whose operands can change places, or whose mirror image is another operation.
#define SYMMETRIC(opcode, expression)                                                                                  \
    FORM(opcode, 0, VECTOR, VECTOR, SCALAR, expression)                                                                \
    FORM(opcode, PK_SCALAR_B, VECTOR, SCALAR, SCALAR, expression)

#define BINARY(opcode, expression)                                                                                     \
    SYMMETRIC(opcode, expression)                                                                                      \
    FORM(opcode, PK_SCALAR_A, SCALAR, VECTOR, SCALAR, expression)

#define TERNARY(opcode, A, expression)                                                                                 \
    FORM(opcode, 0, A, VECTOR, VECTOR, expression)                                                                     \
    FORM(opcode, PK_SCALAR_B, A, SCALAR, VECTOR, expression)                                                           \
    FORM(opcode, PK_SCALAR_C, A, VECTOR, SCALAR, expression)                                                           \
    FORM(opcode, PK_SCALAR_B | PK_SCALAR_C, A, SCALAR, SCALAR, expression)

#define SHORT_CASE(name, expression) UNARY(PK_##name, expression)
#define LONG_CASE(name, expression) LONG_UNARY(PK_##name, expression)
#define SYMMETRIC_CASE(name, expression) SYMMETRIC(PK_##name, expression)
#define MIRRORED_CASE(name, mirror, expression) SYMMETRIC(PK_##name, expression)
#define ORDERED_CASE(name, expression) BINARY(PK_##name, expression)

PK_CLONES void pk_run_steps(const pk_step *steps, int count, float *const *at, int64_t n) {
    for (const pk_step *step = steps; step < steps + count; step++) {
        float *dst = at[step->dst];
        const float *a = at[step->a], *b = at[step->b], *c = at[step->c];
        const float a0 = *a, b0 = *b, c0 = *c;
        (void)a0, (void)b0, (void)c0;
        switch (step->code) {
            UNARY(PK_COPY, x)
            FORM(PK_COPY, PK_SCALAR_A, SCALAR, SCALAR, SCALAR, x)
            PK_UNARY_OPERATIONS(SHORT_CASE, LONG_CASE)
            PK_BINARY_OPERATIONS(SYMMETRIC_CASE, MIRRORED_CASE, ORDERED_CASE)
            TERNARY(PK_SELECT, VECTOR, x != 0.0f ? y : z)
            TERNARY(PK_SELECT_UNIFORM, SCALAR, x != 0.0f ? y : z)
            TERNARY(PK_MULTIPLY_ADD, VECTOR, x *y + z)
            TERNARY(PK_MULTIPLY_SUBTRACT, VECTOR, x *y - z)
            TERNARY(PK_SUBTRACT_PRODUCT, VECTOR, z - x * y)
        }
    }
}
