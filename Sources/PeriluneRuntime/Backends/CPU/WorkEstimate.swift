internal import PeriluneGraph

/// How long a program would take on one thread, roughly.
///
/// A program that takes less than a thread's hand-offs are worth runs on one: on a busy machine a team of two waits for
/// what holds the other processor, which costs milliseconds, and on an idle one there is little to win.
enum WorkEstimate {
    /// Nanoseconds from which a program uses several threads.
    static let smallestTeamwork = 150_000.0

    static func nanoseconds(_ analysis: GraphAnalysis) -> Double {
        analysis.live.reduce(0) { $0 + nanoseconds(analysis, $1) }
    }

    /// At 100 operations a nanosecond in products, and 40 elements a nanosecond elsewhere, where most are in fused
    /// loops.
    private static func nanoseconds(_ analysis: GraphAnalysis, _ id: NodeID) -> Double {
        let node = analysis.graph[id]
        let elements = Double(node.outputs[0].shape.elementCount)
        switch node.op.family {
        case .leaf, .view: return 0
        case .elementwise: return elements / 40
        case .kernel:
            // Broadcasts are read through, and reductions look at more than they give.
            if case .broadcast = node.op { return 0 }
            if case .reduce = node.op { return Double(analysis.spec(node.inputs[0]).shape.elementCount) / 40 }
            return elements / 40
        case .primitive:
            return products(analysis, node).map { $0 / 50 } ?? elements / 40
        case .loop:
            guard case .scan(let scan) = node.op else { return 0 }
            return Double(scan.length) * nanoseconds(GraphAnalysis(scan.body))
        }
    }

    /// Multiplications of a matrix product or convolution; nil for the primitives that are none.
    private static func products(_ analysis: GraphAnalysis, _ node: Node) -> Double? {
        let y = node.outputs[0].shape
        func operand(_ index: Int) -> Shape { analysis.spec(node.inputs[index]).shape }
        /// Each output position takes a window of each input channel of its group.
        func convolution(y: Shape, kernel: Shape) -> Double {
            Double(y.elementCount) * Double(kernel.elementCount) / Double(max(1, kernel[-1]))
        }
        if case .matmul(let transposeA, _) = node.op {
            return Double(y.elementCount) * Double(operand(0)[transposeA ? -2 : -1])
        }
        if case .convolution = node.op { return convolution(y: y, kernel: operand(1)) }
        if case .convolutionInputGradient = node.op { return convolution(y: operand(0), kernel: operand(1)) }
        if case .convolutionKernelGradient(_, let kernel) = node.op {
            return convolution(y: operand(1), kernel: kernel)
        }
        return nil
    }
}
