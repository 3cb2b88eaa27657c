public import PeriluneGraph
public import PeriluneItems

/// The weighted harmonic mean of precision and recall of each class (keras.metrics.FBetaScore).
///
/// Prediction [n, classes]; truth one-hot [n, classes], or class numbers [n], which Keras does not take. A single
/// output is compared with 0.5 where no threshold is given; Keras takes it for a yes always.
public struct FBetaScore: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "fbeta_score", aliases: ["f_beta_score"], FBetaScore(),
        options: [
            .optional("beta", \.beta, .number(.above(0)), "how much more recall counts"),
            .optional("average", \.average, .choice(), "how the classes' scores become one"),
            .optional("threshold", \.threshold, .number(.within(0...1)), "outputs above it are positive"),
            .name(\.name),
        ],
        help: "The weighted harmonic mean of precision and recall."
    ) {
        try FBetaScore(
            beta: $0[\.beta], average: $0[\.average], threshold: $0[\.threshold], name: $0[\.name])
    }

    /// How the classes' scores become one.
    public enum Average: String, Hashable, Sendable, CaseIterable {
        /// The score of the counts of all classes together.
        case micro
        /// The mean of the scores.
        case macro
        /// The mean weighted by how often a class is true.
        case weighted
    }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let beta: Float
    public let average: Average
    public let threshold: Float?

    /// - Parameters:
    ///   - beta: how much more recall counts than precision, above 0.
    ///   - average: Keras's None, a score for each class, is not there.
    ///   - threshold: predictions above it are positive; the largest alone where nil.
    public init(
        beta: Float = 1, average: Average = .macro, threshold: Float? = nil, name: String = "fbeta_score"
    ) {
        self.beta = beta
        self.average = average
        self.threshold = threshold
        self.name = name
    }

    /// True positives of each class, then false positives, then false negatives.
    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try Argument.finitePositive("beta of \(name)", beta)
        if let threshold { try Argument.within("threshold of \(name)", threshold, 0...1) }
        let isSparse = yTrue.rank == yPred.rank - 1 || (yTrue.rank == yPred.rank && yTrue.shape.dimensions.last == 1)
        let classes = yPred.shape.dimensions.last ?? 1
        let truth =
            isSparse && classes > 1
            ? try LabelShapes.sparse(yTrue, yPred, name).oneHot(depth: classes) : yTrue
        let (y, p) = try LabelShapes.matched(truth, yPred, name)
        guard p.rank == 2 else {
            throw ModelError(.shapeMismatch, "\(name): y_pred must be [n, classes], got shape \(yPred.shape)")
        }
        let positive =
            if let threshold = threshold ?? (classes == 1 ? 0.5 : nil) {
                try p.combined(.greater, threshold)
            } else {
                try p.combined(.greaterOrEqual, p.maximum(over: [-1], keepingAxes: true))
                    * p.absolute().combined(.greater, 1e-9)
            }
        let weights = try sampleWeight.map { try SampleWeight.flat($0, count: y.shape[0]).expandingAxis(1) }
        func sum(_ hits: SymbolicTensor) throws -> SymbolicTensor {
            try (weights.map { try hits * $0 } ?? hits).sum([0])
        }
        return try .concatenated([sum(positive * y), sum(positive * (1 - y)), sum((1 - positive) * y)], axis: 0)
    }

    public func result(_ sums: [Double]) -> Double {
        let classes = sums.count / 3
        let (tp, fp, fn) = (sums[..<classes], sums[classes..<2 * classes], sums[(2 * classes)...].prefix(classes))
        if average == .micro { return score(tp.reduce(0, +), fp.reduce(0, +), fn.reduce(0, +)) }
        let scores = (0..<classes).map { score(sums[$0], sums[classes + $0], sums[2 * classes + $0]) }
        guard average == .weighted else { return Ratio.of(scores.reduce(0, +), Double(classes)) }
        let support = (0..<classes).map { sums[$0] + sums[2 * classes + $0] }
        return zip(scores, support).reduce(0) { $0 + $1.0 * $1.1 } / (support.reduce(0, +) + 1e-7)
    }

    private func score(_ tp: Double, _ fp: Double, _ fn: Double) -> Double {
        // Keras's epsilon of 1e-7 in each denominator.
        let (precision, recall) = (tp / (tp + fp + 1e-7), tp / (tp + fn + 1e-7))
        let square = Double(beta) * Double(beta)
        return precision * recall * (square + 1) / (square * precision + recall + 1e-7)
    }
}
