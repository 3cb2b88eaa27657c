import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Every activation and loss by name, so that one without a gradient cannot be added unnoticed.
@Suite struct FunctionGradientTests {
    /// Parameters beside the defaults, by name.
    static let options: [String: Activation] = [
        "celu": .celu(alpha: 0.5), "elu": .elu(alpha: 0.5), "gelu": .gelu(approximate: true), "glu": .glu(axis: 0),
        "leaky_relu": .leakyRelu(negativeSlope: 0.3), "log_softmax": .logSoftmax(axis: 0), "softmax": .softmax(axis: 0),
        "relu": .relu(negativeSlope: 0.1, maxValue: 4, threshold: 0.5), "sparsemax": .sparsemax(axis: 0),
        "squareplus": .squareplus(b: 2), "soft_shrink": .softShrink(threshold: 1),
        "hard_shrink": .hardShrink(threshold: 1),
    ]

    @Test(arguments: ActivationCatalogue.spellings) func activation(_ name: String) throws {
        // One without defaults is given what it asks for.
        let plain: Activation =
            try name == "threshold" ? .threshold(threshold: 0.5, value: -2) : ActivationCatalogue.named(name)
        for function in [plain] + [Self.options[name]].compactMap(\.self) {
            try GradientProbe("\(function)", [testTensor([4, 6], seed: 1, in: -4...8)]) { _, x in
                [try function.apply(x[0])]
            }.check()
        }
    }

    /// The kinds of truth and prediction that a loss takes.
    private func kinds(_ name: String) -> (truth: String, prediction: String) {
        switch name {
        case "hinge", "squared_hinge", "binary_crossentropy": ("binary", "logits")
        case "categorical_hinge", "categorical_crossentropy": ("oneHot", "logits")
        case "sparse_categorical_crossentropy": ("sparse", "logits")
        default: ("real", "unit")
        }
    }

    private func check(_ name: String, _ loss: any Loss, _ truth: String, _ prediction: String) throws {
        let y = LossFixture.truth(truth)
        let inputs = [LossFixture.prediction(prediction), LossFixture.weights]
        try GradientProbe(name, inputs) { builder, x in
            let loss = try loss.mean(builder.literal(y), Prediction(x[0]), sampleWeight: x[1])
            return [try loss * 10]
        }.check()
    }

    @Test(arguments: LossCatalogue.names) func loss(_ name: String) throws {
        let (truth, prediction) = kinds(name)
        try check(name, LossCatalogue.named(name), truth, prediction)
    }

    @Test(arguments: TorchTests.losses.names.filter { $0.contains(":") }) func `loss with options`(
        _ name: String
    ) throws {
        let (truth, prediction) = kinds(String(name.prefix { $0 != ":" }))
        try check(name, LossFixture.loss(name), truth, name.hasSuffix("probabilities") ? "unit" : prediction)
    }

    /// The fused gradient of softmax or sigmoid with its cross-entropy.
    @Test(arguments: ["categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"])
    func `loss fused with the activation before it`(_ name: String) throws {
        let model = Sequential([ActivationLayer(name.hasPrefix("binary") ? .sigmoid : .softmax)])
        let loss = try LossCatalogue.named(name)
        let y = LossFixture.truth(kinds(name).truth)
        try GradientProbe(name, [LossFixture.prediction("logits")]) { builder, x in
            let prediction = try model.emit(into: builder, x, isTraining: true).outputs[0]
            return [try loss.mean(builder.literal(y), prediction)]
        }.check()
    }
}
