public import PeriluneGraph
public import PeriluneItems

/// How an optimizer turns gradients into new parameters, as graph nodes. One file a rule.
///
/// Scalars that change from step to step reach the graph as run-time scalars: changing one never recompiles. What a
/// rule derives from them (bias corrections, say) is computed on the host in double precision.
public protocol UpdateRule: Sendable {
    /// Keras's class name in snake_case: `adam`.
    var name: String { get }

    /// The rule's own hyper-parameters with their values, besides `learning_rate`, `weight_decay` and clipping.
    var hyperparameters: [Hyperparameter] { get }

    /// Options that stay as they are while the rule is in use, by name: whether SGD looks ahead, say.
    var fixedOptions: [String: OptionValue] { get }

    /// The states that a parameter has. Depends on the parameter's shape and place, and on which of the own
    /// hyper-parameters are other than 0.
    func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration]

    /// How many scalars `fillScalars` gives.
    var scalarCount: Int { get }

    /// Which of them is the learning rate, or in proportion to it; no other depends on it, but for one that `decay`
    /// names.
    var rateScalar: Int { get }

    /// What a parameter shrinks by before its update.
    func decay(of parameter: TrainedParameter, values: UpdateValues) -> DecayFactor

    /// Writes the scalars of a step.
    /// - Parameters:
    ///   - step: updates up to and with this one: 1 for the first.
    ///   - values: the hyper-parameters of this step.
    ///   - scalars: takes `scalarCount` numbers.
    func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues)

    /// Emits the update of one parameter.
    /// - Returns: the parameter after the step and the states after it, in the order of `slots`.
    func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor])
}

extension UpdateRule {
    public var fixedOptions: [String: OptionValue] { [:] }

    public func decay(of parameter: TrainedParameter, values: UpdateValues) -> DecayFactor { .common }
}

/// The factor of the decoupled weight decay of one parameter.
public enum DecayFactor: Hashable, Sendable {
    /// That of the optimizer's `weight_decay`.
    case common
    /// One of the rule's scalars, by its place: 1 minus the learning rate times a decay of the rule's own.
    case scalar(Int)
    /// None: the parameter does not decay.
    case none
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
