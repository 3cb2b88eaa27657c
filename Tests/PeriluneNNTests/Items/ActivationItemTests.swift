import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Activations by name and option, and as values in the descriptions of layers.
struct ActivationItemTests {
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

    @Test(
        arguments: [
            (.elu, .text("elu")), (.elu(alpha: 0.3), .item(ItemDescription("elu", ["alpha": .number(0.3)]))),
            (.gelu(approximate: true), .item(ItemDescription("gelu", ["approximate": .boolean(true)]))),
            (
                .threshold(threshold: 1, value: 0),
                .item(ItemDescription("threshold", ["threshold": .number(1), "default_value": .number(0)]))
            ),
        ] as [(Activation, OptionValue)])
    func `a layer's description has the name, and the options where they are not the defaults`(
        activation: Activation, value: OptionValue
    ) throws {
        let description = try #require(LayerCatalogue.describe(Dense(2, activation: activation)))
        #expect(description.options["activation"] == value)
        #expect((try LayerCatalogue.make(description) as? Dense)?.activation == activation)
    }

    @Test func `layers of an activation take its options and their ranges`() throws {
        for name in ["relu", "leaky_relu", "elu"] {
            let options = try ActivationCatalogue.declaration(named: name).options
            #expect(!options.isEmpty)
            let taken = try LayerCatalogue.declaration(named: name).options.prefix(options.count)
            #expect(taken.map(\.name) == options.map(\.name))
            #expect(taken.map(\.help) == options.map(\.help))
        }
        // Keras has one default for the layer and another for the activation.
        #expect((try LayerCatalogue.make(ItemDescription("leaky_relu")) as? LeakyReLU)?.negativeSlope == 0.3)
        #expect(try ActivationCatalogue.named("leaky_relu") == .leakyRelu(negativeSlope: 0.2))
        expectModelError(
            "layer 'leaky_relu' (leaky_relu): bad option 'negative_slope' of leaky_relu (number of at least 0 expected)"
        ) { try Sequential([LeakyReLU(negativeSlope: -1)]).build(inputShapes: [[3]]) }
    }
}
