internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneRuntime

// Running operations at once.
extension Session {
    /// The value of an operation on tensors, by the kernels that training uses. `key` names the operation with all its
    /// attributes; int32 operands count as float32 unless `keepsIntegers`.
    func evaluate(
        _ key: String, _ operands: [Tensor], keepsIntegers: Bool = false,
        _ body: ([SymbolicTensor]) throws -> SymbolicTensor
    ) throws -> Tensor {
        try evaluator.evaluate(operands, key: key) { builder, symbols in
            let inputs = try keepsIntegers ? symbols : symbols.map { try $0.cast(to: .float32) }
            let result = try body(inputs)
            for node in builder.graph.nodes {
                for output in node.outputs { try TensorLimits.check(output.shape, budget) }
            }
            return result
        }
    }
}

extension Arguments {
    /// The result of an operation on the receiver and perhaps others.
    func evaluated(
        _ key: String, _ operands: [Tensor], keepsIntegers: Bool = false,
        _ body: ([SymbolicTensor]) throws -> SymbolicTensor
    ) throws -> [LuaValue] {
        let result = try state.session.evaluate(key, operands, keepsIntegers: keepsIntegers, body)
        return [.object(LuaTensor(result))]
    }

    /// The tensor that a parameter of type `tensorLike` stands for.
    /// - Parameter dtype: what it has to be without loss; nil for what it is, float32 where it is no tensor yet.
    func tensor(_ name: String, dtype: DType? = nil) throws -> Tensor {
        do {
            return try dtype.map { try TensorFromLua.tensor(value(name), as: $0) } ?? TensorFromLua.tensor(value(name))
        } catch let error as TensorFault {
            throw fault(name, error.description)
        }
    }
}

extension ParameterType {
    /// A tensor, or what one can be made of.
    static var tensorLike: Self {
        .named("tensor", .union([.host("tensor"), .number(.all), .boolean, .list(.any)]))
    }

    static var dtype: Self { .enumeration(DType.allCases.map(\.rawValue)) }

    /// One axis or several.
    static var axes: Self { .named("axis", .either(.integer, .list(.integer))) }
}
