import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// The tensors of the loss fixtures.
enum LossFixture {
    static func truth(_ kind: String) -> Tensor {
        let labels = testLabels([4], classes: 3, seed: 4)
        return switch kind {
        case "real": testTensor([4, 3], seed: 2, in: 0...1)
        case "binary": testLabels([4, 3], classes: 2, seed: 7)
        case "sparse": labels
        default: Tensor(labels.integers.flatMap { l in (0..<3).map { Float($0 == l ? 1 : 0) } }, shape: [4, 3])
        }
    }

    static func prediction(_ kind: String) -> Tensor {
        kind == "unit" ? testTensor([4, 3], seed: 3, in: 0.05...0.95) : testTensor([4, 3], seed: 5, in: -3...3)
    }

    static let weights = testTensor([4], seed: 6, in: 0...2)

    static func loss(_ name: String) throws -> any Loss {
        switch name {
        case "huber": Huber(delta: 0.3)
        case "categorical_crossentropy:probabilities": CategoricalCrossentropy(fromLogits: false)
        case "categorical_crossentropy:smooth": CategoricalCrossentropy(labelSmoothing: 0.2)
        case "sparse_categorical_crossentropy:probabilities": SparseCategoricalCrossentropy(fromLogits: false)
        case "binary_crossentropy:probabilities": BinaryCrossentropy(fromLogits: false)
        case "binary_crossentropy:smooth": BinaryCrossentropy(labelSmoothing: 0.2)
        default: try LossCatalogue.named(name)
        }
    }
}

struct LossTests {
    @Test(arguments: lossFixtures.map(\.name)) func `agrees with Keras`(name: String) throws {
        let fixture = try #require(lossFixtures.first { $0.name == name })
        let loss = try LossFixture.loss(name)
        let inputs = [
            LossFixture.truth(fixture.truth), LossFixture.prediction(fixture.prediction), LossFixture.weights,
        ]
        let values = try evaluate(inputs) { _, x in
            try [loss.mean(x[0], Prediction(x[1])), loss.mean(x[0], Prediction(x[1]), sampleWeight: x[2])]
        }
        expectClose(values[0], Tensor(fixture.value), relative: 2e-6, name)
        expectClose(values[1], Tensor(fixture.weighted), relative: 2e-6, name)
    }

    @Test func `names and aliases are read`() throws {
        for name in LossCatalogue.names { #expect(try LossCatalogue.named(name).name == name) }
        for loss in LossCatalogue.declarations {
            for alias in loss.aliases { #expect(try LossCatalogue.named(alias).name == loss.name) }
        }
        #expect(try LossCatalogue.named("MeanSquaredError").name == "mean_squared_error")
        #expect(try LossCatalogue.named("KLDivergence").name == "kl_divergence")
        expectModelError("unknown loss 'mean_sqared_error'; did you mean 'mean_squared_error'?") {
            try LossCatalogue.named("mean_sqared_error")
        }
    }

    @Test func `an output that ends in softmax is fused, and any other taken for logits`() throws {
        let x = testTensor([4, 3], seed: 5, in: -3...3)
        let loss = SparseCategoricalCrossentropy()
        let spelled = Sequential([ActivationLayer(.softmax)])
        let labels = LossFixture.truth("sparse")
        let values = try evaluate([x, labels]) { builder, inputs in
            let prediction = try spelled.emit(into: builder, [inputs[0]], isTraining: true).outputs[0]
            #expect(prediction.logits == inputs[0])
            return try [loss.mean(inputs[1], prediction), loss.mean(inputs[1], Prediction(inputs[0]))]
        }
        #expect(values[0] == values[1])
    }

    @Test func `probabilities that were reshaped are not taken for logits`() throws {
        let model = Sequential([ActivationLayer(.softmax), Reshape([3])])
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([4, 3]))
        let prediction = try model.emit(into: builder, [x], isTraining: true).outputs[0]
        #expect(prediction.activation == .softmax)
        #expect(try SparseCategoricalCrossentropy().predictionForMetrics(prediction) == prediction.tensor)
        #expect(try SparseCategoricalCrossentropy().predictionForMetrics(Prediction(x)) != x)
    }

    @Test(arguments: LossCatalogue.names.filter { !$0.contains("categorical") }) func `outputs of [n] have n losses`(
        name: String
    ) throws {
        let loss = try LossCatalogue.named(name)
        let values = try evaluate([testTensor([4], in: 0.1...0.9), testTensor([4], seed: 1, in: 0.1...0.9)]) { _, x in
            [try loss.perSample(x[0], Prediction(x[1]))]
        }
        #expect(values[0].shape == [4])
    }

    /// What a user may write: the mean of the batch, or one number for each element.
    struct UsersLoss: Loss {
        let name = "mine"
        let takesMean: Bool

        func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
            let squares = try (yTrue - yPred.tensor).squared()
            return try takesMean ? squares.mean() : squares
        }
    }

