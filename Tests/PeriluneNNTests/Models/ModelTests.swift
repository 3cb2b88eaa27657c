import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

struct ModelTests {
    @Test func `layers are named as Keras names them`() throws {
        let model = Sequential {
            Dense(4)
            Dense(4, name: "dense_1")
            Dense(4)
            ReLU()
        }
        #expect(model.layers.map(\.name) == ["dense", "dense_1", "dense_2", "relu"])
    }

    @Test func `weights have Keras's paths and order`() throws {
        let encoder = Sequential([Dense(3), BatchNormalization()], name: "encoder")
        let model = Sequential([encoder, Dense(2)])
        try model.build(inputShapes: [[4]])
        #expect(
            model.variables.entries.map(\.path) == [
                "encoder/dense/kernel", "encoder/dense/bias", "encoder/batch_normalization/gamma",
                "encoder/batch_normalization/beta", "encoder/batch_normalization/moving_mean",
                "encoder/batch_normalization/moving_variance", "dense/kernel", "dense/bias",
            ])
        #expect(model.variables.trainable.count == 6)
        encoder.isTrainable = false
        #expect(model.variables.trainable.map(\.path) == ["dense/kernel", "dense/bias"])
    }

    @Test func `the summary is a table`() throws {
        let model = Sequential {
            Input([8, 8, 1])
            Conv2D(4, 3, activation: .relu)
            BatchNormalization()
            Flatten()
            Dense(10)
        }
        try model.buildIfPossible()
        #expect(
            model.summary() == """
                Model: "sequential"
                ┌───────────────────────────────────────────┬──────────────┬─────────┐
                │ Layer (type)                              │ Output shape │ Param # │
                ├───────────────────────────────────────────┼──────────────┼─────────┤
                │ conv2d (conv2d)                           │ [n, 6, 6, 4] │      40 │
                │ batch_normalization (batch_normalization) │ [n, 6, 6, 4] │      16 │
                │ flatten (flatten)                         │ [n, 144]     │       0 │
                │ dense (dense)                             │ [n, 10]      │   1,450 │
                └───────────────────────────────────────────┴──────────────┴─────────┘
                 Total params: 1,506 (5.88 KB)
                 Trainable params: 1,498 (5.85 KB)
                 Non-trainable params: 8 (32.00 B)
                """)
    }

    @Test func `a model that is not built says so in its summary`() {
        #expect(
            Sequential([Dense(10)]).summary() == """
                Model: "sequential"
                ┌───────────────┬──────────────┬─────────┐
                │ Layer (type)  │ Output shape │ Param # │
                ├───────────────┼──────────────┼─────────┤
                │ dense (dense) │ ?            │       ? │
                └───────────────┴──────────────┴─────────┘
                 Not built yet: the first batch, an input layer or build tells the shapes.
                """)
    }

    @Test func `a shared layer has its weights once`() throws {
        let (a, b) = (Input([4], name: "left"), Input([4], name: "right"))
        let shared = Dense(3)
        let model = try Model(inputs: [a, b], outputs: [Concatenate()([shared(a), shared(b)])])
        #expect(model.inputNames == ["left", "right"])
        #expect(model.outputNames == ["concatenate"])
        #expect(model.variables.entries.map(\.path) == ["dense/kernel", "dense/bias"])
        #expect(model.parameterCount == 15)
        #expect(model.outputSpecs == [TensorSpec([6])])
    }

    @Test func `models nest, and may be used on their own`() throws {
        let inner = Sequential([Dense(3, activation: .softmax)])
        let x = Input([4])
        let outer = try Model(inputs: [x], outputs: [inner(x)])
        #expect(outer.outputActivation == .softmax)
        let input = testTensor([2, 4])
        let whole = try evaluateModel(outer, [input]) { fixtureWeight($0) }.outputs
        #expect(try evaluateModel(inner, [input]) { fixtureWeight($0) }.outputs == whole)
        #expect(inner.variables.entries[0].weight === outer.variables.entries[0].weight)
    }

    @Test func `regularization is added for weights that train, once each`() throws {
        let x = Input([4])
        let shared = Dense(4, usesBias: false, kernel: WeightOptions(Ones(), regularizer: .l2(0.5)))
        let model = try Model(inputs: [x], outputs: [shared(shared(x))])
        func penalties() throws -> Int {
            let builder = GraphBuilder()
            let input = builder.input(0, TensorSpec([2, 4]))
            return try model.emit(into: builder, [input], isTraining: true).penalties.count
        }
        #expect(try penalties() == 1)
        shared.isTrainable = false
        #expect(try penalties() == 0)
    }

    @Test func `a layer shared in one graph updates its averages twice`() throws {
        let layer = BatchNormalization(momentum: 0.5, centers: false, scales: false)
        let (a, b) = (Input([1]), Input([1]))
        let model = try Model(inputs: [a, b], outputs: [layer(a), layer(b)])
        let inputs = [Tensor([4, 4] as [Float], shape: [2, 1]), Tensor([8, 8] as [Float], shape: [2, 1])]
        #expect(try evaluateModel(model, inputs, isTraining: true).updates[0].floats == [5])
    }

    @Test func `batches of another length fit where the weights do`() throws {
        let model = Sequential([Conv1D(2, 3), GlobalMaxPooling1D()])
        try model.build(inputShapes: [[10, 4]])
        #expect(try evaluateModel(model, [testTensor([2, 15, 4])]).outputs[0].shape == [2, 2])
    }

    @Test func `a thousand layers in a chain are no problem`() throws {
        let x = Input([2])
        var y = x
        for _ in 0..<1000 { y = try ReLU()(y) }
        #expect(try Model(inputs: [x], outputs: [y]).layers.count == 1000)
    }
}
