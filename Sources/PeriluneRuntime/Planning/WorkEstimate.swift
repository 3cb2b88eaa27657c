internal import PeriluneGraph

/// How long a program would take on one thread, roughly.
///
/// A program that takes less than a thread's hand-offs are worth runs on one: on a busy machine a team of two waits for
/// whoever holds the other processor, which costs milliseconds, and on an idle one there is little to win.
enum WorkEstimate {
    /// Nanoseconds from which a program uses several threads.
    static let smallestTeamwork = 150_000.0

    static func nanoseconds(_ analysis: GraphAnalysis) -> Double {
        analysis.live.reduce(0) { $0 + nanoseconds(analysis, $1) }
    }

    /// At 100 operations a nanosecond in products, and 40 elements a nanosecond elsewhere, where most are in fused loops.
    private static func nanoseconds(_ analysis: GraphAnalysis, _ id: NodeID) -> Double {
        let node = analysis.graph[id]
        let elements = Double(node.outputs[0].shape.elementCount)
        func operand(_ index: Int) -> Shape { analysis.spec(node.inputs[index]).shape }
        /// Multiplications of a convolution: each output position takes a window of each input channel of its group.
        func convolution(y: Shape, kernel: Shape) -> Double {
            Double(y.elementCount) * Double(kernel.elementCount) / Double(max(1, kernel[-1])) / 50
        }
        switch node.op {
        case .input, .variable, .hyperparameter, .fill, .literal, .reshape, .stopGradient, .broadcast:
            return 0
        case .matmul(let transposeA, _):
            return elements * Double(operand(0)[transposeA ? -2 : -1]) / 50
        case .convolution:
            return convolution(y: node.outputs[0].shape, kernel: operand(1))
        case .convolutionInputGradient:
            return convolution(y: operand(0), kernel: operand(1))
        case .convolutionKernelGradient(_, let kernel):
            return convolution(y: operand(1), kernel: kernel)
        case .reduce:
            return Double(operand(0).elementCount) / 40
        case .random, .unary, .binary, .select, .cast, .transpose, .slice, .pad, .concatenate, .argMax, .inTopK,
            .oneHot, .gather, .scatterAdd, .pooling, .poolingGradient, .batchNormalization,
            .batchNormalizationGradient, .softmax, .logSoftmax:
            return elements / 40
        }
    }
}
