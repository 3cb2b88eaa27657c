public import PeriluneGraph
import PeriluneItems

/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000;
/// keras.layers.LSTMCell): with `i, f, g, o = x · kernel + h · recurrent_kernel + bias`,
/// `c ← σ(f) · c + σ(i) · tanh(g)`, `h ← σ(o) · tanh(c)`.
///
/// States h and c. Weights `kernel` [inputs, 4 units], `recurrent_kernel` [units, 4 units], `bias` [4 units], the gates
/// in the order input, forget, cell, output.
public struct LSTMRecurrence: Recurrence {
    public static let stateCount = 2

    static let options: [ItemOption<LSTMRecurrence>] =
        [.activation(\.activation), .recurrentActivation(\.recurrentActivation)]
        + ItemOption.recurrent
        + [.optional("unit_forget_bias", \.forgets, .boolean, "whether the forget gate's bias begins as 1")]

    public var units: Int
    public var activation: Activation = .tanh
    public var recurrentActivation: Activation = .sigmoid
    public var usesBias = true
    public var kernel: WeightOptions = .kernel
    public var recurrent: WeightOptions = .recurrent
    public var bias: WeightOptions = .zeros
    public var dropout: Float = 0
    public var recurrentDropout: Float = 0
    /// Whether the forget gate's bias begins as 1 (Jozefowicz et al. 2015).
    public var forgets = true

    public init(_ units: Int) { self.units = units }

    public func validate() throws {
        try validateShares()
        try activation.validate()
        try recurrentActivation.validate()
    }

    public func declareWeights(inputs: Int) -> [WeightDeclaration] {
        var declarations = [
            WeightDeclaration("kernel", [inputs, 4 * units], kernel),
            WeightDeclaration("recurrent_kernel", [units, 4 * units], recurrent),
        ]
        guard usesBias else { return declarations }
        var bias = bias
        if forgets { bias.initializer = ForgetGateBias(others: bias.initializer) }
        declarations.append(WeightDeclaration("bias", [4 * units], bias))
        return declarations
    }

    public func step(
        _ x: SymbolicTensor, _ states: [SymbolicTensor], _ weights: [SymbolicTensor]
    ) throws -> [SymbolicTensor] {
        var row = try x.matmul(weights[0])
        if usesBias { row = try row + weights[2] }
        let gates = try (row + states[0].matmul(weights[1])).gates(4)
        let (input, forget) = try (recurrentActivation.apply(gates[0]), recurrentActivation.apply(gates[1]))
        let cell = try forget * states[1] + input * activation.apply(gates[2])
        return try [recurrentActivation.apply(gates[3]) * activation.apply(cell), cell]
    }
}

/// The bias of four gates, of which the second begins as 1.
struct ForgetGateBias: Initializer {
    static let name = "forget_gate_bias"

    let others: any Initializer

    func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        var values = try others.makeTensor(shape: shape, seed: seed, stream: stream).floats
        let units = shape.elementCount / 4
        for index in units..<2 * units { values[index] = 1 }
        return Tensor(values, shape: shape)
    }
}
