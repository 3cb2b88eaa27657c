public import PeriluneGraph

/// A naive twin of the runtime: evaluates every node of a graph on its own, in Double, with plain loops. What programs
/// compute is right when it agrees with this.
///
/// Random operations are not in it, and nodes that only the gradient of another uses (workspaces) are computed anew.
public struct ReferenceEvaluator {
    public struct Array: Equatable {
        public var shape: Shape
        public var elements: [Double]

        public init(_ shape: Shape, _ elements: [Double]) {
            self.shape = shape
            self.elements = elements
        }

        public init(_ tensor: Tensor) {
            self.init(tensor.shape, tensor.floats.map(Double.init))
        }
    }

    private let graph: Graph
    private let inputs: [Array]
    private let variables: [VariableID: Array]
    private let hyperparameters: [Float]
    private var values: [Value: Array] = [:]

    public init(
        _ graph: Graph, inputs: [Tensor], variables: [VariableID: Tensor] = [:], hyperparameters: [Float] = []
    ) {
        self.init(
            graph, inputs: inputs.map(Array.init), variables: variables.mapValues(Array.init),
            hyperparameters: hyperparameters)
    }

    public init(
        _ graph: Graph, inputs: [Array], variables: [VariableID: Array] = [:], hyperparameters: [Float] = []
    ) {
        self.graph = graph
        self.inputs = inputs
        self.variables = variables
        self.hyperparameters = hyperparameters
        for id in graph.liveNodes {
            for (output, value) in evaluate(graph[id]).enumerated() { values[Value(id, output: output)] = value }
        }
    }

    public subscript(value: Value) -> Array { values[value]! }

    /// The value of the output called `name`.
    public func output(_ name: String) -> Array { self[graph.outputs.first { $0.name == name }!.value] }

