import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Accumulated batches make the update of one big batch: every example weighs the same, whatever the batches it came
/// in.
@Suite("Accumulated batches are one big batch")
struct AccumulationTests {
    /// A loss, and targets that it takes for outputs of three units.
    struct Kind: Sendable, CustomTestStringConvertible {
        var name: String
        var loss: @Sendable () -> any Loss
        var activation: Activation
        var isSparse = false
        var testDescription: String { name }
    }

    static let kinds: [Kind] = [
        Kind(name: "mean_squared_error", loss: { MeanSquaredError() }, activation: .linear),
        Kind(name: "mean_absolute_error", loss: { MeanAbsoluteError() }, activation: .linear),
        Kind(name: "huber", loss: { Huber() }, activation: .linear),
        Kind(name: "binary_crossentropy", loss: { BinaryCrossentropy() }, activation: .sigmoid),
        Kind(name: "categorical_crossentropy", loss: { CategoricalCrossentropy() }, activation: .softmax),
        Kind(
            name: "sparse_categorical_crossentropy", loss: { SparseCategoricalCrossentropy() }, activation: .softmax,
            isSparse: true),
    ]

    /// What examples weigh.
    enum Weights: CaseIterable, Sendable {
        case none, sample, ofClasses
    }

    private static func data(_ rows: Int, _ kind: Kind, _ weights: Weights) throws -> Dataset {
        let x = testTensor([rows, 4], seed: rows)
        let classes = (0..<rows).map { ($0 * 7 + rows) % 3 }
        let y: Tensor =
            kind.isSparse
            ? Tensor(classes.map(Int32.init), shape: [rows])
            : Tensor(
                classes.flatMap { label in (0..<3).map { $0 == label ? 1 as Float : 0 } }, shape: [rows, 3])
        let own = Tensor((0..<rows).map { Float($0 % 4) * 0.75 }, shape: [rows])
        let data = try Dataset.tensors(x, y, sampleWeights: weights == .sample ? own : nil)
        return weights == .ofClasses && kind.isSparse ? try data.classWeighted([0: 0.5, 2: 3]) : data
    }

    /// The weights after one update from all of `data`, given in batches of these sizes.
    private static func update(
        _ data: Dataset, _ sizes: [Int], _ kind: Kind
    ) throws -> (weights: [Tensor], loss: Double) {
        let model = Sequential([
            Dense(5, activation: .tanh, kernel: WeightOptions(GlorotUniform(), regularizer: L2(0.05))),
            Dense(3, activation: kind.activation),
        ])
        let trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.5), loss: kind.loss(), seed: 5)
        trainer.message = { _ in }
        var options = FitOptions()
        (options.accumulate, options.shuffle, options.verbose) = (sizes.count, false, .silent)
        let batches = try sizes.reduce(into: (start: 0, examples: [GeneratedExamples]())) { result, size in
            let rows = try data.subset(Array(result.start..<result.start + size))
            result.start += size
            result.examples.append(
                GeneratedExamples(
                    inputs: [try rows.input(0)], targets: [try rows.target(0)], sampleWeights: try rows.sampleWeights())
            )
        }.examples
        // In memory where batches are of one size but for the last, otherwise as a generator gives them.
        let isPlain = sizes.dropLast().allSatisfy { $0 == sizes[0] } && (sizes.last ?? 0) <= sizes[0]
        options.batchSize = isPlain ? sizes[0] : nil
        let source =
            isPlain
            ? data
            : Dataset.generator {
                var next = 0
                return {
                    guard next < batches.count else { return nil }
                    defer { next += 1 }
                    return batches[next]
                }
            }
        let history = try trainer.fit(source, options)
        #expect(trainer.step == 1)
        return (try trainer.getWeights(), try #require(history.last("loss")))
    }

    @Test("Random parts of a batch give its update", arguments: kinds, Weights.allCases)
    func randomParts(kind: Kind, weights: Weights) throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<4 {
            let rows = Int.random(in: 2...23, using: &generator)
            let data = try Self.data(rows, kind, weights)
            var (sizes, left) = ([Int](), rows)
            while left > 0 {
                sizes.append(Int.random(in: 1...left, using: &generator))
                left -= sizes.last ?? 0
            }
            let whole = try Self.update(data, [rows], kind)
            let parts = try Self.update(data, sizes, kind)
            for (a, b) in zip(whole.weights, parts.weights) { expectClose(a, b, relative: 1e-5, absolute: 1e-6) }
            #expect(abs(whole.loss - parts.loss) < 1e-5, "in parts of \(sizes)")
        }
    }

    @Test func `Four rows and one make the step of five`() throws {
        let x = Tensor([1, 2, 3, 4, 5] as [Float], shape: [5, 1])
        let y = Tensor([2, 4, 6, 8, 30] as [Float], shape: [5, 1])
        func weight(_ batchSize: Int, _ accumulate: Int) throws -> Float {
            let model = Sequential([Dense(1, usesBias: false)])
            let trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.001), loss: MeanSquaredError())
            try model.build(inputShapes: [[1]])
            try trainer.setWeights([Tensor([0] as [Float], shape: [1, 1])])
            var options = FitOptions()
            (options.batchSize, options.accumulate, options.shuffle, options.verbose) = (
                batchSize, accumulate, false, .silent
            )
            try trainer.fit(.tensors(x, y), options)
            return try trainer.getWeights()[0].floats[0]
        }
        // 2/5 · Σ x·y · 0.001.
        let expected: Float = 0.4 * 210 * 0.001
        for (size, batches) in [(5, 1), (4, 2), (3, 2), (2, 3), (1, 5)] {
            #expect(abs(try weight(size, batches) - expected) < 1e-6, "\(batches) batches of \(size)")
        }
    }
}
