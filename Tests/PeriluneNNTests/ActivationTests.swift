import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

struct ActivationTests {
    @Test(arguments: activationFixtures.map(\.name)) func `agrees with Keras`(name: String) throws {
        let expected = try #require(activationFixtures.first { $0.name == name }).values
        let x = testTensor([3, 6], seed: 1, in: -4...8)
        let activation = try ActivationCatalogue.named(name)
        let y = try evaluate([x]) { _, inputs in [try activation.apply(inputs[0])] }[0]
        expectClose(y, Tensor(expected, shape: name == "glu" ? [3, 3] : [3, 6]), absolute: 2e-6, name)
    }

    @Test func `sparsemax projects onto the simplex`() throws {
        // By hand: the support of the first row is its two largest; ties share; far ones get nothing.
        let x = Tensor([0.5, 0.7, -1, 2, 2, 0, 0, 0, 0, 5, 1, 1] as [Float], shape: [4, 3])
        let y = try evaluate([x]) { _, inputs in [try Activation.sparsemax().apply(inputs[0])] }[0]
        let third: Float = 1 / 3
        expectClose(y, Tensor([0.4, 0.6, 0, 0.5, 0.5, 0, third, third, third, 1, 0, 0], shape: [4, 3]))
    }

    @Test func `Swift and names mean the same defaults`() throws {
        let spelled: [Activation] = [
            .celu(), .elu, .exponential, .gelu, .glu(), .hardShrink(), .hardSigmoid, .hardSilu, .hardTanh, .leakyRelu,
            .linear, .logSigmoid, .logSoftmax(), .mish, .relu, .relu6, .selu, .sigmoid, .silu, .softShrink(), .softmax,
            .softplus, .softsign, .sparsePlus, .sparseSigmoid, .sparsemax(), .squareplus(), .tanh, .tanhShrink,
        ]
        #expect(spelled.map(\.name) == ActivationCatalogue.names)
        for activation in spelled { #expect(try ActivationCatalogue.named(activation.name) == activation) }
        #expect(Set(spelled).count == 29)
    }

    @Test func `options are the parameters in Swift`() throws {
        func make(_ name: String, _ options: [String: OptionValue]) throws -> Activation {
            try ActivationCatalogue.make(ItemDescription(name, options))
        }
        #expect(try make("gelu", ["approximate": .boolean(true)]) == .gelu(approximate: true))
        #expect(try make("gelu", ["approximate": .integer(1)]) == .gelu(approximate: true))
        #expect(try make("gelu", ["approximate": .number(0)]) == .gelu)
        #expect(try make("leaky_relu", ["negative_slope": .number(0.5)]) == .leakyRelu(negativeSlope: 0.5))
        #expect(
            try make("relu", ["max_value": .integer(4), "threshold": .number(0.5)])
                == .relu(maxValue: 4, threshold: 0.5))
        #expect(
            try make("threshold", ["threshold": .number(1), "default_value": .number(-2)])
                == .threshold(threshold: 1, value: -2))
        // Axes count from 0 here, with the batch.
        #expect(try make("softmax", ["axis": .integer(0)]) == .softmax(axis: 0))
        #expect(Activation.elu(alpha: 2) != .elu)
        #expect(Activation.elu(alpha: 2) != .celu(alpha: 2))
    }

    @Test func `Keras's spellings are read`() throws {
        #expect(try ActivationCatalogue.named("LeakyReLU") == .leakyRelu())
        #expect(try ActivationCatalogue.named("ReLU6") == .relu6)
        #expect(try ActivationCatalogue.named("ELU") == .elu())
        #expect(try ActivationCatalogue.named("SiLU") == .silu)
        #expect(try ActivationCatalogue.named("swish") == .silu)
        #expect(try ActivationCatalogue.named("hard_swish") == .hardSilu)
    }

    @Test func `mistakes are explained`() {
        func make(_ name: String, _ options: [String: OptionValue] = [:]) throws -> Activation {
            try ActivationCatalogue.make(ItemDescription(name, options))
        }
        expectModelError("unknown activation 'rellu'; did you mean 'relu'?") { try make("rellu") }
        expectModelError("unknown activation 'thresold'; did you mean 'threshold'?") { try make("thresold") }
        expectModelError("unknown option 'alhpa' of elu; did you mean 'alpha'?") {
            try make("elu", ["alhpa": .number(1)])
        }
        expectModelError("unknown option 'alpha' of tanh") { try make("tanh", ["alpha": .number(1)]) }
        expectModelError("threshold needs 'threshold' (number expected)") { try make("threshold") }
        expectModelError("bad option 'alpha' of elu (number of at least 0 expected)") {
            try make("elu", ["alpha": .number(.nan)])
        }
        expectModelError("bad option 'alpha' of celu (finite number other than 0 expected)") {
            try make("celu", ["alpha": .number(0)])
        }
        expectModelError("bad option 'axis' of softmax (integer expected)") {
            try make("softmax", ["axis": .number(1.5)])
        }
    }

    @Test(
        arguments: [
            (.elu(alpha: -1), "bad option 'alpha' of elu (number of at least 0 expected)"),
            (.celu(alpha: 0), "bad option 'alpha' of celu (finite number other than 0 expected)"),
            (.celu(alpha: .infinity), "bad option 'alpha' of celu (finite number other than 0 expected)"),
            (.relu(maxValue: .nan), "bad option 'max_value' of relu (number of at least 0 expected)"),
            (.relu(negativeSlope: -1), "bad option 'negative_slope' of relu (number of at least 0 expected)"),
            (.softShrink(threshold: -1), "bad option 'threshold' of soft_shrink (number of at least 0 expected)"),
            (.relu(negativeSlope: 0.1, maxValue: 6, threshold: 0), nil),
            (.threshold(threshold: .infinity, value: 0), nil),
            (.tanh, nil), (.leakyRelu(negativeSlope: .greatestFiniteMagnitude), nil),
        ] as [(Activation, String?)])
    func `parameters that Swift gives are checked by the ranges of the options`(
        activation: Activation, message: String?
    ) throws {
        guard let message else { return try activation.validate() }
        let error = #expect(throws: ModelError.self) { try activation.validate() }
        #expect(error?.message == message)
        #expect(error?.code == .invalidArgument)
        let named = #expect(throws: ModelError.self) {
            try Sequential([Dense(2, activation: activation)]).build(inputShapes: [[3]])
        }
        #expect(named?.message == "layer 'dense' (dense): " + message)
    }

    @Test func `an activation says what its results are to a loss`() {
        let results = Dictionary(
            uniqueKeysWithValues: ActivationCatalogue.names.compactMap { name in
                (try? ActivationCatalogue.named(name)).map { (name, $0.result) }
            })
        #expect(
            results.filter { $0.value != .numbers } == [
                "sigmoid": .sigmoid, "softmax": .softmax(axis: -1), "hard_sigmoid": .probabilities,
                "sparse_sigmoid": .probabilities, "sparsemax": .probabilities,
            ])
        #expect(Activation.softmax(axis: 1).result == .softmax(axis: 1))
    }

    /// A program's own, of which the catalogue knows nothing.
    private struct Cubed: ActivationFunction {
        static let name = "cubed"
        var result: ActivationResult { .numbers }
        func apply(_ x: SymbolicTensor) throws -> SymbolicTensor { try x * x.squared() }
    }

    @Test func `a program can write one itself`() throws {
        let layer = ActivationLayer(Activation(Cubed()))
        let y = try evaluate([Tensor([1, 2, -3] as [Float], shape: [1, 3])]) { builder, x in
            [try Sequential([layer]).emit(into: builder, [x[0]], isTraining: false).outputs[0].tensor]
        }[0]
        #expect(y.floats == [1, 8, -27])
        #expect(layer.activation == Activation(Cubed()))
        #expect(layer.activation != .linear)
        #expect(LayerCatalogue.describe(layer)?.options["activation"] == nil)
        try layer.activation.validate()
    }

    @Test(arguments: activationFixtures.map(\.name).filter { $0 != "glu" }) func `gradients are finite far out`(
        name: String
    ) throws {
        let x = Tensor([-100, -30, 0, 30, 80] as [Float], shape: [1, 5])
        let activation = try ActivationCatalogue.named(name)
        let dx = try evaluate([x]) { builder, inputs in
            try builder.gradients(of: activation.apply(inputs[0]).minimum(1e6), withRespectTo: inputs)
        }[0]
        #expect(!dx.floats.contains { !$0.isFinite }, "\(dx.floats)")
    }
}
