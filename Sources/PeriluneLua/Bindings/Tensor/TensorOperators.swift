internal import PeriluneGraph
internal import PeriluneItems

/// Arithmetic of tensors with each other and with numbers.
enum TensorOperators {
    static let all: [LuaMetamethod: ClassBinding.Operator] = [
        .add: { try combine($0, .add, "add") },
        .subtract: { try combine($0, .subtract, "subtract") },
        .multiply: { try combine($0, .multiply, "multiply") },
        .divide: { try combine($0, .divide, "divide") },
        .power: { try combine($0, .power, "raise to a power") },
        .negate: { call in
            let tensor = try operand(call, 1, "negate")
            return [.object(LuaTensor(try call.state.session.evaluate("neg", [tensor]) { try -$0[0] }))]
        },
        .length: { call in
            guard let tensor = call.object(1, as: LuaTensor.self) else { return [0] }
            return [.integer(try tensor.value.shape.dimensions.first ?? 1)]
        },
        .toString: { call in
            guard let tensor = call.object(1, as: LuaTensor.self) else { return ["tensor"] }
            return [.string(TensorText.description(try tensor.value))]
        },
    ]

    private static func combine(
        _ call: LuaCall, _ operation: BinaryOperation, _ verb: String
    ) throws -> [LuaValue] {
        let operands = [try operand(call, 1, verb), try operand(call, 2, verb)]
        return [.object(LuaTensor(try apply(operation, operands, in: call.state.session)))]
    }

    static func apply(_ operation: BinaryOperation, _ operands: [Tensor], in session: Session) throws -> Tensor {
        try session.evaluate(operation.rawValue, operands) { try $0[0].combined(operation, $0[1]) }
    }

    private static func operand(_ call: LuaCall, _ position: Int, _ verb: String) throws -> Tensor {
        if let tensor = call.object(position, as: LuaTensor.self) { return try tensor.value }
        let value = call[position]
        guard let number = value.number else {
            throw TensorFault("cannot \(verb): tensor or number expected, got \(call.state.shownText(of: value))")
        }
        return Tensor(Float(number))
    }

    /// Methods that combine two tensors: comparisons, and the larger or smaller of two.
    static let methods: [Binding] = [
        comparison("eq", .equal, "equal"), comparison("ne", .notEqual, "not equal"),
        comparison("lt", .less, "less"), comparison("le", .lessOrEqual, "less or equal"),
        comparison("gt", .greater, "greater"), comparison("ge", .greaterOrEqual, "greater or equal"),
        binary("maximum", .maximum, "The larger of two, element by element."),
        binary("minimum", .minimum, "The smaller of two, element by element."),
    ]

    private static func comparison(_ name: String, _ operation: BinaryOperation, _ words: String) -> Binding {
        binary(name, operation, "1 where the elements are \(words), 0 elsewhere.")
    }

    private static func binary(_ name: String, _ operation: BinaryOperation, _ help: String) -> Binding {
        .method(
            name, of: LuaTensor.self, [.required("other", .tensorLike, "a tensor that broadcasts, or a number")],
            result: .host("tensor"), help: help
        ) { tensor, arguments in
            let operands = [try tensor.value, try arguments.tensor("other")]
            return [.object(LuaTensor(try apply(operation, operands, in: arguments.state.session)))]
        }
    }
}
