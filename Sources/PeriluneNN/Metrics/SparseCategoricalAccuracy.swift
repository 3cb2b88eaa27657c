public import PeriluneGraph
public import PeriluneItems

/// The share of samples whose largest prediction is at the class that the truth numbers.
public struct SparseCategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "sparse_categorical_accuracy", SparseCategoricalAccuracy(),
        options: [.name(\.name)],
        help: "The share of rows whose largest output is at the class number."
    ) { try SparseCategoricalAccuracy(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false

    public init(name: String = "sparse_categorical_accuracy") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        let labels = try LabelShapes.sparse(yTrue, yPred, name)
        return try LabelShapes.perSample(yPred.argMax().combined(.equal, labels))
    }
}
