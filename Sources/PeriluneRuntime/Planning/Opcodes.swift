internal import CKernels
internal import PeriluneGraph

/// The kernel's name for each element-wise operation.
enum Opcodes {
    static func opcode(of op: Op) -> pk_opcode {
        switch op {
        case .unary(let operation): opcode(of: operation)
        case .binary(let operation): opcode(of: operation)
        case .select: PK_SELECT
        case .cast(.int32): PK_TO_INT
        case .cast(.float32): PK_FROM_INT
        case .input, .variable, .hyperparameter, .fill, .literal, .random, .broadcast, .reshape, .stopGradient,
            .transpose, .slice, .pad, .concatenate, .reduce, .argMax, .inTopK, .oneHot, .gather, .scatterAdd, .matmul,
            .convolution, .convolutionInputGradient, .convolutionKernelGradient, .pooling, .poolingGradient,
            .batchNormalization, .batchNormalizationGradient, .softmax, .logSoftmax:
            preconditionFailure("not an element-wise operation: \(op.label)")
        }
    }

    private static func opcode(of operation: UnaryOperation) -> pk_opcode {
        switch operation {
        case .negate: PK_NEGATE
        case .absolute: PK_ABSOLUTE
        case .sign: PK_SIGN
        case .floor: PK_FLOOR
        case .reciprocal: PK_RECIPROCAL
        case .square: PK_SQUARE
        case .squareRoot: PK_SQUARE_ROOT
        case .reciprocalSquareRoot: PK_RECIPROCAL_SQUARE_ROOT
        case .exp: PK_EXP
        case .expMinusOne: PK_EXP_MINUS_ONE
        case .log: PK_LOG
        case .logOnePlus: PK_LOG_ONE_PLUS
        case .tanh: PK_TANH
        case .sigmoid: PK_SIGMOID
        case .erf: PK_ERF
        case .softplus: PK_SOFTPLUS
        case .relu: PK_RELU
        case .sine: PK_SINE
        case .cosine: PK_COSINE
        }
    }

    private static func opcode(of operation: BinaryOperation) -> pk_opcode {
        switch operation {
        case .add: PK_ADD
        case .subtract: PK_SUBTRACT
        case .multiply: PK_MULTIPLY
        case .divide: PK_DIVIDE
        case .power: PK_POWER
        case .maximum: PK_MAXIMUM
        case .minimum: PK_MINIMUM
        case .less: PK_LESS
        case .lessOrEqual: PK_LESS_OR_EQUAL
        case .greater: PK_GREATER
        case .greaterOrEqual: PK_GREATER_OR_EQUAL
        case .equal: PK_EQUAL
        case .notEqual: PK_NOT_EQUAL
        }
    }
}
