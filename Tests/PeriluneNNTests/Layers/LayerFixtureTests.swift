import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Every layer gives what Keras gives, with weights of the same names, shapes and order.
struct LayerFixtureTests {
    static func layer(_ name: String) -> (any Layer)? {
        switch name {
        case "dense": Dense(3, activation: .tanh)
        case "dense3": Dense(3, usesBias: false)
        case "conv1d": Conv1D(3, 3, padding: .causal, dilationRate: 2)
        case "conv1d_same": Conv1D(3, 4, strides: 2, padding: .same, activation: .relu)
        case "conv2d": Conv2D(3, [2, 3])
        case "conv2d_same": Conv2D(4, 3, strides: 2, padding: .same, groups: 2)
        case "conv3d": Conv3D(2, 2)
        case "conv2d_transpose": Conv2DTranspose(2, 3, strides: 2, padding: .same)
        case "conv2d_transpose_valid": Conv2DTranspose(2, 3, strides: 2)
        case "conv2d_transpose_gap": Conv2DTranspose(2, 2, strides: 3)
        case "depthwise_conv2d": DepthwiseConv2D(3, padding: .same, depthMultiplier: 2)
        case "separable_conv2d": SeparableConv2D(3, 2, depthMultiplier: 2)
        case "max_pooling2d": MaxPooling2D(2, padding: .same)
        case "average_pooling2d": AveragePooling2D(3, strides: 2, padding: .same)
        case "max_pooling1d": MaxPooling1D(2)
        case "average_pooling1d": AveragePooling1D(2)
        case "global_average_pooling2d": GlobalAveragePooling2D()
        case "global_max_pooling1d": GlobalMaxPooling1D(keepsAxes: true)
        case "batch_normalization": BatchNormalization()
        case "batch_normalization_axis1": BatchNormalization(axis: 1)
        case "layer_normalization": LayerNormalization()
        case "layer_normalization_axes": LayerNormalization(axes: [1, 2])
        case "rms_normalization": RMSNormalization()
        case "group_normalization": GroupNormalization(groups: 2)
        case "unit_normalization": UnitNormalization()
        case "prelu": PReLU(sharedAxes: [1])
        case "leaky_relu": LeakyReLU()
        case "elu": ELU()
        case "softmax": Softmax(axis: 1)
        case "relu": ReLU(maxValue: 0.5, negativeSlope: 0.1, threshold: 0.2)
        case "permute": Permute([2, 1])
        case "reshape": Reshape([3, -1])
        case "repeat_vector": RepeatVector(2)
        case "zero_padding2d": ZeroPadding2D(top: 1, bottom: 0, left: 0, right: 2)
        case "cropping2d": Cropping2D(top: 1, bottom: 0, left: 0, right: 1)
        case "upsampling2d": UpSampling2D([2, 3])
        case "upsampling1d": UpSampling1D(2)
        default: nil
        }
    }

    @Test(arguments: layerFixtures.map(\.name)) func `agrees with Keras`(name: String) throws {
        let fixture = try #require(layerFixtures.first { $0.name == name })
        let model = Sequential([try #require(LayerFixtureTests.layer(name), "a fixture without its layer")])
        let input = testTensor(fixture.input, seed: 50)
        let output = try evaluateModel(model, [input], weights: fixtureWeight).outputs[0]
        #expect(model.variables.entries.map { "\($0.name) \($0.shape)" } == fixture.weights)
        expectClose(output, Tensor(fixture.values, shape: fixture.output), relative: 1e-5, absolute: 2e-6, name)
    }

    @Test func `batch normalization trains like Keras`() throws {
        let model = Sequential([BatchNormalization(momentum: 0.9)])
        let (outputs, updates) = try evaluateModel(
            model, [testTensor([5, 3], seed: 50)], isTraining: true, weights: fixtureWeight)
        expectClose(
            outputs[0], Tensor(batchNormalizationTraining.output, shape: [5, 3]), relative: 1e-4, absolute: 1e-5)
        expectClose(updates[0], Tensor(batchNormalizationTraining.mean, shape: [3]))
        expectClose(updates[1], Tensor(batchNormalizationTraining.variance, shape: [3]))
    }

    @Test func `a frozen batch normalization keeps its moving averages`() throws {
        let layer = BatchNormalization()
        layer.isTrainable = false
        let model = Sequential([layer])
        let input = testTensor([5, 3], seed: 50)
        let training = try evaluateModel(model, [input], isTraining: true, weights: fixtureWeight)
        let inference = try evaluateModel(model, [input], weights: fixtureWeight)
        #expect(training.updates.isEmpty)
        #expect(training.outputs == inference.outputs)
    }

    @Test func `dropout keeps the mean and does nothing at inference`() throws {
        let model = Sequential([Dropout(0.25)])
        let ones = Tensor(repeating: 1, shape: [100, 100])
        #expect(try evaluateModel(model, [ones]).outputs[0] == ones)
        let values = try evaluateModel(model, [ones], isTraining: true).outputs[0].floats
        #expect(Set(values) == [0, 1 / 0.75])
        #expect(abs(values.reduce(0, +) / 10_000 - 1) < 0.03)
    }

    @Test func `merging layers work element by element`() throws {
        let (a, b) = (Input([2]), Input([2]))
        let layers: [any Layer] = [
            Add(), Subtract(), Multiply(), Average(), Maximum(), Minimum(), Concatenate(), Dot(),
        ]
        let model = try Model(inputs: [a, b], outputs: layers.map { try $0([a, b]) })
        let inputs = [Tensor([1, 5] as [Float], shape: [1, 2]), Tensor([3, 2] as [Float], shape: [1, 2])]
        let values = try evaluateModel(model, inputs).outputs.map(\.floats)
        #expect(values == [[4, 7], [-2, 3], [3, 10], [2, 3.5], [3, 5], [1, 2], [1, 5, 3, 2], [13]])
    }

    @Test func `embedding looks rows up`() throws {
        let model = Sequential([Embedding(3, 2)])
        let rows = Tensor([0, 1, 10, 11, 20, 21] as [Float], shape: [3, 2])
        let output = try evaluateModel(model, [Tensor([2, 0] as [Int32], shape: [1, 2])]) { _ in rows }.outputs[0]
        #expect(output == Tensor([20, 21, 0, 1] as [Float], shape: [1, 2, 2]))
    }
}
