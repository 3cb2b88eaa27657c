import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Twenty steps of each optimizer on a small regression agree with PyTorch and Keras (`scripts/fixtures`): the loss
/// before each step, and the weights after the last.
@Suite("Optimizers agree with PyTorch and Keras")
struct OptimizerAgreementTests {
    static let torch = FixtureFile("Fixtures/torch_optimizers", in: .module)
    static let keras = FixtureFile("Fixtures/keras_optimizers", in: .module)

    private func clipping(_ name: String) -> GradientClipping {
        switch name {
        case "sgd clipvalue": GradientClipping(value: 0.1)
        case "sgd clipnorm": GradientClipping(norm: 0.3)
        case "sgd global_clipnorm": GradientClipping(globalNorm: 0.4)
        case "adam clipnorm": GradientClipping(norm: 0.05)
        default: GradientClipping()
        }
    }

    private func sgd(_ name: String) throws -> Optimizer {
        try .sgd(
            learningRate: 0.05, momentum: name == "sgd" ? 0 : 0.9, nesterov: name == "sgd nesterov",
            weightDecay: name == "sgd weight_decay" ? 0.1 : nil, clipping: clipping(name),
            schedule: name == "sgd schedule" ? ExponentialDecay(initial: 0.1, decaySteps: 5, rate: 0.5) : nil)
    }

    /// - Parameter epsilon: of RMSprop and Adagrad.
    private func rmsprop(_ name: String, epsilon: Double) throws -> Optimizer {
        try .rmsprop(
            learningRate: 0.01, momentum: name.contains("momentum") ? 0.9 : 0, epsilon: epsilon,
            centered: name.contains("centered"))
    }

    @Test("PyTorch", arguments: torch.names)
    func agreesWithTorch(_ name: String) throws {
        let optimizer: Optimizer =
            switch name {
            case "adam", "adam clipnorm": try .adam(learningRate: 0.02, clipping: clipping(name))
            case "adam weight_decay": try .adam(learningRate: 0.02, weightDecay: 0.1)
            case "adamw": try .adamW(learningRate: 0.02, weightDecay: 0.1)
            // Without epsilon, which PyTorch has elsewhere.
            case "adagrad": try .adagrad(learningRate: 0.05, epsilon: 0)
            case _ where name.hasPrefix("rmsprop"): try rmsprop(name, epsilon: 0)
            default: try sgd(name)
            }
        try compare(optimizer, with: Self.torch, name)
    }

    @Test("Keras", arguments: keras.names)
    func agreesWithKeras(_ name: String) throws {
        let optimizer: Optimizer =
            switch name {
            // An epsilon too small to matter: Keras adds it before the bias correction, we and PyTorch after it.
            case "adam weight_decay": try .adam(learningRate: 0.02, epsilon: 1e-12, weightDecay: 0.1)
            case "adamw": try .adamW(learningRate: 0.02, epsilon: 1e-12)
            case "adagrad": try .adagrad(learningRate: 0.05)
            case "adagrad weight_decay": try .adagrad(learningRate: 0.05, epsilon: 1e-2, weightDecay: 0.1)
            case _ where name.hasPrefix("rmsprop"):
                try rmsprop(name, epsilon: name.contains("centered") ? 1e-3 : 1e-7)
            default: try sgd(name)
            }
        try compare(optimizer, with: Self.keras, name)
    }

    private func compare(_ optimizer: Optimizer, with fixture: FixtureFile, _ name: String) throws {
        let data = try Dataset.tensors(testTensor([8, 3], seed: 50), testTensor([8, 1], seed: 51))
        let model = Sequential([Dense(4, activation: .tanh), Dense(1)])
        let trained = try train(model, optimizer, MeanSquaredError(), data, epochs: 20)
        let losses = Tensor(trained.losses, shape: [20])
        expectClose(
            losses, fixture.array("loss", of: name, like: losses), relative: 2e-5, absolute: 1e-6, "losses of \(name):")
        expectClose(
            trained.weights, fixture.array("weights", of: name, like: trained.weights), relative: 2e-5, absolute: 2e-6,
            "weights of \(name):")
    }
}

/// Trains from the fixtures' weights, in the order of the data.
/// - Returns: the loss of each batch, and the weights afterwards, end to end.
func train(
    _ model: Model, _ optimizer: Optimizer, _ loss: any Loss, _ data: Dataset, epochs: Int,
    in range: ClosedRange<Float> = -1...1
) throws -> (losses: [Float], weights: Tensor) {
    let trainer = try Trainer(model, optimizer: optimizer, loss: loss, seed: 0)
    trainer.message = { _ in }
    try trainer.state.build(try #require(data.layout).inputs.map(\.spec))
    try trainer.setWeights(
        model.variables.entries.map { variable in
            switch variable.name {
            case "gamma", "moving_variance", "beta", "moving_mean": try variable.initialValue(seed: 0)
            default: testTensor(variable.shape, seed: 100 + variable.id.index, in: range)
            }
        })
    var options = FitOptions()
    (options.epochs, options.batchSize, options.shuffle, options.verbose) = (epochs, 8, false, .silent)
    var losses: [Float] = []
    let listener = LambdaCallback(on: .trainBatchEnd) { context in
        losses.append(Float(context.logs["loss"] ?? .nan))
        return nil
    }
    try trainer.fit(data, options, callbacks: [listener])
    let weights = try trainer.getWeights().flatMap(\.floats)
    return (losses, Tensor(weights, shape: [weights.count]))
}
