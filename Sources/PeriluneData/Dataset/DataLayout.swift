public import PeriluneGraph

/// One input or target of a data set: its name, and the shape and type it has per example.
public struct DataField: Hashable, Sendable {
    public let name: String
    /// Shape and element type of one example, without the batch axis; a label has the scalar shape.
    public let spec: TensorSpec
    /// The name of each element, for a table with named columns; otherwise empty.
    public let columnNames: [String]
    /// What class numbers stand for, from class 0 up, by the flat index of the element that is one; an element that is
    /// not in it is a number, or what its classes are is unknown.
    public let vocabularies: [Int: [String]]

    /// What the class numbers of a label stand for, from class 0 up; empty where that is unknown.
    public var classNames: [String] { vocabularies[0] ?? [] }

    public init(name: String, spec: TensorSpec, columnNames: [String] = [], classNames: [String] = []) {
        self.init(
            name: name, spec: spec, columnNames: columnNames, vocabularies: classNames.isEmpty ? [:] : [0: classNames])
    }

    public init(name: String, spec: TensorSpec, columnNames: [String] = [], vocabularies: [Int: [String]]) {
        self.name = name
        self.spec = spec
        self.columnNames = columnNames
        self.vocabularies = vocabularies
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
        DataField(name: name, spec: TensorSpec(spec.shape, dtype), columnNames: columnNames, vocabularies: vocabularies)
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

extension DataLayout {
    /// Whether the words of some class numbers are known.
    package var hasVocabularies: Bool { (inputs + targets).contains { !$0.vocabularies.isEmpty } }

    /// Checks that class numbers mean the same words here as in the data that a model was trained with; where one of
    /// the two does not know its words there is nothing to compare.
    ///
    /// - Throws: `DataError` that names the column.
    package func checkVocabularies(like trained: DataLayout) throws {
        for (field, other) in Array(zip(inputs, trained.inputs)) + Array(zip(targets, trained.targets)) {
            for (element, words) in field.vocabularies.sorted(by: { $0.key < $1.key }) {
                guard let known = other.vocabularies[element], known != words else { continue }
                throw DataError(
                    .mismatch,
                    "the classes are \(Self.list(words)) where the model was trained with \(Self.list(known)); "
                        + "read this "
                        + "file like the other one (like), or compile the model anew to train it on other classes",
                    column: field.columnName(element))
            }
        }
    }

    private static func list(_ words: [String]) -> String {
        words.prefix(6).joined(separator: ", ") + (words.count > 6 ? ", … (\(words.count))" : "")
    }
}
