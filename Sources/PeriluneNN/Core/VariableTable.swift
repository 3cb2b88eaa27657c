public import PeriluneGraph

/// A weight's place in one model: its number in graphs and its path in files.
public struct ModelVariable {
    public let id: VariableID
    /// The path by which checkpoints and `get_weights` know it: `dense/kernel`, within submodels
    /// `encoder/dense/kernel`.
    public let path: String
    public let weight: Weight
    /// The layers that hold it, from the outermost in; the last one is its own.
    public let owners: [any Layer]

    public var name: String { weight.name }
    public var spec: TensorSpec { weight.spec }
    public var shape: Shape { weight.declaration.shape }
    public var role: WeightDeclaration.Role { weight.declaration.role }
    public var regularizer: (any Regularizer)? { weight.declaration.regularizer }
    public var constraint: (any Constraint)? { weight.declaration.constraint }

    /// Whether the optimizer may change it now: it is a parameter, and its layer is not frozen.
    public var isTrainable: Bool { role == .parameter && owners.last?.isTrainable != false }

    /// The value at the start of training: the same for the same seed and path, whatever else the model has.
    /// - Throws: `ModelError` where the initializer does not fit the shape.
    public func initialValue(seed: UInt64) throws -> Tensor {
        do {
            return try weight.declaration.initializer.makeTensor(
                shape: shape, seed: seed, stream: Philox.stream(named: path))
        } catch let error as ModelError {
            throw ModelError(error.code, "weight '\(path)': \(error.message)", layerPath: error.layerPath)
        }
    }
}

/// The weights of a model, numbered in the order in which its layers are first called, as Keras orders `get_weights`.
public struct VariableTable {
    public private(set) var entries: [ModelVariable] = []
    private var indexByWeight: [ObjectIdentifier: Int] = [:]
    private var indexByPath: [String: Int] = [:]

    public init() {}

    public var count: Int { entries.count }

    /// The weights that the optimizer may change now; see `ModelVariable.isTrainable`.
    public var trainable: [ModelVariable] { entries.filter(\.isTrainable) }

    public subscript(path: String) -> ModelVariable? { indexByPath[path].map { entries[$0] } }

    public subscript(weight: Weight) -> ModelVariable? { indexByWeight[ObjectIdentifier(weight)].map { entries[$0] } }

    /// The variable that `id` numbers, or nil where another table (of optimizer slots, say) gave the number.
    public subscript(id: VariableID) -> ModelVariable? {
        entries.indices.contains(id.index) ? entries[id.index] : nil
    }

    /// Numbers `weight`, unless it has a number already.
    mutating func add(_ weight: Weight, path: String, owners: [any Layer]) {
        guard indexByWeight[ObjectIdentifier(weight)] == nil else { return }
        indexByWeight[ObjectIdentifier(weight)] = entries.count
        indexByPath[path] = entries.count
        entries.append(
            ModelVariable(id: VariableID(index: entries.count), path: path, weight: weight, owners: owners))
    }
}
