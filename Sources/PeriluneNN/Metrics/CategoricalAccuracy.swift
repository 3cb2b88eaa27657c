public import PeriluneGraph
public import PeriluneItems

/// The share of samples whose largest prediction is at the largest of the one-hot truth.
public struct CategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "categorical_accuracy", CategoricalAccuracy(),
        options: [.name(\.name)],
        help: "The share of rows whose largest output is at the one of the one-hot row."
    ) { try CategoricalAccuracy(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false

    public init(name: String = "categorical_accuracy") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        return try LabelShapes.perSample(p.argMax().combined(.equal, y.argMax()))
    }
}
