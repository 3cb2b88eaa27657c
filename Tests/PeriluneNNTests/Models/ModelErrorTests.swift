import PeriluneGraph
import PeriluneItems
import PeriluneNN
import Testing

struct ModelErrorTests {
    @Test func `an input that does not fit says what the layer expects`() throws {
        let model = Sequential([Dense(64), Dense(10)])
        try model.build(inputShapes: [[128]])
        let builder = GraphBuilder()
        expectModelError(
            "layer 'dense' (dense): expects the last axis of its input to be 128, got shape [32, 64]"
        ) { try model.emit(into: builder, [builder.input(0, TensorSpec([32, 64]))], isTraining: true) }
    }

    @Test func `options and shapes that do not fit are explained`() {
        let cases: [(layer: any Layer, shape: Shape, kind: String, message: String)] = [
            (Dense(0), [4], "dense", "units must be a whole number from 1 to 2147483647, got 0"),
            (Dropout(1), [4], "dropout", "rate must be at least 0.0 and below 1.0, got 1.0"),
            (Dropout(.nan), [4], "dropout", "rate must be at least 0.0 and below 1.0, got nan"),
            (Conv2D(8, 3), [28, 28], "conv2d", "takes an input of 4 axes with the batch, got shape [n, 28, 28]"),
            (
                Conv2D(8, 5), [4, 28, 1], "conv2d",
                "a window of 5 does not fit spatial axis 1 of extent 4, got shape [n, 4, 28, 1]; "
                    + "padding 'same' would fit"
            ),
            (Conv2D(9, 3, groups: 2), [8, 8, 4], "conv2d", "filters must be a multiple of groups, got 9 and 2"),
            (
                Conv2D(8, [1, 2, 3]), [8, 8, 4], "conv2d",
                "kernel_size must be one whole number or 2 of them, got 3: [1, 2, 3]"
            ),
            (
                Conv2D(8, 3, padding: .causal), [8, 8, 4], "conv2d",
                "padding 'causal' is for conv1d; use 'valid' or 'same'"
            ),
            (
                Reshape([5, -1]), [12], "reshape",
                "a sample of shape [12] with 12 elements cannot be reshaped to [5, -1]"
            ),
            (
                Reshape([.max, .max]), [12], "reshape",
                "an extent of target_shape must be a whole number from 1 to 2147483647, got \(Int.max)"
            ),
            (Permute([2, 2]), [3, 4], "permute", "dims must be the numbers from 1 in some order, got [2, 2]"),
            (
                BatchNormalization(axis: 0), [3], "batch_normalization",
                "axis 0 is not an axis of channels of an input of shape [n, 3]"
            ),
            (Add(), [3], "add", "takes at least 2 inputs, got 1"),
            (
                Dense(2_000_000_000), [2_000_000_000], "dense",
                "its weight 'kernel' of shape [2000000000, 2000000000] is too large"
            ),
            (
                RepeatVector(2_000_000_000), [1000], "repeat_vector",
                "its output of shape [n, 2000000000, 1000] is too large"
            ),
            (
                Dense(3, activation: .glu()), [4], "dense",
                "activation 'glu' takes an axis of an even extent, got axis -1 of shape [n, 3]"
            ),
        ]
        for (layer, shape, kind, message) in cases {
            expectModelError("layer '\(kind)' (\(kind)): \(message)") {
                try Sequential([layer]).build(inputShapes: [shape])
            }
        }
    }

    @Test func `names that occur twice are refused`() {
        expectModelError("two layers are named 'a': names must be unique within a model") {
            try Sequential([Dense(1, name: "a"), ReLU(name: "a")], name: "m").build(inputShapes: [[2]])
        }
    }

    @Test func `a layer that is not there has a near name`() throws {
        expectModelError("unknown layer 'dens_1'; did you mean 'dense_1'?") {
            try Sequential([Dense(1), Dense(1)]).layer(named: "dens_1")
        }
    }

    @Test func `an input that was forgotten is missed`() throws {
        let (a, b) = (Input([2], name: "a"), Input([2], name: "b"))
        let y = try Add()([a, b])
        expectModelError(
            "an output depends on the input 'b' of shape [2], which is not among the model's inputs"
        ) { try Model(inputs: [a], outputs: [y]) }
    }

    @Test func `a model within itself is refused`() {
        let model = Sequential([], name: "m")
        let around = Sequential([model])
        expectModelError("model 'm' cannot be added to itself") { try model.add(model) }
        expectModelError("model 'm' cannot be added to itself") { try model.add(around) }
    }

    @Test func `an empty model is refused`() {
        expectModelError("layer 'm' (sequential): a sequential model needs at least one layer") {
            try Sequential([], name: "m").build(inputShapes: [[2]])
        }
    }

    @Test func `every kind of layer has a name of its own`() {
        #expect(Set(LayerCatalogue.kinds).count == LayerCatalogue.kinds.count)
    }
}
