import Foundation
import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Outputs and gradients of layers, activations and losses agree with PyTorch's (`scripts/fixtures`).
@Suite struct TorchTests {
    static let layers = FixtureFile("Torch/layers", in: .module)
    static let activations = FixtureFile("Torch/activations", in: .module)
    static let losses = FixtureFile("Torch/losses", in: .module)

    /// The layers of the fixtures with the shapes of their inputs.
    private static func make(_ name: String) -> (layer: any Layer, shape: Shape)? {
        switch name {
        case "dense": (Dense(3, activation: .tanh), [5, 4])
        case "dense on rows": (Dense(5), [2, 3, 4])
        case "conv2d": (Conv2D(3, [2, 3]), [2, 5, 6, 2])
        case "conv2d strided": (Conv2D(3, 3, strides: [2, 1]), [1, 6, 5, 2])
        case "conv2d same strided": (Conv2D(4, 3, strides: 2, padding: .same), [2, 5, 6, 3])
        case "conv2d same dilated": (Conv2D(3, 3, padding: .same, dilationRate: 2), [1, 7, 6, 2])
        case "conv2d same grouped": (Conv2D(6, 3, padding: .same, groups: 2), [1, 5, 5, 4])
        case "conv2d wide": (Conv2D(3, 3, padding: .same, activation: .relu), [1, 4, 4, 17])
        case "conv1d causal": (Conv1D(3, 3, padding: .causal, dilationRate: 2), [2, 7, 2])
        case "conv3d": (Conv3D(3, 2), [1, 3, 4, 3, 2])
        case "conv2d_transpose": (Conv2DTranspose(2, 3, strides: 2), [1, 3, 2, 3])
        case "conv2d_transpose same": (Conv2DTranspose(2, 3, strides: 2, padding: .same), [1, 3, 2, 3])
        case "depthwise_conv2d": (DepthwiseConv2D(3, padding: .same, depthMultiplier: 2), [1, 4, 4, 2])
        case "separable_conv2d": (SeparableConv2D(3, 2, depthMultiplier: 2), [1, 4, 4, 2])
        case "max_pooling2d": (MaxPooling2D(2), [2, 4, 5, 3])
        case "max_pooling2d same": (MaxPooling2D(3, strides: 2, padding: .same), [1, 5, 6, 3])
        case "average_pooling2d": (AveragePooling2D(2), [2, 4, 5, 3])
        case "average_pooling2d same": (AveragePooling2D(3, strides: 2, padding: .same), [1, 5, 6, 3])
        case "global_average_pooling2d": (GlobalAveragePooling2D(), [2, 3, 4, 3])
        case "layer_normalization": (LayerNormalization(), [2, 3, 5])
        case "rms_normalization": (RMSNormalization(), [4, 5])
        case "group_normalization": (GroupNormalization(groups: 2), [2, 3, 3, 4])
        case "unit_normalization": (UnitNormalization(), [4, 5])
        case "simple_rnn": (SimpleRNN(5), [2, 4, 3])
        case "simple_rnn backwards": (SimpleRNN(5, returnsSequences: true, goesBackwards: true), [2, 4, 3])
        case "lstm": (LSTM(5), [2, 6, 3])
        case "lstm sequences": (LSTM(5, returnsSequences: true), [2, 6, 3])
        case "lstm backwards": (LSTM(5, goesBackwards: true), [2, 6, 3])
        case "gru": (GRU(5), [2, 6, 3])
        case "gru sequences": (GRU(5, returnsSequences: true), [2, 6, 3])
        case "gru reset before": (resettingBefore, [2, 4, 3])
        case "rnn of two cells":
            (RNN(StackedRNNCells([LSTMCell(5), GRUCell(4)]), SequenceOptions(returnsSequences: true)), [2, 4, 3])
        case "bidirectional":
            (try? Bidirectional(LSTM(5, returnsSequences: true))).map { ($0, [2, 4, 3]) }
        case "time_distributed": (TimeDistributed(Dense(2)), [2, 3, 4])
        case "prelu": (PReLU(), [4, 5])
        case "batch_normalization training", "batch_normalization inference":
            (BatchNormalization(momentum: 0.9), [5, 3])
        case "embedding": (Embedding(5, 3), [2, 4])
        default: nil
        }
    }

    private static var resettingBefore: GRU {
        var recurrence = GRURecurrence(5)
        recurrence.resetsAfter = false
        return GRU(recurrence, SequenceOptions(returnsSequences: true))
    }

    @Test(arguments: layers.names) func layer(_ name: String) throws {
        let (layer, shape) = try #require(Self.make(name))
        let isTraining = !name.hasSuffix("inference")
        let x = name == "embedding" ? testLabels(shape, classes: 5, seed: 50) : testTensor(shape, seed: 50)
        let model = Sequential([layer])
        let probe = try GradientProbe(name, model, [x], isTraining: isTraining)
        let (outputs, updates) = try evaluateModel(model, [x], isTraining: isTraining, weights: fixtureWeight)
        let gradients = Array(try probe.gradients().dropFirst())
        compare(outputs[0], "y", name)
        let weights = name == "embedding" ? gradients : Array(gradients.dropFirst())
        if name != "embedding" { compare(gradients[0], "dx", name) }
        // Moving statistics come after what is trained, and have no gradient.
        for (index, variable) in model.variables.entries.enumerated() where variable.role == .parameter {
            compare(weights[index], "d\(index)", name)
        }
        guard Self.layers.has("mean", of: name) else { return }
        compare(updates[0], "mean", name)
        compare(updates[1], "variance", name)
    }

    private func compare(_ tensor: Tensor, _ key: String, _ name: String) {
        let expected = Self.layers.array(key, of: name, like: tensor)
        expectClose(tensor, expected, relative: 1e-5, absolute: 3e-6, "\(key) of \(name)")
    }

    private func function(named name: String) throws -> Activation {
        switch name {
        case "gelu:approximate": .gelu(approximate: true)
        case "threshold": .threshold(threshold: 0.5, value: -2)
        default: try ActivationCatalogue.named(name)
        }
    }

    @Test(arguments: activations.names) func activation(_ name: String) throws {
        let function = try function(named: name)
        let input = testTensor([3, 6], seed: 1, in: -4...8)
        let output = try evaluate([input]) { _, x in [try function.apply(x[0])] }[0]
        let gradient = try GradientProbe(name, [input]) { _, x in [try function.apply(x[0])] }.gradients()[1]
        for (key, tensor) in [("y", output), ("dx", gradient)] {
            let expected = Self.activations.array(key, of: name, like: tensor)
            expectClose(tensor, expected, relative: 1e-5, absolute: 1e-6, "\(key) of \(name)")
        }
    }

    @Test(arguments: losses.names, ["", "weighted_"]) func loss(_ name: String, _ prefix: String) throws {
        let fixture = try #require(lossFixtures.first { $0.name == name })
        let loss = try LossFixture.loss(name)
        let truth = LossFixture.truth(fixture.truth)
        let values = try evaluate([LossFixture.prediction(fixture.prediction), LossFixture.weights]) { builder, x in
            let weights = prefix.isEmpty ? nil : x[1]
            let value = try loss.mean(builder.literal(truth), Prediction(x[0]), sampleWeight: weights)
            return [value, try builder.gradients(of: value, withRespectTo: [x[0]])[0]]
        }
        for (key, tensor) in zip(["loss", "gradient"], values) {
            let expected = Self.losses.array(prefix + key, of: name, like: tensor)
            expectClose(tensor, expected, relative: 1e-5, absolute: 1e-6, "\(key) of \(name)")
        }
    }
}
