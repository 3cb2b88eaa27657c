import PeriluneGraph
import PeriluneNN
import PeriluneTrain

extension SummaryValue {
    /// A model for TensorBoard's page of graphs, under Keras's tag.
    static func graph(of model: Model) -> SummaryValue {
        .init(tag: "keras", content: .text(ModelGraph.text(model.outline), plugin: "graph_keras_model", version: "1"))
    }
}

/// A model as Keras describes its own in JSON: the part of it that TensorBoard draws, which is names, classes, element
/// types and what feeds what. Keras cannot load it.
///
/// What a layer takes is always written out, as it is in functional models. Of a sequential one TensorBoard would guess
/// it from the order of the layers, and be wrong about a layer behind a submodel.
enum ModelGraph {
    static func text(_ outline: ModelOutline) -> String {
        JSONText.write(.record(fields(outline, name: outline.name)), nameTensor: { _, _ in "" })
    }

    private static func fields(_ model: ModelOutline, name: String) -> [String: StateValue] {
        let inputs = model.inputs.map { input(name: $0.name, $0.spec) }
        return [
            "class_name": .text(model.isSequential ? "Sequential" : "Functional"),
            "config": [
                "name": .text(name), "layers": .list(inputs + model.nodes.map(node)),
                // Names alone are what TensorBoard connects with the layers around a submodel.
                "input_layers": .init(model.inputs.map(\.name)),
                "output_layers": .list(model.outputs.map(history)),
            ],
        ]
    }

    private static func input(name: String, _ spec: TensorSpec?) -> StateValue {
        var config: [String: StateValue] = ["name": .text(name)]
        if let spec {
            config["batch_shape"] = .list([.null] + spec.shape.dimensions.map { .integer($0) })
            config["dtype"] = .text(spec.dtype.rawValue)
        }
        return ["class_name": "InputLayer", "config": .record(config), "name": .text(name), "inbound_nodes": .list([])]
    }

    private static func node(_ node: ModelOutline.Node) -> StateValue {
        let layer = node.layer
        var result =
            node.inside.map { fields($0, name: layer.name) } ?? [
                "class_name": .text(className(layer)), "config": config(layer),
            ]
        result["name"] = .text(layer.name)
        result["inbound_nodes"] = .list(node.calls.map(call))
        return .record(result)
    }

    private static func config(_ layer: any Layer) -> StateValue {
        var config: [String: StateValue] = ["name": .text(layer.name), "trainable": .boolean(layer.isTrainable)]
        if let output = layer.core.outputs?.first { config["dtype"] = .text(output.dtype.rawValue) }
        return .record(config)
    }

    /// Keras's name of the class, which is that of the Swift class too. TensorBoard takes ASCII alone.
    private static func className(_ layer: any Layer) -> String {
        let name = String(describing: type(of: layer)).filter(\.isASCII)
        return name.hasSuffix("Layer") ? String(name.dropLast(5)) : name
    }

    private static func call(_ sources: [String]) -> StateValue {
        let tensors = sources.map { source -> StateValue in
            ["class_name": "__keras_tensor__", "config": ["keras_history": history(source)]]
        }
        return ["args": .list(tensors), "kwargs": [:]]
    }

    /// A layer, and which of its calls and outputs: a path has one of each.
    private static func history(_ path: String) -> StateValue { .list([.text(path), 0, 0]) }
}
