import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Same seed, same machine, same threads: same bits.
@Suite("Same seed, same bits")
struct DeterminismTests {
    /// The bits of the weights after training with all that is drawn: initial weights, shuffling, dropout.
    static func fingerprint(seed: UInt64 = 5, threads: Int? = nil) throws -> UInt64 {
        let model = Sequential([
            Conv2D(6, 3, padding: .same), BatchNormalization(), ActivationLayer(.relu), MaxPooling2D(2), Flatten(),
            Dropout(0.3), Dense(32, activation: .gelu), GaussianNoise(0.1), Dense(10),
        ])
        let trainer = try Trainer(
            model, optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: seed)
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose, options.threads) = (2, 48, .silent, threads)
        let history = try trainer.fit(Dataset.digits(image: true).take(500), options)
        var hash: UInt64 = 14_695_981_039_346_656_037
        func add(_ bits: UInt64) { hash = (hash ^ bits) &* 1_099_511_628_211 }
        for weight in try trainer.getWeights() {
            for element in weight.floats { add(UInt64(element.bitPattern)) }
        }
        for loss in history["loss"] ?? [] { add(loss.bitPattern) }
        return hash
    }

    @Test("Twice in one process, on one thread and on two", arguments: [1, 2])
    func twice(threads: Int) throws {
        let once = try Self.fingerprint(threads: threads)
        #expect(try Self.fingerprint(threads: threads) == once)
        #expect(try Self.fingerprint(seed: 6, threads: threads) != once)
    }

    @Test("In two processes")
    func twoProcesses() async throws {
        let here = try Self.fingerprint(threads: 2)
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            print("fingerprint", try DeterminismTests.fingerprint(threads: 2))
        }
        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        #expect(output.contains("fingerprint \(here)"))
    }

    @Test("Callbacks that only look, and validation, change nothing")
    func watching() throws {
        func weights(_ callbacks: [any Callback], validates: Bool) throws -> [Tensor] {
            let trainer = try Trainer(
                Sequential([Dense(4, activation: .tanh), Dropout(0.2), Dense(1)]), optimizer: .adam(),
                loss: MeanSquaredError(), seed: 3)
            trainer.message = { _ in }
            try trainer.fit(
                line(), epochs: 3, batchSize: 4, validation: validates ? line() : nil, callbacks: callbacks,
                verbose: .silent)
            return try trainer.getWeights()
        }
        let plain = try weights([], validates: false)
        #expect(try weights([Recorder()], validates: true) == plain)
    }

    @Test("Two fits in a row are one long fit, random numbers and all")
    func continued() throws {
        func weights(_ parts: [(from: Int, to: Int)]) throws -> [Tensor] {
            let trainer = try Trainer(
                Sequential([Dense(8, activation: .tanh), Dropout(0.2), Dense(1)]),
                optimizer: .sgd(learningRate: 0.05, momentum: 0.9), loss: MeanSquaredError(), seed: 3)
            trainer.message = { _ in }
            for part in parts {
                var options = FitOptions()
                (options.initialEpoch, options.epochs) = part
                (options.batchSize, options.verbose) = (4, .silent)
                let history = try trainer.fit(line(), options)
                #expect(history.epochs == Array(part.from + 1...part.to))
            }
            return try trainer.getWeights()
        }
        #expect(try weights([(0, 4)]) == weights([(0, 1), (1, 4)]))
        #expect(try weights([(0, 4)]) != weights([(0, 1), (0, 1), (1, 3)]))
    }

    @Test("Each fit shuffles anew, and in the same way for the same seed")
    func fits() throws {
        /// The rows of the batches of some fits of one epoch each, in the order in which they came.
        func orders(seed: UInt64?) throws -> [[Float]] {
            let trainer = try Trainer(
                Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0), loss: MeanSquaredError(), seed: seed)
            trainer.message = { _ in }
            return try (0..<4).map { _ in
                let order = RowOrder()
                try trainer.fit(line(), epochs: 1, batchSize: 4, callbacks: [order], verbose: .silent)
                return order.losses
            }
        }
        let first = try orders(seed: 3)
        #expect(Set(first).count == 4)
        #expect(try orders(seed: 3) == first)
        #expect(try orders(seed: 4) != first)
        #expect(try orders(seed: nil) != orders(seed: nil))
    }

    @Test("Trainers that are given no seed differ; with the same seed they are equal")
    func seeds() throws {
        func weights(_ seed: UInt64?) throws -> [Tensor] {
            let trainer = try Trainer(
                Sequential([Dense(4), Dense(2)]), optimizer: .sgd(), loss: MeanSquaredError(),
                seed: seed)
            try trainer.state.build([TensorSpec([3])])
            return try trainer.getWeights()
        }
        #expect(Set(try (0..<5).map { _ in try weights(nil)[0].floats }).count == 5)
        #expect(try weights(7) == weights(7))
        #expect(try weights(7)[0] != weights(8)[0])
    }

    /// The loss of each batch, with weights that stand still: which rows came.
    private final class RowOrder: Callback {
        var losses: [Float] = []
        var events: EventSet { [.trainBatchEnd] }
        func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
            losses.append(Float(context.logs["loss"] ?? .nan))
            return nil
        }
    }
}
