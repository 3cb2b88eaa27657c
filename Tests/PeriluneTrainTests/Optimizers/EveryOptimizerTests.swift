import PeriluneData
import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What holds for every optimizer of the catalogue, whichever there are.
struct EveryOptimizerTests {
    static let names = OptimizerCatalogue.declarations.map(\.name)

    /// An optimizer with each of its own switches on, and with what comes with every one.
    static func full(_ name: String) throws -> Optimizer {
        let known = Set(try #require(OptimizerCatalogue.declarations.first { $0.name == name }).parameters.map(\.name))
        var options: [String: OptionValue] = [
            "learning_rate": .number(0.01), "weight_decay": .number(0.05), "clipnorm": .number(0.5),
            "use_ema": .boolean(true), "ema_momentum": .number(0.8), "ema_overwrite_frequency": .integer(4),
            "loss_scale_factor": .number(8),
        ]
        let own: [String: OptionValue] = [
            "momentum": .number(0.9), "nesterov": .boolean(true), "centered": .boolean(true), "amsgrad": .boolean(true),
            "warmup_steps": .integer(7), "l1_regularization_strength": .number(1e-4), "beta": .number(0.1),
            "exclude_layers": .list([.text("fir*")]),
        ]
        options.merge(own.filter { known.contains($0.key) }) { $1 }
        return try OptimizerCatalogue.make(ItemDescription(name, options))
    }

    @Test func `Keras's names of classes are understood`() throws {
        let classes = [
            "SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam", "Adafactor", "Lion", "Lamb",
            "Ftrl", "Muon", "ScheduleFreeAdamW",
        ]
        #expect(Set(try classes.map { try OptimizerCatalogue.named($0).name }) == Set(Self.names))
    }

    @Test(arguments: names) func `a run that is killed and resumed is the same, bit for bit`(_ name: String) throws {
        try expectExactResume(stride: 8, optimizer: { try OptimizerCatalogue.named(name) }) { [] }
        try expectExactResume(stride: 8, optimizer: { try Self.full(name) }) { [] }
    }

    @Test(arguments: names) func `a checkpoint has every state`(_ name: String) throws {
        let optimizer = try Self.full(name)
        let trainer = try Self.trainer(optimizer)
        try Self.fit(trainer, epochs: 1)
        let slots = try trainer.captureState()["slots"]
        for variable in trainer.model.variables.trainable {
            let saved = try #require(slots?[variable.path]?.record)
            let declared = optimizer.slots(of: variable.trained)
            #expect(Set(saved.keys) == Set(declared.map(\.name)))
            #expect(saved.count == declared.count)
            for slot in declared { #expect(saved[slot.name]?.tensor?.spec == slot.spec(of: variable), "\(slot.name)") }
        }
    }

    @Test(arguments: names) func `a layer whose rate is multiplied with 0 stays as it is`(_ name: String) throws {
        let trainer = try Self.trainer(
            OptimizerCatalogue.make(
                ItemDescription(name, ["learning_rate": .number(0.05), "weight_decay": .number(0.1)])))
        let before = try Self.weights(trainer)
        try Self.fit(trainer, epochs: 3, [LayerLearningRates(["first": 0])])
        let after = try Self.weights(trainer)
        for index in 0..<2 { expectClose(after[index], before[index], relative: 1e-5, absolute: 1e-6, name) }
        #expect(zip(after[2].floats, before[2].floats).contains { abs($0 - $1) > 1e-4 }, "\(name)")
    }

    @Test(arguments: names) func `a learning rate of 0 leaves numbers as they are`(_ name: String) throws {
        let start: [Float] = [1, -2]
        let optimizer = try OptimizerCatalogue.make(ItemDescription(name, ["learning_rate": .number(0)]))
        let end = try OptimizerTests.run(optimizer, start: start, gradients: OptimizerTests.gradients)
        #expect(zip(start, end).allSatisfy { abs($0 - $1) < 1e-5 }, "\(end)")
    }

    @Test(arguments: names) func `numbers out of range are refused with the range, by options and at run time`(
        _ name: String
    ) throws {
        let optimizer = try OptimizerCatalogue.named(name)
        var refused = 0
        for parameter in optimizer.names where parameter != "learning_rate" {
            for value in [-1e9, 1e9, 0, 1] as [Double] where (try? optimizer.check(value, for: parameter)) == nil {
                let range = (optimizer.own + optimizer.common).first { $0.name == parameter }?.range
                let error = #expect(throws: DirectiveError.self) { try optimizer.set(parameter, value) }
                #expect(error?.message.contains("must be \(range?.description ?? "?"), got") == true)
                let option = #expect(throws: (any Error).self) {
                    try OptimizerCatalogue.make(ItemDescription(name, [parameter: .number(value)]))
                }
                #expect(option.map { "\($0)" }?.contains(parameter) == true)
                refused += 1
            }
        }
        #expect(refused >= 4)
    }
}

extension EveryOptimizerTests {
    static func trainer(_ optimizer: Optimizer) throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(3, activation: .tanh, name: "first"), Dense(2)]), optimizer: optimizer,
            loss: MeanSquaredError(), seed: 4)
        try trainer.prepare(for: #require(data.layout))
        return trainer
    }

    private static var data: Dataset {
        get throws { try .tensors(testTensor([12, 4]), testTensor([12, 2], seed: 1)) }
    }

    static func fit(_ trainer: Trainer, epochs: Int, _ callbacks: [any Callback] = []) throws {
        try trainer.fit(data, epochs: epochs, batchSize: 4, callbacks: callbacks, verbose: .silent)
    }

    static func weights(_ trainer: Trainer) throws -> [Tensor] { try trainer.getWeights() }
}
