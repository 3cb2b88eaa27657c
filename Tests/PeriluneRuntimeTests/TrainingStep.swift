import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport

/// Training steps built by hand, as the trainer builds them: forward, loss, gradients and Adam in one graph.
struct TrainingStep {
    let graph: Graph
    let variables: VariableStore
    let inputs: [Tensor]
    /// lr, beta_1, beta_2, epsilon and the two bias corrections.
    let hyperparameters: [Float] = [1e-3, 0.9, 0.999, 1e-7, 1, 1]

    static func mlp(batch: Int, sizes: [Int]) throws -> TrainingStep {
        try TrainingStep(inputs: [testTensor([batch, sizes[0]]), testLabels([batch], classes: sizes.last ?? 1)]) {
            x, variables in
            try zip(sizes, sizes.dropFirst()).enumerated().reduce(x) { x, layer in
                let (inputs, units) = layer.element
                let y = try x.matmul(variables.add([inputs, units])) + variables.add([units])
                return layer.offset == sizes.count - 2 ? y : try y.relu()
            }
        }
    }

    static func cnn(batch: Int) throws -> TrainingStep {
        try TrainingStep(inputs: [testTensor([batch, 12, 12, 1]), testLabels([batch], classes: 10)]) { x, variables in
            let window = ConvolutionAttributes(strides: [1, 1], dilations: [1, 1], padding: [.none, .none])
            let pool = PoolingAttributes(.maximum, window: [2, 2], strides: [2, 2], padding: [.none, .none])
            var y = try (x.convolution(variables.add([3, 3, 1, 16]), window) + variables.add([16])).relu().pooled(pool)
            y = try (y.convolution(variables.add([3, 3, 16, 16]), window) + variables.add([16])).relu()
            y = try y.reshaped(to: [batch, y.shape.dropFirst().elementCount])
            y = try y * x.builder.random(.dropoutMask(rate: 0.5), y.shape)
            return try y.matmul(variables.add([y.shape[1], 10])) + variables.add([10])
        }
    }

    private init(
        inputs: [Tensor], _ logits: (SymbolicTensor, inout Variables) throws -> SymbolicTensor
    ) throws {
        let builder = GraphBuilder()
        var variables = Variables(builder: builder)
        let y = builder.input(1, inputs[1].spec)
        let scores = try logits(builder.input(0, inputs[0].spec), &variables)
        let loss = try -(scores.logSoftmax() * y.oneHot(depth: 10)).sum([-1]).mean()
        builder.addOutput("loss", loss)
        try variables.addAdam(loss)
        graph = builder.graph
        self.variables = variables.store
        self.inputs = inputs
    }

    private struct Variables {
        let builder: GraphBuilder
        let store = VariableStore()
        var parameters: [SymbolicTensor] = []

        init(builder: GraphBuilder) { self.builder = builder }

        mutating func add(_ shape: Shape) throws -> SymbolicTensor {
            let id = try store.add(TensorSpec(shape))
            let limit = (3 / Float(shape.dimensions.dropLast().reduce(1, *))).squareRoot()
            if shape.rank > 1 { try store.write(testTensor(shape, seed: id.index, in: -limit...limit), to: id) }
            parameters.append(builder.variable(id, TensorSpec(shape)))
            return parameters[parameters.count - 1]
        }

        func addAdam(_ loss: SymbolicTensor) throws {
            let h = (0..<6).map { builder.hyperparameter(HyperparameterID(index: $0)) }
            let gradients = try builder.gradients(of: loss, withRespectTo: parameters)
            for (parameter, gradient) in zip(parameters, gradients) {
                let (mID, vID) = try (store.add(parameter.spec), store.add(parameter.spec))
                let m = try builder.variable(mID, parameter.spec) * h[1] + gradient * (1 - h[1])
                let v = try builder.variable(vID, parameter.spec) * h[2] + gradient.squared() * (1 - h[2])
                builder.addUpdate(mID, m)
                builder.addUpdate(vID, v)
                guard case .variable(let id) = builder.graph[parameter.value.node].op else { continue }
                builder.addUpdate(id, try parameter - m * (h[0] * h[4]) / ((v * h[5]).squareRoot() + h[3]))
            }
        }
    }
}
