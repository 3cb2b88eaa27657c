/// Names for the layers of one model: `dense`, `dense_1`, … as Keras counts.
enum LayerNames {
    /// Names those of `layers` that have no name. A name that another model made up is changed where it is taken here.
    static func assign(_ layers: [any Layer]) {
        var taken = Set(layers.filter { !$0.core.isNamedByModel }.map(\.name))
        for layer in layers where layer.core.isNamedByModel {
            if let name = layer.core.name, taken.insert(name).inserted { continue }
            layer.core.name = unused(type(of: layer).kind, taken)
            taken.insert(layer.name)
        }
        for layer in layers { assign(layer.sublayers) }
    }

    private static func unused(_ kind: String, _ taken: Set<String>) -> String {
        guard taken.contains(kind) else { return kind }
        var number = 1
        while taken.contains("\(kind)_\(number)") { number += 1 }
        return "\(kind)_\(number)"
    }

    /// - Throws: `ModelError` where two of `layers` have one name, or a name would not do in a path.
    static func check(_ layers: [any Layer]) throws {
        var taken: Set<String> = []
        for layer in layers {
            guard taken.insert(layer.name).inserted else {
                throw ModelError(
                    .duplicateName, "two layers are named '\(layer.name)': names must be unique within a model")
            }
            guard !layer.name.isEmpty, !layer.name.contains("/") else {
                throw ModelError(
                    .invalidArgument, "a layer is named '\(layer.name)': a name must not be empty or contain '/'")
            }
        }
    }
}
