public import PeriluneGraph
public import PeriluneItems

/// `accuracy`: binary, categorical or sparse categorical accuracy, by the loss and the shapes.
///
/// Keras looks at shapes alone. Perilune looks at the loss first: with a binary cross-entropy on several outputs the
/// accuracy is the binary one, where Keras would compare the largest outputs.
public struct Accuracy: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "accuracy", aliases: ["acc"], Accuracy(),
        options: [.name(\.name)],
        help: "Binary, categorical or sparse accuracy, as the loss and the shapes say."
    ) { try Accuracy(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize

    public init(name: String = "accuracy") { self.name = name }

    public func resolved(loss: (any Loss)?, yTrue: TensorSpec, yPred: TensorSpec) -> any Metric {
        switch LabelKind.of(loss: loss, yTrue: yTrue.shape, yPred: yPred.shape) {
        case .binary: BinaryAccuracy(name: name)
        case .categorical: CategoricalAccuracy(name: name)
        case .sparse: SparseCategoricalAccuracy(name: name)
        }
    }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try resolved(loss: nil, yTrue: yTrue.spec, yPred: yPred.spec)
            .statistics(yTrue, yPred, sampleWeight: sampleWeight)
    }

    public func result(_ sums: [Double]) -> Double { Ratio.ofEnds(sums) }
}