    @Test func `a user's loss may take the mean itself, or none`() throws {
        let values = try evaluate([testTensor([4, 3]), testTensor([4, 3], seed: 1), testTensor([4], seed: 2)]) { _, x in
            let prediction = Prediction(x[1])
            expectModelError(
                "mine: gives one number for the batch, so it cannot be weighted by sample_weight"
            ) { try UsersLoss(takesMean: true).mean(x[0], prediction, sampleWeight: x[2]) }
            return try [
                UsersLoss(takesMean: true).mean(x[0], prediction), UsersLoss(takesMean: false).mean(x[0], prediction),
                MeanSquaredError().mean(x[0], prediction),
                UsersLoss(takesMean: false).mean(x[0], prediction, sampleWeight: x[2]),
                MeanSquaredError().mean(x[0], prediction, sampleWeight: x[2]),
            ]
        }
        expectClose(values[0], values[2])
        expectClose(values[1], values[2])
        expectClose(values[3], values[4])
    }

    @Test func `a truth of [n] fits a prediction of [n, 1]`() throws {
        let values = try evaluate([testTensor([4]), testTensor([4, 1], seed: 1)]) { _, x in
            try [MeanSquaredError().perSample(x[0], Prediction(x[1])), (x[0] - x[1].reshaped(to: [4])).squared()]
        }
        #expect(values[0] == values[1])
    }

    @Test func `shapes that do not fit are explained`() throws {
        let builder = GraphBuilder()
        let sparse = builder.input(0, TensorSpec([32], .int32))
        let oneHot = builder.input(1, TensorSpec([32, 10]))
        let prediction = Prediction(builder.input(2, TensorSpec([32, 10])))
        expectModelError(
            "categorical_crossentropy: y_true and y_pred must have the same shape, got [32] and [32, 10]; "
                + "y_true looks like class numbers: use 'sparse_categorical_crossentropy'"
        ) { try CategoricalCrossentropy().perSample(sparse, prediction) }
        expectModelError(
            "sparse_categorical_crossentropy: y_true must hold class numbers of shape [32] for y_pred of "
                + "shape [32, 10], got [32, 10]; y_true looks one-hot: use 'categorical_crossentropy'"
        ) { try SparseCategoricalCrossentropy().perSample(oneHot, prediction) }
        expectModelError(
            "sparse_categorical_crossentropy: y_pred of shape [32, 1] has a single class; "
                + "use 'binary_crossentropy' for it"
        ) {
            try SparseCategoricalCrossentropy().perSample(sparse, Prediction(builder.input(3, TensorSpec([32, 1]))))
        }
        expectModelError("sample_weight must have one weight for each of 32 samples, got shape [31]") {
            try MeanSquaredError().mean(oneHot, prediction, sampleWeight: builder.input(4, TensorSpec([31])))
        }
        expectModelError("delta of loss 'huber' must be a finite number above 0, got 0.0") {
            try Huber(delta: 0).mean(oneHot, prediction)
        }
    }

    @Test func `binary cross-entropy of logits is exact and differentiable at 0`() throws {
        let values = try evaluate([Tensor([1, 1] as [Float], shape: [2]), Tensor([0, 20] as [Float], shape: [2])]) {
            builder, x in
            let loss = try BinaryCrossentropy().perSample(x[0], Prediction(x[1]))
            return try [loss, builder.gradients(of: loss, withRespectTo: [x[1]])[0]]
        }
        expectClose(values[0], Tensor([0.693_147_2, 2.061_153_6e-9] as [Float], shape: [2]), absolute: 1e-12)
        expectClose(values[1], Tensor([-0.5, -2.061_153_6e-9] as [Float], shape: [2]), absolute: 1e-12)
    }
}
