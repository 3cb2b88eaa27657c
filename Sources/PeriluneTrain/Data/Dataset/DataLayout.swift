public import PeriluneGraph

/// One input or target of a data set: its name, and the shape and type it has per example.
public struct DataField: Hashable, Sendable {
    public let name: String
    /// Shape and element type of one example, without the batch axis; a label has the scalar shape.
    public let spec: TensorSpec
    /// The name of each element, for a table with named columns; otherwise empty.
    public let columnNames: [String]
    /// What the class numbers stand for, from class 0 up; empty where that is unknown.
    public let classNames: [String]

    public init(name: String, spec: TensorSpec, columnNames: [String] = [], classNames: [String] = []) {
        self.name = name
        self.spec = spec
        self.columnNames = columnNames
        self.classNames = classNames
    }

    /// What an error calls the element at flat index `element`: the column's name, or `x[2,5]` as Lua would index it.
    func columnName(_ element: Int) -> String {
        if columnNames.indices.contains(element) { return columnNames[element] }
        if spec.shape.rank == 0 { return name }
        let strides = spec.shape.rowMajorStrides
        let index = zip(strides, spec.shape.dimensions).map { String(element / $0 % $1 + 1) }
        return "\(name)[\(index.joined(separator: ","))]"
    }

    func converted(to dtype: DType) -> DataField {
        DataField(name: name, spec: TensorSpec(spec.shape, dtype), columnNames: columnNames, classNames: classNames)
    }
}

/// What every batch of a data set holds.
public struct DataLayout: Hashable, Sendable {
    public var inputs: [DataField]
    /// Empty for data that is only predicted on, or that is its own target.
    public var targets: [DataField]
    /// Whether each example carries a weight: float32, one per example.
    public var hasSampleWeights: Bool

    public init(inputs: [DataField], targets: [DataField] = [], hasSampleWeights: Bool = false) {
        self.inputs = inputs
        self.targets = targets
        self.hasSampleWeights = hasSampleWeights
    }

    /// Inputs, targets, then weights: the order in which a batch keeps its buffers.
    var slots: [TensorSpec] {
        inputs.map(\.spec) + targets.map(\.spec) + (hasSampleWeights ? [TensorSpec(.scalar)] : [])
    }
}
