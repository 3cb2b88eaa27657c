public import PeriluneGraph
import PeriluneItems

/// A gated recurrent unit (Cho et al. 2014, keras.layers.GRUCell): `h ← z · h + (1 − z) · h'` with the update gate
/// `z = σ(x · kernel + h · recurrent_kernel + bias)`, the reset gate r alike, and
/// `h' = tanh(x · kernel + r · (h · recurrent_kernel) + bias)`; without `resetsAfter`, `(r · h) · recurrent_kernel`.
///
/// Weights `kernel` [inputs, 3 units], `recurrent_kernel` [units, 3 units], the gates in the order z, r, h', and `bias`
/// [2, 3 units], that of the inputs and that of the state; without `resetsAfter` [3 units].
public struct GRURecurrence: Recurrence {
    public static let stateCount = 1

    static let options: [ItemOption<GRURecurrence>] =
        [.activation(\.activation), .recurrentActivation(\.recurrentActivation)]
        + ItemOption.recurrent
        + [
            .optional(
                "reset_after", \.resetsAfter, .boolean, "whether the reset gate comes after the recurrent product")
        ]

    public var units: Int
    public var activation: Activation = .tanh
    public var recurrentActivation: Activation = .sigmoid
    public var usesBias = true
    public var kernel: WeightOptions = .kernel
    public var recurrent: WeightOptions = .recurrent
    public var bias: WeightOptions = .zeros
    public var dropout: Float = 0
    public var recurrentDropout: Float = 0
    public var resetsAfter = true

    public init(_ units: Int) { self.units = units }

    public func validate() throws {
        try validateShares()
        try activation.validate()
        try recurrentActivation.validate()
    }

    public func declareWeights(inputs: Int) -> [WeightDeclaration] {
        let bias = WeightDeclaration("bias", resetsAfter ? [2, 3 * units] : [3 * units], bias)
        return [
            WeightDeclaration("kernel", [inputs, 3 * units], kernel),
            WeightDeclaration("recurrent_kernel", [units, 3 * units], recurrent),
        ] + (usesBias ? [bias] : [])
    }

    public func step(
        _ x: SymbolicTensor, _ states: [SymbolicTensor], _ weights: [SymbolicTensor]
    ) throws -> [SymbolicTensor] {
        let state = states[0]
        /// The bias of the inputs, or, as the second row, that of the state.
        func bias(_ row: Int) throws -> SymbolicTensor {
            guard resetsAfter else { return weights[2] }
            return try weights[2].sliced(starts: [row, 0], extents: [1, 3 * units]).reshaped(to: [3 * units])
        }
        var row = try x.matmul(weights[0])
        if usesBias { row = try row + bias(0) }
        let inputs = try row.gates(3)
        let update, reset, candidate: SymbolicTensor
        if resetsAfter {
            var product = try state.matmul(weights[1])
            if usesBias { product = try product + bias(1) }
            let inner = try product.gates(3)
            update = try recurrentActivation.apply(inputs[0] + inner[0])
            reset = try recurrentActivation.apply(inputs[1] + inner[1])
            candidate = try activation.apply(inputs[2] + reset * inner[2])
        } else {
            let kernels = try weights[1].gates(3)
            update = try recurrentActivation.apply(inputs[0] + state.matmul(kernels[0]))
            reset = try recurrentActivation.apply(inputs[1] + state.matmul(kernels[1]))
            candidate = try activation.apply(inputs[2] + (reset * state).matmul(kernels[2]))
        }
        return [try update * state + (1 - update) * candidate]
    }
}
