import Perilune
import Testing

/// A loss of a host's own, written with no more than `import Perilune` gives.
private struct Skewed: Loss {
    let name = "skewed"

    func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let error = try yPred.tensor - yTrue
        let half = try (1 - error / 2) * error + 0.5 * error * error
        return try half + (-error) / (yTrue * 0 + 4) + (2 / (yTrue - yTrue + 1)) + 3
    }
}

/// Names that the insides have too.
private struct Graph {}
private enum Op { case none }

@Suite struct HostLossTests {
    @Test func `operators of tensors work in a loss of a host's own`() throws {
        let trainer = try Trainer(
            Sequential { Dense(1, usesBias: false, kernel: WeightOptions(Constant(2))) },
            optimizer: .sgd(learningRate: 0.1), loss: Skewed())
        let x = Tensor([1, 2, 4] as [Float], shape: [3, 1])
        let y = Tensor([1, 5, 3] as [Float], shape: [3, 1])
        // e - e²/2 + e²/2 - e/4 + 2 + 3, with e of 1, -1 and 5.
        let expected: Double = 6.25
        let loss = try #require(try trainer.testOnBatch(x, y)["loss"])
        #expect(abs(loss - expected) < 1e-6)
        _ = (Graph(), Op.none)
    }
}