    private func evaluate(_ node: Node) -> [Array] {
        let x = node.inputs.map { values[$0]! }
        let shape = node.outputs[0].shape
        switch node.op {
        case .input(let index): return [inputs[index]]
        case .variable(let id): return [variables[id]!]
        case .hyperparameter(let id): return [Array(.scalar, [Double(hyperparameters[id.index])])]
        case .fill(let value): return [Array(shape, .init(repeating: Double(value), count: shape.elementCount))]
        case .literal(let tensor): return [Array(tensor)]
        case .random: fatalError("random numbers have no reference")
        case .unary(let operation): return [Array(shape, x[0].elements.map { Self.unary(operation, $0) })]
        case .binary(let operation):
            return [Array(shape, zip(x[0].elements, x[1].elements).map { Self.binary(operation, $0, $1) })]
        case .select:
            return [Array(shape, x[0].elements.indices.map { x[x[0].elements[$0] != 0 ? 1 : 2].elements[$0] })]
        case .cast(let dtype):
            return [dtype == .int32 ? Array(shape, x[0].elements.map { $0.rounded(.towardZero) }) : x[0]]
        case .stopGradient: return x
        case .reshape: return [Array(shape, x[0].elements)]
        case .broadcast:
            let added = shape.rank - x[0].shape.rank
            return [
                Self.build(shape) { index in
                    x[0][index.dropFirst(added).enumerated().map { x[0].shape[$0.offset] == 1 ? 0 : $0.element }]
                }
            ]
        case .transpose(let permutation):
            return [
                Self.build(shape) { index in
                    var source = index
                    for (axis, from) in permutation.enumerated() { source[from] = index[axis] }
                    return x[0][source]
                }
            ]
        case .slice(let starts, _): return [Self.build(shape) { x[0][zip($0, starts).map(+)] }]
        case .pad(let before, _):
            return [
                Self.build(shape) { index in
                    let source = zip(index, before).map(-)
                    let isInside = zip(source, x[0].shape.dimensions).allSatisfy { $0 >= 0 && $0 < $1 }
                    return isInside ? x[0][source] : 0
                }
            ]
        case .concatenate(let axis):
            return [
                Self.build(shape) { index in
                    var (index, operand) = (index, 0)
                    while index[axis] >= x[operand].shape[axis] {
                        index[axis] -= x[operand].shape[axis]
                        operand += 1
                    }
                    return x[operand][index]
                }
            ]
        case .reduce(let operation, let axes): return [Self.reduce(operation, axes, x[0], shape)]
        case .argMax:
            return [
                Self.build(shape) { index in
                    let row = (0..<x[0].shape[-1]).map { x[0][index + [$0]] }
                    return Double(row.firstIndex(of: row.max()!)!)
                }
            ]
        case .inTopK(let k):
            return [
                Self.build(shape) { index in
                    let label = x[0][[index[0], Int(x[1].elements[index[0]])]]
                    return (0..<x[0].shape[1]).filter { x[0][[index[0], $0]] > label }.count < k ? 1 : 0
                }
            ]
        case .oneHot:
            return [Self.build(shape) { Double($0.last!) == x[0][Swift.Array($0.dropLast())] ? 1 : 0 }]
        case .gather:
            let rank = x[1].shape.rank
            return [
                Self.build(shape) { x[0][[Int(x[1][Swift.Array($0.prefix(rank))])] + $0.dropFirst(rank)] }
            ]
        case .scatterAdd:
            var result = Array(shape, .init(repeating: 0, count: shape.elementCount))
            let width = shape.dropFirst().elementCount
            for (row, target) in x[0].elements.enumerated() {
                for column in 0..<width {
                    result.elements[Int(target) * width + column] += x[1].elements[row * width + column]
                }
            }
            return [result]
        case .matmul(let transposeA, let transposeB):
            let inner = transposeA ? x[0].shape[-2] : x[0].shape[-1]
            return [
                Self.build(shape) { index in
                    let (batch, row, column) = (Swift.Array(index.dropLast(2)), index[index.count - 2], index.last!)
                    return (0..<inner).reduce(0) { sum, k in
                        sum + x[0][batch + (transposeA ? [k, row] : [row, k])]
                            * x[1][batch + (transposeB ? [column, k] : [k, column])]
                    }
                }
            ]
        case .softmax, .logSoftmax:
            let columns = shape[-1]
            var result = x[0]
            for row in stride(from: 0, to: result.elements.count, by: columns) {
                let highest = x[0].elements[row..<row + columns].max()!
                let sum = x[0].elements[row..<row + columns].reduce(0) { $0 + expOf($1 - highest) }
                for column in row..<row + columns {
                    let logarithm = x[0].elements[column] - highest - logOf(sum)
                    result.elements[column] = node.op == .softmax ? expOf(logarithm) : logarithm
                }
            }
            return [result]
        case .convolution, .convolutionInputGradient, .convolutionKernelGradient:
            return [Self.convolution(node.op, x, shape)]
        case .pooling(let attributes):
            let y = Self.build(shape) { index in
                let window = Self.window(attributes, index, x[0].shape).map { x[0][$0] }
                return switch attributes.kind {
                case .maximum: window.reduce(-.infinity, Self.larger)
                case .average: window.reduce(0, +) / Double(window.count)
                }
            }
            return [y, x[0]]
        case .poolingGradient(let attributes, let input):
            return [Self.poolingGradient(attributes, dy: x[0], x: x[1], input)]
        case .batchNormalization(let epsilon):
            let (mean, variance) = Self.moments(x[0])
            let channels = x[0].shape[-1]
            var y = x[0]
            for index in y.elements.indices {
                let channel = index % channels
                y.elements[index] =
                    (y.elements[index] - mean[channel]) / (variance[channel] + Double(epsilon)).squareRoot()
                    * x[1].elements[channel] + x[2].elements[channel]
            }
            return [y, Array([channels], mean), Array([channels], variance)]
        case .batchNormalizationGradient: fatalError("checked against numeric gradients instead")
        case .scan(let scan): return Self.scan(scan, x)
        }
    }
}
