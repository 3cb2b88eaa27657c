public import PeriluneGraph
public import PeriluneItems

/// The root of the mean of `(y_true - y_pred)²` (keras.metrics.RootMeanSquaredError).
public struct RootMeanSquaredError: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "root_mean_squared_error", aliases: ["rmse"], RootMeanSquaredError(),
        options: [.name(\.name)],
        help: "The square root of the mean squared error."
    ) { try RootMeanSquaredError(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .minimize

    public init(name: String = "root_mean_squared_error") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try MeanSquaredError().perSample(yTrue, Prediction(yPred))
    }

    public func result(_ sums: [Double]) -> Double { Ratio.ofEnds(sums).squareRoot() }
}
