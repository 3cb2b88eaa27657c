public import PeriluneGraph
public import Testing

/// Expects tensors to agree element by element: `|a - b| <= absolute + relative * |b|`. A failure says which element is
/// worst, with both values, instead of printing two arrays.
public func expectClose(
    _ actual: Tensor, _ expected: Tensor, relative: Double = 1e-5, absolute: Double = 1e-6,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        actual, ReferenceEvaluator.Array(expected), relative: relative,
        absolute: absolute, comment(), sourceLocation: sourceLocation)
}

/// Expects a tensor to agree with a reference value.
public func expectClose(
    _ actual: Tensor, _ expected: ReferenceEvaluator.Array, relative: Double = 1e-5, absolute: Double = 1e-6,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.shape == expected.shape else {
        Issue.record("\(comment()) shape \(actual.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
        return
    }
    var worst: (index: Int, excess: Double)?
    for (index, pair) in zip(actual.floats, expected.elements).enumerated() {
        let (a, b) = (Double(pair.0), pair.1)
        if a == b || (a.isNaN && b.isNaN) { continue }
        let excess = abs(a - b) / (absolute + relative * abs(b))
        if !(excess <= max(1, worst?.excess ?? 1)) { worst = (index, excess.isNaN ? .infinity : excess) }
    }
    guard let worst else { return }
    Issue.record(
        """
        \(comment()) \(actual.shape) differs most at element \(worst.index): \(actual.floats[worst.index]), expected \
        \(expected.elements[worst.index]), \(worst.excess) times the tolerance
        """, sourceLocation: sourceLocation)
}
