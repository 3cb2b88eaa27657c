import PeriluneGraph

/// The classes of the largest predictions.
enum TopK {
    /// The share of hits of each sample, [n].
    static func hits(
        labels: SymbolicTensor, _ yPred: SymbolicTensor, _ k: Int, _ name: String
    ) throws -> SymbolicTensor {
        try Argument.positive("k of \(name)", k)
        guard yPred.rank >= 2 else {
            throw ModelError(
                .shapeMismatch, "\(name): y_pred needs an axis of classes after the batch, got shape \(yPred.shape)")
        }
        let rows = labels.shape.elementCount
        let flat = try yPred.reshaped(to: [rows, yPred.shape[-1]])
        let hits = try flat.inTopK(k, labels: labels.reshaped(to: [rows]))
        return try LabelShapes.perSample(hits.reshaped(to: labels.shape))
    }

    /// 1 where fewer than `k` elements of the last axis are larger, 0 elsewhere. Compares all pairs.
    static func mask(_ x: SymbolicTensor, _ k: Int) throws -> SymbolicTensor {
        let larger = try x.expandingAxis(-2).combined(.greater, x.expandingAxis(-1)).sum([-1])
        return try larger.combined(.less, Float(k))
    }
}
