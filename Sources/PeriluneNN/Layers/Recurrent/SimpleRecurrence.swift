public import PeriluneGraph
import PeriluneItems

/// `h ← activation(x · kernel + bias + h · recurrent_kernel)` (Elman 1990, keras.layers.SimpleRNNCell).
///
/// Weights `kernel` [inputs, units], `recurrent_kernel` [units, units], `bias` [units].
public struct SimpleRecurrence: Recurrence {
    public static let stateCount = 1

    static let options: [ItemOption<SimpleRecurrence>] =
        [.activation(\.activation)]
        + ItemOption.recurrent

    public var units: Int
    public var activation: Activation = .tanh
    public var usesBias = true
    public var kernel: WeightOptions = .kernel
    public var recurrent: WeightOptions = .recurrent
    public var bias: WeightOptions = .zeros
    public var dropout: Float = 0
    public var recurrentDropout: Float = 0

    public init(_ units: Int) { self.units = units }

    public func validate() throws {
        try validateShares()
        try activation.validate()
    }

    public func declareWeights(inputs: Int) -> [WeightDeclaration] {
        [
            WeightDeclaration("kernel", [inputs, units], kernel),
            WeightDeclaration("recurrent_kernel", [units, units], recurrent),
        ] + (usesBias ? [WeightDeclaration("bias", [units], bias)] : [])
    }

    public func step(
        _ x: SymbolicTensor, _ states: [SymbolicTensor], _ weights: [SymbolicTensor]
    ) throws -> [SymbolicTensor] {
        var row = try x.matmul(weights[0])
        if usesBias { row = try row + weights[2] }
        return try [activation.apply(row + states[0].matmul(weights[1]))]
    }
}
