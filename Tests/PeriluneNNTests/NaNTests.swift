import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// No activation, pooling or loss makes a number of NaN, whatever the batch size.
struct NaNTests {
    private static let batches = [1, 2, 17]

    private static func activation(_ name: String) throws -> Activation {
        try name == "threshold" ? .threshold(threshold: 1, value: 0) : ActivationCatalogue.named(name)
    }

    /// Whether each element depends on the others of its row.
    private func mixesRows(_ name: String) throws -> Bool {
        try ActivationCatalogue.declaration(named: name).parameters.contains { $0.name == "axis" }
    }

    @Test(arguments: ActivationCatalogue.spellings, batches) func `activations keep NaN`(name: String, batch: Int)
        throws
    {
        let activation = try Self.activation(name)
        for position in [0, batch * 6 - 1] {
            var elements = testTensor([batch, 6], seed: 1, in: -4...8).floats
            elements[position] = .nan
            let y = try evaluate([Tensor(elements, shape: [batch, 6])]) { _, x in [try activation.apply(x[0])] }[0]
            let columns = y.shape[1]
            let row = y.floats[(position / 6 * columns)..<((position / 6 + 1) * columns)]
            #expect(row.contains { $0.isNaN }, "\(name) at \(position): \(row)")
            if try !mixesRows(name) {
                #expect(y.floats.indices.filter { y.floats[$0].isNaN } == [position], "\(name)")
            }
        }
    }

    @Test(arguments: [0, 2] as [Float], batches) func `relu with options keeps NaN, and knows infinity`(
        threshold: Float, batch: Int
    ) throws {
        let relu = Activation.relu(negativeSlope: 0, maxValue: 6, threshold: threshold)
        let x = Tensor([Float](repeating: .nan, count: batch) + [-.infinity, .infinity], shape: [batch + 2])
        let y = try evaluate([x]) { _, x in [try relu.apply(x[0])] }[0].floats
        #expect(y.prefix(batch).allSatisfy { $0.isNaN })
        #expect(y.suffix(2) == [0, 6])
    }

    @Test(arguments: ActivationCatalogue.spellings, batches) func `layers with an activation keep NaN`(
        name: String, batch: Int
    ) throws {
        let activation = try Self.activation(name)
        let input = Input([6, 6, 2])
        let images = try Conv2D(4, 3, activation: activation)(input)
        let outputs = try [
            Dense(4, activation: activation)(Flatten()(input)), Flatten()(MaxPooling2D(2)(images)),
            Flatten()(AveragePooling2D(2)(images)), GlobalMaxPooling2D()(images), GlobalAveragePooling2D()(images),
        ]
        let model = try Model(inputs: [input], outputs: outputs)
        let x = testTensor([batch, 6, 6, 2], seed: 2)
        for isTraining in [false, true] {
            let y = try evaluateModel(model, [x], isTraining: isTraining) { variable in
                let value = try variable.initialValue(seed: 1)
                guard variable.name == "bias" else { return value }
                return Tensor([.nan] + value.floats.dropFirst(), shape: value.shape)
            }.outputs
            for (index, y) in y.enumerated() {
                for row in 0..<batch {
                    #expect(y.floats[row * y.shape[1]].isNaN, "\(name): output \(index), row \(row)")
                }
            }
        }
    }

    @Test func `losses keep NaN`() throws {
        let truth = Tensor([0, 1, 1, 0, 0, 1] as [Float], shape: [2, 3])
        let predicted = Tensor([0.2, 0.5, 0.3, .nan, 0.3, 0.1] as [Float], shape: [2, 3])
        let losses: [any Loss] = [
            BinaryCrossentropy(), CategoricalCrossentropy(), CategoricalHinge(), CosineSimilarity(), Hinge(), Huber(),
            KLDivergence(), LogCosh(), MeanAbsoluteError(), MeanAbsolutePercentageError(), MeanSquaredError(),
            MeanSquaredLogarithmicError(), Poisson(), SquaredHinge(),
        ]
        for loss in losses {
            let y = try evaluate([truth, predicted]) { _, x in
                [try loss.perSample(x[0], Prediction(x[1]))]
            }[0].floats
            #expect(!y[0].isNaN && y[1].isNaN, "\(loss): \(y)")
        }
    }
}
