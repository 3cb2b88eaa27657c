import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneItems
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
            case _ where Self.described[name] != nil:
                try OptimizerCatalogue.make(#require(Self.described[name]))
            default: try sgd(name)
            }
        try compare(optimizer, with: Self.keras, name)
    }

    /// Those that are told by Keras's names for optimizers and options.
    static let described: [String: ItemDescription] = [
        "adam amsgrad": item("adam", 0.1, ["beta_2": 0.8, "epsilon": 1e-12], ["amsgrad": .boolean(true)]),
        "adamw amsgrad": item("adamw", 0.1, ["beta_2": 0.8, "epsilon": 1e-12], ["amsgrad": .boolean(true)]),
        "adadelta": item("adadelta", 1, ["epsilon": 1e-3]),
        "adadelta options": item("adadelta", 0.5, ["rho": 0.8, "epsilon": 1e-2, "weight_decay": 0.1]),
        "adamax": item("adamax", 0.02),
        "adamax options": item("adamax", 0.02, moments.merging(["weight_decay": 0.1]) { $1 }),
        "nadam": item("nadam", 0.02),
        "nadam options": item("nadam", 0.02, moments.merging(["weight_decay": 0.1]) { $1 }),
        "adafactor": item("adafactor", 0.05),
        "adafactor options": item(
            "adafactor", 0.5,
            [
                "beta_2_decay": -0.5, "epsilon_1": 1e-3, "epsilon_2": 0.5, "clip_threshold": 0.6, "weight_decay": 0.02,
            ]),
        "lion": item("lion", 0.01),
        "lion options": item("lion", 0.01, ["beta_1": 0.8, "beta_2": 0.9, "weight_decay": 0.1]),
        "lamb": item("lamb", 0.02),
        "lamb options": item("lamb", 0.02, moments.merging(["weight_decay": 0.1]) { $1 }),
        "ftrl": item("ftrl", 0.1),
        "ftrl options": item(
            "ftrl", 0.2,
            [
                "learning_rate_power": -0.7, "initial_accumulator_value": 0.2, "l1_regularization_strength": 0.01,
                "l2_regularization_strength": 0.05, "l2_shrinkage_regularization_strength": 0.1, "beta": 0.3,
            ]),
        "muon": item("muon", 0.02),
        "muon options": item(
            "muon", 0.02,
            [
                "adam_beta_1": 0.8, "adam_beta_2": 0.9, "adam_weight_decay": 0.1, "epsilon": 1e-2,
                "weight_decay": 0.05, "muon_a": 3, "muon_b": -4, "muon_c": 1.8, "adam_lr_ratio": 0.5, "momentum": 0.9,
            ], ["ns_steps": .integer(3), "nesterov": .boolean(false), "rms_rate": .boolean(false)]),
        "schedule_free_adamw": item("schedule_free_adamw", 0.02),
        "schedule_free_adamw options": item(
            "schedule_free_adamw", 0.05, moments.merging(["weight_decay": 0.1]) { $1 }, ["warmup_steps": .integer(6)]),
        "sgd use_ema": item("sgd", 0.05, ["momentum": 0.9, "ema_momentum": 0.8], ["use_ema": .boolean(true)]),
        "sgd ema_overwrite_frequency": item(
            "sgd", 0.05, ["momentum": 0.9, "ema_momentum": 0.8],
            ["use_ema": .boolean(true), "ema_overwrite_frequency": .integer(3)]),
        "adam loss_scale_factor": item(
            "adam", 0.02, ["epsilon": 1e-12, "clipnorm": 0.05, "loss_scale_factor": 3]),
    ]

    private static let moments = ["beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-2]

    private static func item(
        _ name: String, _ rate: Double, _ numbers: [String: Double] = [:], _ others: [String: OptionValue] = [:]
    ) -> ItemDescription {
        let numbers = numbers.mapValues { OptionValue.number($0) }
        return ItemDescription(
            name, others.merging(numbers) { $1 }.merging(["learning_rate": .number(rate)]) { $1 })
    }

    @Test func `every optimizer is compared, and every described one is in the fixture`() {
        let names = Self.keras.names + Self.torch.names
        let compared = Set(names.map { $0.split(separator: " ")[0] })
        #expect(Set(OptimizerCatalogue.declarations.map { $0.name[...] }).subtracting(compared) == [])
        #expect(Set(Self.described.keys).subtracting(Self.keras.names) == [])
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
