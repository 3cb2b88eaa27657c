internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN

/// Building models: `sequential`, `input`, `model`, and tensors between layers.
enum FunctionalBindings {
    static let tensorClass = ClassBinding(
        "model_tensor", ModelTensor.self,
        help: "What flows between the layers of a functional model; shapes are without the batch.",
        properties: [
            Property("shape", of: ModelTensor.self, .list(.integer), help: "The shape of one sample.") {
                tensor, state in
                state.shapeTable(tensor.shape)
            },
            Property("dtype", of: ModelTensor.self, .dtype, help: "The element type.") { tensor, _ in
                .string(tensor.dtype.rawValue)
            },
        ],
        operators: [
            .add: missing("+", "lune.add()(a, b) adds two, and lune.rescaling(1, { offset = c })(x) a number"),
            .subtract: missing("-", "lune.subtract()(a, b) takes one from another"),
            .multiply: missing("*", "lune.multiply()(a, b) multiplies two, and lune.rescaling(c)(x) by a number"),
            .divide: missing("/", "lune.rescaling(1 / c)(x) divides by a number"),
            .power: missing("^", "lune.multiply()(x, x) squares"),
            .negate: missing("-", "lune.rescaling(-1)(x) changes the sign"),
            .concatenate: missing("..", "lune.concatenate()(a, b) joins two"),
            .toString: { call in
                [.string("model_tensor " + (call.object(1, as: ModelTensor.self)?.spec.description ?? ""))]
            },
        ])

    /// An operator that tensors of a model do not have, and the layer that does the same.
    private static func missing(_ sign: String, _ layers: String) -> ClassBinding.Operator {
        { _ in throw TensorFault("tensors of a model have no '\(sign)': layers do their arithmetic; \(layers)") }
    }

    static let functions: [Binding] = [
        Binding(
            "input", [.required("shape", .list(.integer(atLeast: 1)), "the shape of one sample, without the batch")],
            options: [
                .optional("dtype", .dtype, default: "float32", "the element type"),
                .optional("name", .string, "the name of the input"),
            ], result: .host("model_tensor"),
            help:
                "Where a model begins: input { 28, 28, 1 }.\nHeads a sequential, which is then built at once, "
                + "or a functional model."
        ) { arguments in
            let shape = Shape(try arguments.integers("shape"))
            // A table that holds nil alone is an empty one.
            guard shape.rank > 0 else {
                throw arguments.fault(
                    "shape",
                    "no extents: nil is none, and there are no open ones. Give the length that the data have, as in "
                        + "lune.input { 28, 28, 1 }; one number a sample is lune.input { 1 }")
            }
            try TensorLimits.check(shape)
            let dtype = DType(rawValue: try arguments.string("dtype")) ?? .float32
            return [.object(Input(shape, dtype: dtype, name: try arguments.optionalString("name")))]
        },
        Binding(
            "sequential",
            [
                .optional(
                    "layers", .list(.either(.host("layer"), .host("model_tensor"))),
                    "the layers in order; an input may be the first")
            ],
            options: [name], result: .host("model"),
            help: "A stack of layers: sequential { lune.dense(128, { activation = \"relu\" }), lune.dense(10) }.\n"
                + "Headed by lune.input { 28, 28, 1 } it is built at once, otherwise at the first batch.",
            body: sequential),
        Binding(
            "model",
            options: [
                .required(
                    "inputs", .either(.host("model_tensor"), .list(.host("model_tensor"))), "inputs, from lune.input"),
                .required(
                    "outputs", .either(.host("model_tensor"), .list(.host("model_tensor"))), "what the last layers gave"
                ),
                name,
            ], result: .host("model"), help: "A functional model: model { inputs = x, outputs = y }."
        ) { arguments in
            let session = arguments.state.session
            let model = try Model(
                inputs: arguments.hosts("inputs", ModelTensor.self),
                outputs: arguments.hosts("outputs", ModelTensor.self),
                name: arguments.optionalString("name"))
            let box = LuaModel(model, seed: session.streams.next(), budget: session.budget)
            try box.adopt(model.layers.map { session.box(for: $0) }, in: session)
            return [.object(box)]
        },
    ]

    private static let name = Parameter.optional("name", .string, "the name of the model")

    private static func sequential(_ arguments: Arguments) throws -> [LuaValue] {
        let session = arguments.state.session
        let parts = try arguments.list("layers")
        var input: ModelTensor?
        for (index, part) in parts.enumerated() {
            guard let tensor = part.object(as: ModelTensor.self) else { continue }
            guard index == 0 else {
                throw arguments.fault("layers", "only the first element may be an input, not number \(index + 1)")
            }
            input = tensor
        }
        let boxes = parts.compactMap { $0.object(as: LuaLayer.self) }
        let model = Sequential(boxes.map(\.layer), input: input, name: try arguments.optionalString("name"))
        try model.validate()
        try model.buildIfPossible()
        let box = LuaModel(model, seed: session.streams.next(), budget: session.budget)
        try box.adopt(boxes, in: session)
        return [.object(box)]
    }

    /// What a layer is called with: some arguments, or one list of them.
    static func arguments(_ call: LuaCall, from position: Int) throws -> [LuaValue] {
        let given = Array(call.arguments.dropFirst(position - 1))
        return try given.count == 1 ? given[0].table?.array ?? given : given
    }

    /// The tensors that a layer is called with.
    static func tensors(_ call: LuaCall, from position: Int) throws -> [ModelTensor] {
        try arguments(call, from: position).map { value in
            if let tensor = value.object(as: ModelTensor.self) { return tensor }
            throw TensorFault(
                "a layer is called with tensors of a functional model, from lune.input, got "
                    + call.state.shownText(of: value))
        }
    }
}

extension LuaState {
    func shapeTable(_ shape: Shape) -> LuaValue { .table(makeTable(shape.dimensions.map { .integer($0) })) }
}
