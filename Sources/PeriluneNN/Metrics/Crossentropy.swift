public import PeriluneGraph

/// `crossentropy`: the binary, categorical or sparse categorical cross-entropy, chosen as `Accuracy` chooses.
public struct Crossentropy: Metric, Hashable, Sendable {
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

extension LabelKind {
    /// What labels these shapes have: by the loss where it says so, otherwise by the shapes as in Keras.
    static func of(loss: (any Loss)?, yTrue: Shape, yPred: Shape) -> LabelKind {
        let classes = yPred.dimensions.last ?? 1
        let isSparse = classes > 1 && (yTrue.rank < yPred.rank || yTrue.dimensions.last == 1)
        if classes <= 1 { return .binary }
        if isSparse { return .sparse }
        return loss?.labels == .binary ? .binary : .categorical
    }
}
