internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

extension LuaModel {
    static let modelBinding = ClassBinding(
        "model", LuaModel.self,
        help: """
            A network: layers, their weights, and how it trains. A model is a layer too: models nest and share layers.
            compile it, then fit, evaluate and predict. Called with tensors it predicts: model(x), model { a, b }.
            """,
        extending: [LuaLayer.binding],
        methods: [CompileBinding.method, FitBinding.method, FindLearningRateBinding.method] + PassBindings.methods
            + ModelMethods.all,
        properties: [
            Property("optimizer", of: LuaModel.self, .host("optimizer"), help: "The optimizer of a compiled model.") {
                box, _ in .object(try box.compiled().optimizer)
            },
            Property(
                "stop_training", of: LuaModel.self, .boolean,
                help: "Set it to true in a callback to stop after this batch or epoch; fit starts with false."
            ) { box, _ in
                .boolean(box.activeRun?.isStopping ?? box.stopTraining)
            } set: { box, value, _ in
                let wanted = value.boolean ?? false
                box.stopTraining = wanted
                guard let run = box.activeRun else { return }
                if wanted { run.stop("model.stop_training was set") } else { run.cancelStop() }
            },
            Property("built", of: LuaModel.self, .boolean, help: "Whether the weights exist.") { box, _ in
                .boolean(box.model.isBuilt)
            },
            Property("input_names", of: LuaModel.self, .list(.string), help: "The names of the inputs.") { box, state in
                .table(state.makeTable(box.model.inputNames.map { .string($0) }))
            },
            Property("output_names", of: LuaModel.self, .list(.string), help: "The names of the outputs.") {
                box, state in
                .table(state.makeTable(box.model.outputNames.map { .string($0) }))
            },
        ],
        operators: [
            .call: { call in
                guard let box = call.object(1, as: LuaModel.self) else { return [] }
                let given = try FunctionalBindings.arguments(call, from: 2)
                let tensors = given.compactMap { $0.object(as: LuaTensor.self) }
                guard !tensors.isEmpty, tensors.count == given.count else {
                    return try box.layer.outputs(of: FunctionalBindings.tensors(call, from: 2)).map { .object($0) }
                }
                let trainer = try box.predicting()
                let data = try Dataset.tensors(
                    inputs: tensors.enumerated().map { ("x\($0.offset + 1)", try $0.element.value) })
                return try box.running(trainer, [], in: call.state, training: false) { all in
                    [call.state.outputs(try trainer.predict(data, callbacks: all))]
                }
            }
        ])
}

/// Methods of models that do not run them.
enum ModelMethods {
    static let all: [Binding] = [
        .method("summary", of: LuaModel.self, help: "Prints the layers, their output shapes and parameters.") {
            box, arguments in
            if let print = arguments.state.globals["print"].function { try print.call(.string(box.model.summary())) }
            return []
        },
        .method(
            "count_params", of: LuaModel.self, result: .integer, help: "The number of elements of all weights."
        ) { box, _ in
            guard box.model.isBuilt else {
                throw TensorFault(
                    "count_params: model '\(box.model.name)' is not built: give it an input, or data, first")
            }
            return [.integer(box.model.parameterCount)]
        },
        .method(
            "layer", of: LuaModel.self,
            [.required("name", .either(.integer(atLeast: 1), .string), "its name, or number")],
            result: .host("layer"), help: "The layer of this name or number."
        ) { box, arguments in
            let session = arguments.state.session
            if let index = try arguments.optionalInteger("name") {
                guard index <= box.model.layers.count else {
                    throw arguments.fault("name", "the model has \(box.model.layers.count) layers")
                }
                return [.object(session.box(for: box.model.layers[index - 1]))]
            }
            do {
                return [.object(session.box(for: try box.model.layer(named: arguments.string("name"))))]
            } catch let error as ModelError {
                throw arguments.fault("name", error.message)
            }
        },
        .method(
            "add", of: LuaModel.self, [.required("layer", .host("layer"), "the layer to put on top")],
            help: "Adds a layer to a sequential model that is not built yet."
        ) { box, arguments in
            guard let stack = box.model as? Sequential else {
                throw TensorFault("add: only a sequential model can be added to")
            }
            let layer = try arguments.host("layer", LuaLayer.self)
            try stack.add(layer.layer)
            try stack.validate()
            try box.adopt([layer], in: arguments.state.session)
            return []
        },
        .method(
            "build", of: LuaModel.self,
            [.required("input_shape", .list(.integer(atLeast: 1)), "the shape of one sample, without the batch")],
            help: "Makes the weights of a model with one input."
        ) { box, arguments in
            try box.model.build(inputShapes: [.init(arguments.integers("input_shape"))])
            try box.prepare(training: false, in: arguments.state.session)
            return []
        },
        .method(
            "get_weights", of: LuaModel.self, result: .list(.host("tensor")),
            help: "Copies of all weights, a list in Keras's order."
        ) { box, arguments in
            try box.prepare(training: false, in: arguments.state.session)
            let tensors = try box.state.readWeights()
            return [.table(arguments.state.makeTable(tensors.map { .object(LuaTensor($0)) }))]
        },
        .method(
            "set_weights", of: LuaModel.self, [.required("weights", .list(.tensorLike), "a list as get_weights gives")],
            help: "Replaces all weights; none where one does not fit."
        ) { box, arguments in
            let tensors = try arguments.list("weights").enumerated().map { index, value in
                do {
                    return try TensorFromLua.tensor(value)
                } catch let error as TensorFault {
                    throw arguments.fault("weights", "tensor \(index + 1): \(error.description)")
                }
            }
            try box.state.writeWeights(tensors)
            try arguments.state.session.weights.publish(box)
            return []
        },
        .method(
            "save_weights", of: LuaModel.self, [.required("path", .string, "the file, *.safetensors")],
            help: "Writes all weights to a safetensors file, under the names of their layers: dense/kernel."
        ) { box, arguments in
            try box.prepare(training: false, in: arguments.state.session)
            try box.state.saveWeights(to: arguments.writablePath("path"))
            return []
        },
        .method(
            "load_weights", of: LuaModel.self,
            [.required("path", .string, "a file of save_weights, a checkpoint, or one of Python's safetensors")],
            result: .list(.string),
            help: "Reads all weights from a safetensors file; none where one is missing or does not fit.\n"
                + "Returns the names of the tensors in it that the model has no use for."
        ) { box, arguments in
            try box.prepare(training: false, in: arguments.state.session)
            let unused = try box.state.loadWeights(from: arguments.readablePath("path"))
            try arguments.state.session.weights.publish(box)
            return [.table(arguments.state.makeTable(unused.map { .string($0) }))]
        },
    ]
}
