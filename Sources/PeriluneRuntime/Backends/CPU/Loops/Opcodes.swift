internal import CKernels
internal import PeriluneGraph

/// The kernel's name for each element-wise operation, by the type of its first operand (for select: its mask).
enum Opcodes {
    static func opcode(of operation: Op.Elementwise, _ dtype: DType) -> pk_opcode {
        switch (operation, dtype) {
        case (.unary(let operation), .float32): float(operation)
        case (.unary(let operation), .int32): integer(operation)
        case (.binary(let operation), .float32): float(operation)
        case (.binary(let operation), .int32): integer(operation)
        case (.select, .float32), (.select, .int32): PK_SELECT
        case (.cast(.int32), .float32): PK_TO_INT
        case (.cast(.float32), .int32): PK_FROM_INT
        case (.cast(.int32), .int32), (.cast(.float32), .float32): PK_COPY
        }
    }

    private static func float(_ operation: UnaryOperation) -> pk_opcode {
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

    private static func integer(_ operation: UnaryOperation) -> pk_opcode {
        switch operation {
        case .negate: PK_INT_NEGATE
        case .absolute: PK_INT_ABSOLUTE
        case .sign: PK_INT_SIGN
        case .floor, .reciprocal, .square, .squareRoot, .reciprocalSquareRoot, .exp, .expMinusOne, .log, .logOnePlus,
            .tanh, .sigmoid, .erf, .softplus, .relu, .sine, .cosine:
            preconditionFailure("a graph has no \(operation) of int32")
        }
    }

    private static func float(_ operation: BinaryOperation) -> pk_opcode {
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

    private static func integer(_ operation: BinaryOperation) -> pk_opcode {
        switch operation {
        case .add: PK_INT_ADD
        case .subtract: PK_INT_SUBTRACT
        case .multiply: PK_INT_MULTIPLY
        case .maximum: PK_INT_MAXIMUM
        case .minimum: PK_INT_MINIMUM
        case .less: PK_INT_LESS
        case .lessOrEqual: PK_INT_LESS_OR_EQUAL
        case .greater: PK_INT_GREATER
        case .greaterOrEqual: PK_INT_GREATER_OR_EQUAL
        case .equal: PK_INT_EQUAL
        case .notEqual: PK_INT_NOT_EQUAL
        case .divide, .power: preconditionFailure("a graph has no \(operation) of int32")
        }
    }
}
