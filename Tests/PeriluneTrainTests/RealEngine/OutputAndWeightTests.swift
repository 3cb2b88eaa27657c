import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Several outputs with weights for their losses; weights of classes and samples.
@Suite("Outputs and weights")
struct OutputAndWeightTests {
    private let x = testTensor([12, 3], seed: 1)
    private let y = testTensor([12, 1], seed: 2)
    private let labels = testLabels([12], classes: 3, seed: 3)

    /// A trunk with a head for numbers and one for classes.
    private func trainer(_ lossWeights: [Float], heads: [String] = ["value", "kind"]) throws -> Trainer {
        let input = Input([3])
        let trunk = try Dense(5, activation: .tanh, name: "trunk")(input)
        let outputs = try [Dense(1, name: "value")(trunk), Dense(3, name: "kind")(trunk)]
        let chosen = zip(["value", "kind"], outputs).filter { heads.contains($0.0) }.map(\.1)
        let losses: [any Loss] = [MeanSquaredError(), SparseCategoricalCrossentropy()]
        let trainer = try Trainer(
            Model(inputs: [input], outputs: chosen), optimizer: .sgd(learningRate: 0.1),
            losses: heads.count == 1 ? [losses[0]] : losses,
            metrics: heads.count == 1 ? [] : [[], [Accuracy()]], lossWeights: lossWeights, seed: 4)
        trainer.message = { _ in }
        return trainer
    }

    private func fit(
        _ trainer: Trainer, _ data: Dataset, _ change: (inout FitOptions) -> Void = { _ in }
    ) throws -> History {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.shuffle, options.verbose) = (3, 4, false, .silent)
        change(&options)
        return try trainer.fit(data, options)
    }

    private func twoTargets() throws -> Dataset {
        try .tensors(
            inputs: [(name: "x", tensor: x)], targets: [(name: "value", tensor: y), (name: "kind", tensor: labels)])
    }

    @Test("The total is the weighted sum, and logs name each output's numbers")
    func total() throws {
        let history = try fit(trainer([0.3, 2]), twoTargets())
        #expect(Set(history.names).isSuperset(of: ["loss", "value_loss", "kind_loss", "kind_accuracy"]))
        for epoch in 0..<3 {
            let parts = try (#require(history["value_loss"])[epoch], #require(history["kind_loss"])[epoch])
            #expect(try abs(#require(history["loss"])[epoch] - (0.3 * parts.0 + 2 * parts.1)) < 1e-5)
        }
    }

    @Test("A loss that weighs nothing trains nothing: the rest is as if it were not there")
    func weightOfZero() throws {
        let both = try trainer([1, 0])
        try both.state.initialize()
        let before = try both.getWeights()
        _ = try fit(both, twoTargets())
        let after = try both.getWeights()
        let alone = try trainer([], heads: ["value"])
        try alone.setWeights(Array(before[0..<4]))
        _ = try fit(alone, .tensors(x, y))
        for (a, b) in zip(try alone.getWeights(), after) { expectClose(a, b, relative: 1e-6, absolute: 1e-7) }
        #expect(after[4...] == before[4...])
    }

    private func classifier() throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(4, activation: .tanh), Dense(3)]), optimizer: .sgd(learningRate: 0.1),
            loss: SparseCategoricalCrossentropy(), seed: 4)
        trainer.message = { _ in }
        return trainer
    }

    @Test("Class weights are sample weights by class")
    func classWeights() throws {
        let (byClass, bySample) = try (classifier(), classifier())
        _ = try fit(byClass, .tensors(x, labels)) { $0.classWeight = [0: 2, 2: 0.25] }
        let weights = labels.integers.map { Float([0: 2, 2: 0.25][$0] ?? 1) }
        _ = try fit(bySample, .tensors(x, labels, sampleWeights: Tensor(weights, shape: [12])))
        #expect(try byClass.getWeights() == bySample.getWeights())
    }

    @Test("A sample that weighs two counts like two, one that weighs nothing like none")
    func sampleWeights() throws {
        // Weights multiply and the number of rows divides, so equal sums over equal numbers of rows make equal steps.
        func weights(_ rows: [Int], _ weights: [Float]) throws -> [Tensor] {
            let trainer = try classifier()
            let pick = { (row: Int) in Array(x.floats[row * 3..<row * 3 + 3]) }
            let data = try Dataset.tensors(
                Tensor(rows.flatMap(pick), shape: [4, 3]),
                Tensor(rows.map { labels.integers[$0] }, shape: [4]),
                sampleWeights: Tensor(weights, shape: [4]))
            _ = try fit(trainer, data)
            return try trainer.getWeights()
        }
        let (doubled, repeated) = try (weights([0, 1, 2, 3], [2, 1, 1, 0]), weights([0, 0, 1, 2], [1, 1, 1, 1]))
        for (a, b) in zip(doubled, repeated) { expectClose(a, b, relative: 1e-5, absolute: 1e-7) }
    }

    @Test("Equal weights for all scale the gradient")
    func scale() throws {
        let weighted = try classifier()
        _ = try fit(weighted, .tensors(x, labels, sampleWeights: Tensor(repeating: 2, shape: [12])))
        let faster = try classifier()
        try faster.optimizer.set("lr", 0.2)
        _ = try fit(faster, .tensors(x, labels))
        for (a, b) in zip(try weighted.getWeights(), try faster.getWeights()) {
            expectClose(a, b, relative: 1e-5, absolute: 1e-7)
        }
    }
}
