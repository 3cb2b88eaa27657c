import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

@Suite("Digits, end to end")
struct DigitsTests {
    static func trainer(_ layers: [any Layer]) throws -> Trainer {
        let trainer = try Trainer(
            Sequential(layers), optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
            seed: 42)
        trainer.message = { _ in }
        return trainer
    }

    @Test("A small network learns the digits; softmax and logits give the same")
    func learns() throws {
        let (train, validation) = try Dataset.digits().shuffled(seed: 1).split(0.8)
        func accuracy(_ last: Activation) throws -> Double {
            let trainer = try Self.trainer([Dense(64, activation: .relu), Dense(10, activation: last)])
            let stopper = try EarlyStopping(monitor: "val_accuracy", patience: 5, restoreBestWeights: true)
            let history = try trainer.fit(
                train, epochs: 12, validation: validation, callbacks: [stopper], verbose: .silent)
            #expect(history.epochs.count > 3)
            let result = try trainer.evaluate(validation)["accuracy"] ?? 0
            #expect(result == history["val_accuracy"]?.max())
            return result
        }
        let (logits, softmax) = try (accuracy(.linear), accuracy(.softmax))
        #expect(logits > 0.93)
        #expect(abs(logits - softmax) < 0.01)
    }

    @Test("Labels that are no class are found before the first event")
    func labels() throws {
        let recorder = Recorder()
        let trainer = try Self.trainer([Dense(5)])
        #expect(throws: DataError.self) {
            try trainer.fit(Dataset.digits(), epochs: 1, callbacks: [recorder], verbose: .silent)
        }
        #expect(recorder.trace.isEmpty)
    }
}
