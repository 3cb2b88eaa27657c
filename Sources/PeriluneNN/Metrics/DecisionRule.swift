import PeriluneGraph

/// How predictions become yes or no, for precision, recall and counts.
public struct DecisionRule: Hashable, Sendable {
    /// Predictions above it are positive; nil for 0.5, or for all of the largest where `topK` is given.
    public let threshold: Float?
    /// Only the largest so many of the last axis may be positive.
    public let topK: Int?
    /// Only this class of the last axis counts, from 0.
    public let classID: Int?

    public init(threshold: Float? = nil, topK: Int? = nil, classID: Int? = nil) {
        self.threshold = threshold
        self.topK = topK
        self.classID = classID
    }

    /// The counts as `ConfusionCounts` reads them, weighted.
    func counts(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ sampleWeight: SymbolicTensor?, _ name: String
    ) throws -> SymbolicTensor {
        if let threshold { try Argument.within("threshold of \(name)", threshold, 0...1) }
        if let topK { try Argument.positive("top_k of \(name)", topK) }
        var (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        var positive: SymbolicTensor? = nil
        if let topK { positive = try TopK.mask(p, topK) }
        if threshold != nil || topK == nil {
            let above = try p.combined(.greater, threshold ?? 0.5)
            positive = try positive.map { try $0 * above } ?? above
        }
        p = positive ?? p
        // Keras takes any label but 0 for a yes.
        y = try y.combined(.notEqual, 0)
        if let classID { (y, p) = try (slice(y, classID, name), slice(p, classID, name)) }
        let weights = try sampleWeight.map {
            try SampleWeight.flat($0, count: y.shape[0])
                .reshaped(to: Shape([y.shape[0]] + [Int](repeating: 1, count: y.rank - 1)))
        }
        func sum(_ hits: SymbolicTensor) throws -> SymbolicTensor {
            try (weights.map { try hits * $0 } ?? hits).sum().reshaped(to: [1])
        }
        return try .concatenated(
            [sum(y * p), sum((1 - y) * p), sum((1 - y) * (1 - p)), sum(y * (1 - p))], axis: 0)
    }

    private func slice(_ x: SymbolicTensor, _ classID: Int, _ name: String) throws -> SymbolicTensor {
        guard x.rank >= 2, (0..<x.shape[-1]).contains(classID) else {
            throw ModelError(
                .invalidArgument, "class_id of \(name) is \(classID), but y_pred has the shape \(x.shape)")
        }
        var starts = [Int](repeating: 0, count: x.rank)
        starts[x.rank - 1] = classID
        return try x.sliced(starts: starts, extents: x.shape.replacing(axis: -1, with: 1).dimensions)
    }
}
