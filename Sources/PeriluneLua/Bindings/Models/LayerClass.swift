internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN

extension LuaLayer {
    static let binding = ClassBinding(
        "layer", LuaLayer.self,
        help: """
            A step of a model.
            Its weights are fields: layer.kernel, layer.bias, layer.gamma, … are tensors that read and
            write the model's memory: layer.kernel:norm(), layer.kernel:assign(t), and within on_backward_end
            layer.kernel.grad. Called with tensors of a functional model it gives the next one: lune.dense(10)(x);
            one of several outputs gives them all: local y, h, c = lune.lstm(8, { return_state = true })(x).
            """, item: HeldItem(of: LuaLayer.self, \.layer),
        properties: [
            Property("name", of: LuaLayer.self, .string, help: "The name within the model.") { box, _ in
                .string(box.layer.name)
            },
            Property("type", of: LuaLayer.self, .kindOfLayer, help: "The kind of layer: dense, conv2d, …") { box, _ in
                .string(Swift.type(of: box.layer).kind)
            },
            Property(
                "trainable", of: LuaLayer.self, .boolean,
                help:
                    "Whether training changes the weights, from the next step on. "
                    + "Setting it sets it on all layers within."
            ) { box, _ in
                .boolean(box.layer.isTrainable)
            } set: { box, value, state in
                box.layer.isTrainable = value.boolean ?? true
                state.session.trainabilityChanged()
            },
            Property("weights", of: LuaLayer.self, .list(.host("tensor")), help: "All weights, in Keras's order.") {
                box, state in
                .table(state.makeTable(try box.weights(in: state.session).map { .object($0) }))
            },
            Property("weight_names", of: LuaLayer.self, .list(.string), help: "The names of the layer's own weights.") {
                box, state in
                .table(state.makeTable(box.layer.weights.map { .string($0.name) }))
            },
            Property("layers", of: LuaLayer.self, .list(.host("layer")), help: "The layers within, in order.") {
                box, state in
                let session = state.session
                return .table(state.makeTable(box.layer.sublayers.map { .object(session.box(for: $0)) }))
            },
            Property(
                "input_shape", of: LuaLayer.self, .list(.integer), help: "Without the batch; nil before it is built."
            ) {
                box, state in box.layer.core.inputs?.first.map { state.shapeTable($0.shape) } ?? .nil
            },
            Property(
                "output_shape", of: LuaLayer.self, .list(.integer), help: "Without the batch; nil before it is built."
            ) {
                box, state in box.layer.core.outputs?.first.map { state.shapeTable($0.shape) } ?? .nil
            },
        ],
        operators: [
            .toString: { call in
                guard let box = call.object(1, as: LuaLayer.self) else { return ["layer"] }
                return [.string("layer '\(box.layer.name)' (\(Swift.type(of: box.layer).kind))")]
            },
            .call: { call in
                guard let box = call.object(1, as: LuaLayer.self) else { return [] }
                return try box.layer.outputs(of: FunctionalBindings.tensors(call, from: 2)).map { .object($0) }
            },
            .equal: { call in
                [.boolean(call.object(1, as: LuaLayer.self)?.layer === call.object(2, as: LuaLayer.self)?.layer)]
            },
        ],
        index: { object, key, state in
            guard let box = object as? LuaLayer, let name = key.string else { return nil }
            return try box.weight(name, in: state.session).map { .object($0) }
        }, indexTypes: (.string, .host("tensor")),
        fieldNames: { ($0 as? LuaLayer)?.layer.weights.map(\.name) ?? [] })
}

extension ParameterType {
    /// The kind of a layer, by the name of its constructor.
    static var kindOfLayer: Self { .catalogue("layer", LayerCatalogue.kinds + [Sequential.kind, Model.kind]) }
}
