internal import PeriluneGraph
internal import PeriluneLua
internal import PeriluneNN

/// Layers: shapes, and what its weights look like.
enum LayerDisplay {
    static func text(_ box: LuaLayer, _ session: Session, _ style: PromptStyle) -> String {
        let layer = box.layer
        var head = "layer '\(layer.name)' (\(Swift.type(of: layer).kind))"
        if !layer.isTrainable { head += ", frozen" }
        var lines = [style.colored(head, .object)]
        if let input = layer.core.inputs?.first, let output = layer.core.outputs?.first {
            lines.append("  \(input.shape) \(style.isUnicode ? "→" : "->") \(output.shape)")
        }
        let width = layer.weights.map(\.name.count).max() ?? 0
        for weight in layer.weights {
            let gap = String(repeating: " ", count: width - weight.name.count + 2)
            guard let tensor = try? box.weight(weight.name, in: session)?.value else {
                lines.append("  \(weight.name)\(gap)no values yet")
                continue
            }
            let statistics = style.colored(TensorDisplay.statistics(tensor), .note)
            lines.append("  \(weight.name)\(gap)\(tensor.spec)  \(statistics)")
        }
        return lines.joined(separator: "\n")
    }
}
