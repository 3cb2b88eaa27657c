import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Metrics that take all examples, through runs.
struct ExactAreaRunTests {
    /// Two classes that overlap, with weights.
    private func data(_ rows: Int = 120, seed: Int = 3) throws -> Dataset {
        let x = testTensor([rows, 3], seed: seed)
        let noise = testTensor([rows], seed: seed + 1).floats
        let y = (0..<rows).map { (row: Int) -> Float in
            let (a, b) = (x.floats[3 * row], x.floats[3 * row + 1])
            return a - b + noise[row] > 0 ? 1 : 0
        }
        return try .tensors(
            x, Tensor(y, shape: [rows, 1]), sampleWeights: testTensor([rows], seed: seed + 2, in: 0...2))
    }

    private func trainer(_ metrics: [any Metric] = [AUC()], weighted: [any Metric] = []) throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(4, activation: .tanh), Dense(1)]), optimizer: .adam(learningRate: 0.02),
            loss: BinaryCrossentropy(), metrics: metrics, weightedMetrics: weighted, seed: 6)
        trainer.message = { _ in }
        return trainer
    }

    /// The share of pairs that the model puts in the right order.
    private func pairs(_ trainer: Trainer, _ data: Dataset, weighted: Bool = false) throws -> Double {
        let scores = try trainer.predict(data)[0].floats
        let truth = try data.target().floats
        let weights = try #require(try data.sampleWeights()).floats
        var (right, all) = (0.0, 0.0)
        for a in scores.indices where truth[a] == 1 {
            for b in scores.indices where truth[b] == 0 {
                let weight = weighted ? Double(weights[a]) * Double(weights[b]) : 1
                all += weight
                right += scores[a] > scores[b] ? weight : scores[a] == scores[b] ? weight / 2 : 0
            }
        }
        return right / all
    }

    @Test(arguments: [1, 7, 32, 120]) func `an evaluation has one value for all batch sizes`(batch: Int) throws {
        let (trainer, data) = (try trainer(weighted: [AUC()]), try data())
        try trainer.fit(data, epochs: 2, verbose: .silent)
        let logs = try trainer.evaluate(data, batchSize: batch)
        #expect(abs(try #require(logs["auc"]) - pairs(trainer, data)) < 1e-9)
        #expect(abs(try #require(logs["weighted_auc"]) - pairs(trainer, data, weighted: true)) < 1e-9)
    }

    @Test func `each epoch begins anew, and validation has its own`() throws {
        let (trainer, data, validation) = (try trainer(), try data(), try data(50, seed: 40))
        var expected: [Double] = []
        let watch = LambdaCallback(on: .epochEnd) { context in
            expected.append(try self.pairs(try #require(context.run.trainer), validation))
            return nil
        }
        let history = try trainer.fit(
            data, epochs: 3, batchSize: 16, validation: validation, callbacks: [watch], verbose: .silent)
        #expect(zip(history["val_auc"] ?? [], expected).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(history["val_auc"]?.count == 3 && history["auc"]?.allSatisfy { $0 > 0 && $0 < 1 } == true)
        // Without a step the training pass is an evaluation.
        try trainer.optimizer.set("learning_rate", 0)
        let still = try trainer.fit(data, epochs: 1, batchSize: 16, verbose: .silent)
        #expect(still["auc"] == [try #require(try trainer.evaluate(data)["auc"])])
    }

    @Test func `a run goes on exactly from within an epoch`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func run(_ resume: String?, seed: UInt64) throws -> (ResumeOutcome, [[Double]], [Checkpoint]) {
            let trainer = try trainer([AUC(), AUC(curve: .precisionRecall, name: "pr")], weighted: [AUC()])
            var batches: [[Double]] = []
            let watch = LambdaCallback(on: .trainBatchEnd) { context in
                batches.append(["running_auc", "running_pr", "running_weighted_auc"].map { context.logs[$0] ?? -1 })
                return nil
            }
            let keeper = CheckpointKeeper()
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 24, .silent, resume)
            let history = try trainer.fit(data(), options, callbacks: [watch, keeper])
            return (try ResumeOutcome(trainer, history, []), batches, keeper.kept)
        }
        let whole = try run(nil, seed: 1)
        for checkpoint in whole.2 {
            try checkpoint.write(to: path)
            let resumed = try run(path, seed: 2)
            #expect(resumed.0 == whole.0)
            let rest = whole.1.suffix(resumed.1.count)
            #expect(resumed.1.map { $0.map(\.bitPattern) } == rest.map { $0.map(\.bitPattern) })
        }
    }

    @Test func `a batch that is forgotten leaves no examples`() throws {
        let kept = KeptExamples(AUC(), budget: nil)
        func add(_ numbers: [Float]) throws { try numbers.withUnsafeBufferPointer { try kept.add($0) } }
        try add([0.2, 0, 1, 0.8, 1, 1])
        try add([0.1, 1, 1, 0.9, 0, 1])
        #expect(kept.batchValue == 0 && kept.value == 0.25 && kept.recentValue == 0.25)
        kept.forgetLast()
        #expect(kept.value == 1)
        kept.reset()
        #expect(kept.value.isNaN)
    }

    @Test func `too many examples are an error that names the way out`() throws {
        let kept = KeptExamples(AUC(), budget: nil, most: 3)
        try [0.2, 0, 1, 0.8, 1, 1].withUnsafeBufferPointer { try kept.add($0) }
        let text = failure { try [0.2, 0, 1, 0.8, 1, 1].withUnsafeBufferPointer { try kept.add($0) } }
        #expect(text.contains("more than 3; with 'num_thresholds' (200 in Keras) sums are enough"))
        #expect(kept.value == 1)
    }

    @Test func `examples count against the memory of a run, and are given back`() throws {
        final class Budget: MemoryBudget {
            var free = 1000
            func take(_ byteCount: Int) throws(RuntimeError) {
                guard byteCount <= free else { throw RuntimeError(.outOfMemory, "no room") }
                free -= byteCount
            }
            func giveBack(_ byteCount: Int) { free += byteCount }
        }
        let budget = Budget()
        do {
            let kept = KeptExamples(AUC(), budget: budget)
            for _ in 0..<8 { try [0.2, 0, 1, 0.8, 1, 1].withUnsafeBufferPointer { try kept.add($0) } }
            #expect(budget.free < 1000)
            #expect(throws: RuntimeError.self) {
                for _ in 0..<20 { try [0.2, 0, 1, 0.8, 1, 1].withUnsafeBufferPointer { try kept.add($0) } }
            }
        }
        #expect(budget.free == 1000)
    }

    @Test func `the value in logs of batches is an eighth behind at most`() throws {
        let kept = KeptExamples(AUC(), budget: nil)
        let exact = KeptExamples(AUC(), budget: nil)
        let numbers = testTensor([30_000], seed: 8, in: 0...1).floats
        for start in stride(from: 0, to: numbers.count, by: 300) {
            let batch = numbers[start..<start + 300].enumerated().flatMap { (index: Int, score: Float) -> [Float] in
                [score, index % 3 == 0 ? 1 : 0, 1]
            }
            try batch.withUnsafeBufferPointer { try kept.add($0) }
            try batch.withUnsafeBufferPointer { try exact.add($0) }
            #expect(abs(kept.recentValue - exact.value) < 0.02)
            if start < 4096 - 300 { #expect(kept.recentValue == exact.value) }
        }
        #expect(kept.value == exact.value)
    }

    @Test func `a state that a file may hold is taken or left`() {
        let kept = KeptExamples(AUC(), budget: nil, most: 4)
        func state(_ tensor: Tensor) -> StateValue { ["numbers": .tensor(tensor), "judged": .integer(-7)] }
        #expect(!kept.restore(nil))
        #expect(!kept.restore(state(Tensor([1, 2] as [Float], shape: [2]))))
        #expect(!kept.restore(state(Tensor([1, 2, 3] as [Int32], shape: [3]))))
        #expect(!kept.restore(state(Tensor(repeating: 1, shape: [15]))))
        #expect(kept.restore(state(Tensor([0.2, 0, 1, 0.8, 1, 1] as [Float], shape: [6]))))
        #expect(kept.value == 1 && kept.recentValue.isNaN && kept.batchValue.isNaN)
    }
}
