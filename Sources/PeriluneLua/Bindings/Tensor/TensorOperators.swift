internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// Arithmetic of tensors with each other and with numbers.
enum TensorOperators {
    static let all = arithmetic.merging(TensorAsNumber.operators) { own, _ in own }

    private static let arithmetic: [LuaMetamethod: ClassBinding.Operator] = [
        .add: { try combine($0, .add, "add") },
        .subtract: { try combine($0, .subtract, "subtract") },
        .multiply: { try combine($0, .multiply, "multiply") },
        .divide: { try combine($0, .divide, "divide") },
        .power: { try combine($0, .power, "raise to a power") },
        .negate: { call in
            let tensor = try call.object(1, as: LuaTensor.self)?.value ?? Tensor(0)
            if let result = try IntegerArithmetic.combine(.subtract, Tensor([0] as [Int32], shape: .scalar), tensor) {
                return [.object(LuaTensor(result))]
            }
            return [.object(LuaTensor(try call.state.session.evaluate("neg", [tensor]) { try -$0[0] }))]
        },
        .length: { call in
            guard let tensor = call.object(1, as: LuaTensor.self) else { return [0] }
            return [.integer(try tensor.value.shape.dimensions.first ?? 1)]
        },
    ]

    private static func combine(
        _ call: LuaCall, _ operation: BinaryOperation, _ verb: String
    ) throws -> [LuaValue] {
        // A whole number stays one beside whole numbers.
        let areWhole = try [1, 2].contains { try call.object($0, as: LuaTensor.self)?.value.dtype == .int32 }
        let operands = try [1, 2].map { try operand(call, $0, verb, areWhole) }
        return [.object(LuaTensor(try apply(operation, operands, in: call.state.session)))]
    }

    static func apply(_ operation: BinaryOperation, _ operands: [Tensor], in session: Session) throws -> Tensor {
        if let result = try IntegerArithmetic.combine(operation, operands[0], operands[1]) { return result }
        return try session.evaluate(operation.rawValue, operands) { try $0[0].combined(operation, $0[1]) }
    }

    private static func operand(_ call: LuaCall, _ position: Int, _ verb: String, _ areWhole: Bool) throws -> Tensor {
        if let tensor = call.object(position, as: LuaTensor.self) { return try tensor.value }
        let value = call[position]
        guard let number = value.number else {
            throw TensorFault("cannot \(verb): tensor or number expected, got \(call.state.shownText(of: value))")
        }
        return areWhole ? scalar(value) ?? Tensor(Float(number)) : Tensor(Float(number))
    }

    /// An int32 scalar of a whole number that fits one.
    private static func scalar(_ value: LuaValue) -> Tensor? {
        guard case .integer(let whole) = value, let number = Int32(exactly: whole) else { return nil }
        return Tensor([number], shape: .scalar)
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
            let value = try tensor.value
            let whole = value.dtype == .int32 ? scalar(try arguments.value("other")) : nil
            let operands = [value, try whole ?? arguments.tensor("other")]
            return [.object(LuaTensor(try apply(operation, operands, in: arguments.state.session)))]
        }
    }
}
