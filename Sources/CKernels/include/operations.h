// The element-wise operations of fused loops: name and expression in x, y. Everything that has to know of an operation
// is made from these lists: the opcodes of CKernels.h, the steps of fused_steps.c, what fused_plan.c asks of operands.
//
// Float operations see and give floats. INT_ ones see and give the bits of an int32_t in the place of a float; what
// overflows wraps around.
#ifndef PERILUNE_OPERATIONS_H
#define PERILUNE_OPERATIONS_H

/// An int32_t that stands in the place of a float, as the unsigned number of its bits, and back.
#define PK_BITS(x) vm_bits(x)
#define PK_INT(x) ((int32_t)vm_bits(x))
#define PK_OF_INT(bits) vm_float((uint32_t)(bits))

/// SHORT ones are a few instructions, LONG ones many: what does not fill a vector is then filled up.
#define PK_UNARY_OPERATIONS(SHORT, LONG)                                                                               \
    SHORT(NEGATE, -x)                                                                                                  \
    SHORT(ABSOLUTE, vm_abs(x))                                                                                         \
    SHORT(SIGN, x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x)                                                                \
    SHORT(FLOOR, vm_floor(x))                                                                                          \
    SHORT(RECIPROCAL, 1.0f / x)                                                                                        \
    SHORT(SQUARE, x *x)                                                                                                \
    SHORT(SQUARE_ROOT, __builtin_elementwise_sqrt(x))                                                                  \
    SHORT(RECIPROCAL_SQUARE_ROOT, 1.0f / __builtin_elementwise_sqrt(x))                                                \
    LONG(EXP, vm_exp(x))                                                                                               \
    LONG(EXP_MINUS_ONE, vm_expm1(x))                                                                                   \
    LONG(LOG, vm_log(x))                                                                                               \
    LONG(LOG_ONE_PLUS, vm_log1p(x))                                                                                    \
    LONG(TANH, vm_tanh(x))                                                                                             \
    LONG(SIGMOID, vm_sigmoid(x))                                                                                       \
    LONG(ERF, vm_erf(x))                                                                                               \
    LONG(SOFTPLUS, vm_softplus(x))                                                                                     \
    SHORT(RELU, x < 0.0f ? 0.0f : x)                                                                                   \
    LONG(SINE, vm_sin(x))                                                                                              \
    LONG(COSINE, vm_cos(x))                                                                                            \
    SHORT(FROM_INT, (float)PK_INT(x))                                                                                  \
    SHORT(TO_INT, PK_OF_INT(vm_to_int(x)))                                                                             \
    SHORT(INT_NEGATE, PK_OF_INT(0u - PK_BITS(x)))                                                                      \
    SHORT(INT_ABSOLUTE, PK_OF_INT(PK_INT(x) < 0 ? 0u - PK_BITS(x) : PK_BITS(x)))                                       \
    SHORT(INT_SIGN, PK_OF_INT((PK_INT(x) > 0) - (PK_INT(x) < 0)))

/// SYMMETRIC ones do not care for the order of their operands; MIRRORED ones are another operation with the operands
/// the other way round; ORDERED ones are neither.
#define PK_BINARY_OPERATIONS(SYMMETRIC, MIRRORED, ORDERED)                                                             \
    SYMMETRIC(ADD, x + y)                                                                                              \
    ORDERED(SUBTRACT, x - y)                                                                                           \
    SYMMETRIC(MULTIPLY, x *y)                                                                                          \
    ORDERED(DIVIDE, x / y)                                                                                             \
    ORDERED(POWER, vm_pow(x, y))                                                                                       \
    SYMMETRIC(MAXIMUM, __builtin_elementwise_maximum(x, y))                                                            \
    SYMMETRIC(MINIMUM, __builtin_elementwise_minimum(x, y))                                                            \
    MIRRORED(LESS, GREATER, x < y ? 1.0f : 0.0f)                                                                       \
    MIRRORED(LESS_OR_EQUAL, GREATER_OR_EQUAL, x <= y ? 1.0f : 0.0f)                                                    \
    MIRRORED(GREATER, LESS, x > y ? 1.0f : 0.0f)                                                                       \
    MIRRORED(GREATER_OR_EQUAL, LESS_OR_EQUAL, x >= y ? 1.0f : 0.0f)                                                    \
    SYMMETRIC(EQUAL, x == y ? 1.0f : 0.0f)                                                                             \
    SYMMETRIC(NOT_EQUAL, x != y ? 1.0f : 0.0f)                                                                         \
    SYMMETRIC(INT_ADD, PK_OF_INT(PK_BITS(x) + PK_BITS(y)))                                                             \
    ORDERED(INT_SUBTRACT, PK_OF_INT(PK_BITS(x) - PK_BITS(y)))                                                          \
    SYMMETRIC(INT_MULTIPLY, PK_OF_INT(PK_BITS(x) * PK_BITS(y)))                                                        \
    SYMMETRIC(INT_MAXIMUM, PK_OF_INT(PK_INT(x) > PK_INT(y) ? PK_INT(x) : PK_INT(y)))                                   \
    SYMMETRIC(INT_MINIMUM, PK_OF_INT(PK_INT(x) < PK_INT(y) ? PK_INT(x) : PK_INT(y)))                                   \
    MIRRORED(INT_LESS, INT_GREATER, PK_INT(x) < PK_INT(y) ? 1.0f : 0.0f)                                               \
    MIRRORED(INT_LESS_OR_EQUAL, INT_GREATER_OR_EQUAL, PK_INT(x) <= PK_INT(y) ? 1.0f : 0.0f)                            \
    MIRRORED(INT_GREATER, INT_LESS, PK_INT(x) > PK_INT(y) ? 1.0f : 0.0f)                                               \
    MIRRORED(INT_GREATER_OR_EQUAL, INT_LESS_OR_EQUAL, PK_INT(x) >= PK_INT(y) ? 1.0f : 0.0f)                            \
    SYMMETRIC(INT_EQUAL, PK_INT(x) == PK_INT(y) ? 1.0f : 0.0f)                                                         \
    SYMMETRIC(INT_NOT_EQUAL, PK_INT(x) != PK_INT(y) ? 1.0f : 0.0f)

#endif
