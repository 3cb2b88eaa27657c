import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A hundred training steps from fixed weights agree with PyTorch's: 1e-5 after the first step, 1e-4 over all.
@Suite("Training runs agree with PyTorch")
struct RunAgreementTests {
    static let fixture = FixtureFile("Fixtures/torch_runs", in: .module)

    @Test("A multi-layer perceptron with Adam")
    func mlp() throws {
        let model = Sequential([Dense(16, activation: .relu), Dense(3)])
        let data = try Dataset.tensors(testTensor([40, 8], seed: 60), testLabels([40], classes: 3, seed: 61))
        try compare("mlp", model, .adam(learningRate: 0.01), data)
    }

    @Test("A convolutional network with batch normalization and momentum")
    func cnn() throws {
        let model = Sequential([
            Conv2D(4, 3, padding: .same), BatchNormalization(momentum: 0.9), ActivationLayer(.relu), MaxPooling2D(2),
            Flatten(), Dense(3),
        ])
        let data = try Dataset.tensors(testTensor([40, 6, 6, 1], seed: 62), testLabels([40], classes: 3, seed: 63))
        try compare("cnn", model, .sgd(learningRate: 0.02, momentum: 0.9), data)
    }

    private func compare(_ name: String, _ model: Model, _ optimizer: Optimizer, _ data: Dataset) throws {
        let trained = try train(
            model, optimizer, SparseCategoricalCrossentropy(), data, epochs: 20, in: -0.5...0.5)
        let expected = Self.fixture.values("loss", of: name)
        try #require(trained.losses.count == 100 && expected.count == 100)
        for (index, (loss, truth)) in zip(trained.losses, expected).enumerated() {
            // The second loss is the first that a step has shaped.
            let tolerance = index < 2 ? 1e-5 : 1e-4
            #expect(abs(Double(loss) - truth) <= tolerance * truth, "loss of step \(index + 1)")
        }
        expectClose(
            trained.weights, Self.fixture.array("weights", of: name, like: trained.weights), relative: 1e-4,
            absolute: 1e-5, "weights of \(name):")
    }

    @Test("Learning-rate schedules agree with Keras, whose arithmetic is of single precision")
    func schedules() throws {
        let fixture = FixtureFile("Fixtures/keras_schedules", in: .module)
        let schedules: [String: any Schedule] = try [
            "piecewise": PiecewiseConstantDecay(boundaries: [10, 20], values: [0.1, 0.03, 0.01]),
            "exponential": ExponentialDecay(initial: 0.1, decaySteps: 10, rate: 0.7),
            "exponential staircase": ExponentialDecay(initial: 0.1, decaySteps: 10, rate: 0.7, staircase: true),
            "polynomial": PolynomialDecay(initial: 0.1, decaySteps: 20, end: 0.01, power: 2),
            "polynomial cycle": PolynomialDecay(initial: 0.1, decaySteps: 8, end: 0.01, power: 0.5, cycle: true),
            "inverse time": InverseTimeDecay(initial: 0.1, decaySteps: 10, rate: 0.7),
            "inverse time staircase": InverseTimeDecay(initial: 0.1, decaySteps: 10, rate: 0.7, staircase: true),
            "cosine": CosineDecay(initial: 0.1, decaySteps: 20, alpha: 0.1),
            "cosine warmup": CosineDecay(
                initial: 0.01, decaySteps: 20, alpha: 0.1, warmupTarget: 0.2, warmupSteps: 6),
        ]
        #expect(Set(schedules.keys) == Set(fixture.names))
        for (name, schedule) in schedules {
            let rates = fixture.values("rate", of: name)
            #expect(rates.count == 14)
            for (index, rate) in rates.enumerated() {
                #expect(abs(schedule.value(at: index * 3) - rate) <= 1e-6 * rate + 1e-8, "\(name) at \(index * 3)")
            }
        }
    }
}
