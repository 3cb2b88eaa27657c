public import PeriluneGraph
public import PeriluneItems

/// `crossentropy`: the binary, categorical or sparse categorical cross-entropy, chosen as `Accuracy` chooses.
public struct Crossentropy: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "crossentropy", aliases: ["ce"], Crossentropy(),
        options: [.name(\.name)],
        help: "Binary, categorical or sparse cross-entropy, as the loss and the shapes say."
    ) { try Crossentropy(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .minimize

    public init(name: String = "crossentropy") { self.name = name }

    public func resolved(loss: (any Loss)?, yTrue: TensorSpec, yPred: TensorSpec) -> any Metric {
        let chosen: any Loss =
            switch LabelKind.of(loss: loss, yTrue: yTrue.shape, yPred: yPred.shape) {
            case .binary: BinaryCrossentropy(fromLogits: false)
            case .categorical: CategoricalCrossentropy(fromLogits: false)
            case .sparse: SparseCategoricalCrossentropy(fromLogits: false)
            }
        return LossMetric(chosen, name: name)
    }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try resolved(loss: nil, yTrue: yTrue.spec, yPred: yPred.spec)
            .statistics(yTrue, yPred, sampleWeight: sampleWeight)
    }

    public func result(_ sums: [Double]) -> Double { Ratio.ofEnds(sums) }
}
