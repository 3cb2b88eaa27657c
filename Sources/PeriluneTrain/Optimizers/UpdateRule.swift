public import PeriluneGraph

/// A state of the optimizer for one parameter: a moment, an accumulator, a velocity.
public struct SlotDeclaration: Hashable, Sendable {
    public let name: String
    /// The value of all elements before the first step.
    public let initial: Float

    public init(_ name: String, initial: Float = 0) {
        self.name = name
        self.initial = initial
    }
}

/// How an optimizer turns gradients into new parameters, as graph nodes. One file a rule.
///
/// Scalars that change from step to step reach the graph as run-time scalars: changing one never recompiles. What a
/// rule derives from them (bias corrections, say) is computed on the host in double precision.
public protocol UpdateRule: Sendable {
    /// Keras's class name in snake_case: `adam`.
    var name: String { get }

    /// The rule's own hyper-parameters with their values, besides `learning_rate`, `weight_decay` and clipping.
    var hyperparameters: [Hyperparameter] { get }

    /// The states that each parameter has. Depends on which of the own hyper-parameters are other than 0.
    func slots(_ values: UpdateValues) -> [SlotDeclaration]

    /// How many scalars `fillScalars` gives.
    var scalarCount: Int { get }

    /// Which of them is the learning rate, or in proportion to it; no other depends on it.
    var rateScalar: Int { get }

    /// Writes the scalars of a step.
    /// - Parameters:
    ///   - step: updates up to and with this one: 1 for the first.
    ///   - values: the hyper-parameters of this step.
    ///   - scalars: takes `scalarCount` numbers.
    func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues)

    /// Emits the update of one parameter.
    /// - Returns: the parameter after the step and the states after it, in the order of `slots`.
    func update(
        _ parameter: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor], scalars: [SymbolicTensor],
        values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor])
}

/// The hyper-parameters as a rule reads them.
public struct UpdateValues: Sendable {
    /// The learning rate of this step: the schedule's, scaled.
    public let learningRate: Double
    /// The rule's own, in the order it declared them.
    public let own: [Double]
    /// Which of the own ones are, or have been, other than 0: the graph has nodes for these alone.
    public let isUsed: [Bool]

    public init(learningRate: Double, own: [Double], isUsed: [Bool]) {
        self.learningRate = learningRate
        self.own = own
        self.isUsed = isUsed
    }
}
