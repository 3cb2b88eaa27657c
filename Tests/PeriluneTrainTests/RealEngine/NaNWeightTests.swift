import PeriluneData
import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A weight that is NaN shows in what the model predicts and in the first loss, whatever comes after it.
@Suite("NaN in a weight")
struct NaNWeightTests {
    private func trainer(_ layers: [any Layer], input: Shape, weight: Int) throws -> Trainer {
        let trainer = try Trainer(
            Sequential(layers), optimizer: .adam(), loss: SparseCategoricalCrossentropy(fromLogits: true))
        trainer.message = { _ in }
        try trainer.state.build([TensorSpec(input)])
        try trainer.state.initialize()
        var weights = try trainer.getWeights()
        let first = weights[weight]
        weights[weight] = Tensor([.nan] + first.floats.dropFirst(), shape: first.shape)
        try trainer.setWeights(weights)
        return trainer
    }

    private func expectSeen(_ layers: () throws -> [any Layer], input: Shape) throws {
        let x = testTensor(input.prepending(17), seed: 1)
        for weight in 0...1 {
            for rows in [1, 2, 17] {
                let trainer = try trainer(layers(), input: input, weight: weight)
                let part = Tensor(Array(x.floats.prefix(rows * input.elementCount)), shape: input.prepending(rows))
                #expect(try trainer.predict(part).floats.contains { $0.isNaN }, "weight \(weight), \(rows) rows")
            }
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose) = (3, 4, .silent)
            let data = try Dataset.tensors(x, testLabels([17], classes: 3))
            let history = try trainer(layers(), input: input, weight: weight)
                .fit(data, options, callbacks: [TerminateOnNaN()])
            #expect(history.endReason == .stopped)
            #expect(history.epochs.count <= 1, "weight \(weight) is seen in the first epoch")
        }
    }

    @Test(arguments: ["relu", "tanh", "sigmoid", "gelu", "relu6"]) func dense(_ activation: String) throws {
        let activation = try ActivationCatalogue.named(activation)
        try expectSeen({ [Dense(8, activation: activation), Dense(3)] }, input: [5])
        try expectSeen({ [Dense(8, activation: activation), Dropout(0.2), Dense(3)] }, input: [5])
    }

    @Test(arguments: ["relu", "tanh", "sigmoid", "gelu", "relu6"]) func convolution(_ activation: String) throws {
        let activation = try ActivationCatalogue.named(activation)
        for pooling in [{ MaxPooling2D(2) as any Layer }, { AveragePooling2D(2) }, { GlobalMaxPooling2D() }] {
            try expectSeen(
                { [Conv2D(4, 3, activation: activation), pooling(), Flatten(), Dense(3)] }, input: [6, 6, 1])
        }
    }
}
