import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A file whose checksum is right may still hold anything: what is in it is an error or goes on, and never a crash.
@Suite("Checkpoints that somebody has meddled with")
struct MeddledStateTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Ends a run that a meddled plan would make endless.
    private final class Brake: Callback {
        var batches = 0
        var events: EventSet { [.trainBatchEnd] }
        func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
            batches += 1
            return batches > 4 ? .stop(now: true) : nil
        }
    }

    private func fit(from path: String?, _ callbacks: [any Callback]) throws {
        let trainer = try Trainer(
            Sequential([Dense(4, activation: .tanh, name: "first"), Dropout(0.2), Dense(10)]),
            optimizer: .adam(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: 3)
        trainer.message = { _ in }
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 16, .silent, path)
        options.accumulate = 2
        let (data, validation) = try Dataset.digits().take(80).split(0.8)
        try trainer.fit(data, options, validation: validation, callbacks: callbacks)
    }

    private func callbacks() throws -> [any Callback] {
        var rollback = Rollback.Options()
        (rollback.spike, rollback.every, rollback.warmUp) = (5, .steps(1), 1)
        return [
            try EarlyStopping(patience: 3, restoreBestWeights: true, every: .steps(2)),
            try EarlyStopping(monitor: "loss", patience: 3), try ReduceLROnPlateau(monitor: "loss", patience: 2),
            try SwapEMAWeights(momentum: 0.9), try KeepBestWeights(), try Rollback(rollback), try WarmUp(.steps(4)),
            try DivergenceStopper(.factor(100)), try LRMonitor(), try FreezeSchedule(unfreezing: ["first": 2]),
            TerminateOnNaN(),
            try ModelCheckpoint(.folder(folder.path("run"), keepLast: 2, keepBest: 1)), try WeightMonitor(),
            try BatchSizeSchedule([2: 8]), try GradientAccumulationSchedule([2: 3]),
        ]
    }

    /// Every way in which one place of `value` can be something else, with the place.
    private func variants(of value: StateValue, at path: String = "") -> [(place: String, value: StateValue)] {
        let others: [StateValue] = [
            .null, -1, .integer(.max), .integer(.min), .number(.nan), .number(1e300), "x", [:], .list([]),
            .tensor(Tensor(1)),
        ]
        var found = others.map { (path, $0) }
        switch value {
        case .record(let fields):
            for (name, field) in fields {
                found += variants(of: field, at: "\(path)/\(name)").map { place, other in
                    (place, .record(fields.merging([name: other]) { $1 }))
                }
            }
        case .list(let values):
            for index in values.indices.prefix(2) {
                found += variants(of: values[index], at: "\(path)/\(index + 1)").map { place, other in
                    var changed = values
                    changed[index] = other
                    return (place, .list(changed))
                }
            }
        case .null, .boolean, .integer, .number, .text, .bytes, .tensor, .pairs: break
        }
        return found
    }

    @Test("Every place of a state as something else", arguments: [2, 5])
    func everywhere(kept: Int) throws {
        let keeper = CheckpointKeeper()
        try fit(from: nil, callbacks() + [keeper])
        let all = variants(of: keeper.kept[kept].state)
        #expect(all.count > 2000)
        let path = folder.path("run/step-00000003.safetensors")
        var refused = 0
        for (index, variant) in all.enumerated() where index % 301 == kept {
            try Checkpoint(variant.value).write(to: path)
            do {
                try fit(from: path, callbacks() + [Brake()])
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test("A header with one name twice, once as names of ours are written, is an error")
    func twice() throws {
        let text = #"{"$a": {"dtype": "F32"}, "a": 1}"#
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Array(text.utf8)[...]) }
    }

    @Test("What has no end is not read")
    func endless() throws {
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: "/dev/zero") }
        #expect(error?.description == "/dev/zero: is no regular file")
    }
}
