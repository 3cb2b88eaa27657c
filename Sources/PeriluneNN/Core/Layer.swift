public import PeriluneGraph

/// A step of a model: weights, and how they act on tensors.
///
/// Layers are objects, because their identity matters: calling one twice shares its weights. A layer says what weights
/// it needs for given inputs, and emits its arithmetic to a graph; output shapes come from the graph, so they are
/// written down once. Layers never run anything. A layer belongs to the task that made it.
///
/// Layers of one input adopt `SingleInputLayer`, which is shorter.
public protocol Layer: AnyObject {
    /// Keras's name of the kind in snake_case: `dense`, `max_pooling2d`.
    static var kind: String { get }

    /// Name, weights and whatever else all layers have.
    var core: LayerCore { get }

    /// The layers within this one, in the order of their weights.
    var sublayers: [any Layer] { get }

    /// The layer as one step of a recurrent one, and as a recurrent one itself; nil where it is none.
    var asRecurrentCell: (any RecurrentCell)? { get }
    var asRecurrentLayer: (any RecurrentLayer)? { get }

    /// Checks the options that do not depend on an input. Called before the layer is built.
    /// - Throws: `ModelError.invalidArgument` with the option's name and what it may be.
    func validate() throws

    /// The weights for inputs of these specs, whose first axis is the batch. Must not depend on the batch's extent.
    ///
    /// Called for every graph, so that a built layer notices inputs that do not fit its weights.
    /// - Throws: `ModelError.shapeMismatch` where the layer does not take such inputs.
    func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration]

    /// Emits the layer's arithmetic. The first axis of each input and output is the batch.
    /// - Throws: `ModelError` or `GraphError`; the caller adds the layer's name and the input shapes.
    func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor]
}

extension Layer {
    public var sublayers: [any Layer] { [] }
    public var asRecurrentCell: (any RecurrentCell)? { nil }
    public var asRecurrentLayer: (any RecurrentLayer)? { nil }
    public func validate() throws {}
    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] { [] }

    /// The name within its model; the kind until a model gave it one.
    public var name: String { core.name ?? type(of: self).kind }

    /// Whether the optimizer may change the layer's weights. Takes effect when the next graph is built.
    ///
    /// As in Keras, setting it sets it on all layers within, and what is set later on one of those counts for that one.
    public var isTrainable: Bool {
        get { core.isTrainable }
        set {
            core.isTrainable = newValue
            for layer in sublayers { layer.isTrainable = newValue }
        }
    }

    /// The layer's own weights; empty until it is built.
    public var weights: [Weight] { core.weights }

    /// The number of elements of all weights, those of sublayers included; weights shared by sublayers count once.
    public var parameterCount: Int { allWeights.reduce(0) { $0 + $1.spec.shape.elementCount } }

    /// Whether `layer` is this one or within it.
    func contains(_ layer: any Layer) -> Bool { self === layer || sublayers.contains { $0.contains(layer) } }

    /// The layer's weights and those of its sublayers, each once.
    public var allWeights: [Weight] {
        var seen: Set<ObjectIdentifier> = []
        return (weights + sublayers.flatMap(\.allWeights)).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
}

/// What every layer has.
public final class LayerCore {
    /// The name the user gave, or the one that the first model gave; nil before.
    public internal(set) var name: String?
    /// Whether a model made the name up, so that another model may change it.
    private(set) var isNamedByModel: Bool
    /// The layer's own flag: see `Layer.isTrainable`.
    public var isTrainable: Bool
    /// Adds to the loss by the layer's output, divided by the batch size.
    public var activityRegularizer: (any Regularizer)?

    /// The inputs that the layer was built for, without the batch axis; nil before it is built.
    public internal(set) var inputs: [TensorSpec]?
    /// The outputs of the first call, without the batch axis.
    public internal(set) var outputs: [TensorSpec]?
    public internal(set) var weights: [Weight] = []
    var extent = LayerExtent()
    /// A model that has the layer as its own.
    weak var owner: LayerCore?

    /// - Parameter name: nil to let the model choose `dense`, `dense_1`, ….
    public init(name: String? = nil, isTrainable: Bool = true) {
        self.name = name
        self.isNamedByModel = name == nil
        self.isTrainable = isTrainable
    }

    public var isBuilt: Bool { inputs != nil }

    /// Takes a name that the user gave.
    func keepName(_ name: String) {
        self.name = name
        isNamedByModel = false
    }
}
