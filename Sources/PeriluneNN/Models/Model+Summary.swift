import PeriluneGraph

extension Model {
    /// A table of the layers with output shapes and weights, and the totals, as Keras prints it.
    ///
    /// `n` in a shape is the batch. Layers that are not built have `?` for what is not known yet.
    public func summary() -> String {
        let rows = layers.map { layer in
            [
                "\(layer.name) (\(type(of: layer).kind))",
                layer.core.outputs.map { $0.map(Model.shapeText).joined(separator: ", ") } ?? "?",
                layer.core.isBuilt ? Model.grouped(layer.parameterCount) : "?",
            ]
        }
        let heads = ["Layer (type)", "Output shape", "Param #"]
        let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column in
                let spaces = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 2 ? spaces + cells[column] : cells[column] + spaces
            }
            return "│ " + padded.joined(separator: " │ ") + " │"
        }
        func rule(_ left: String, _ middle: String, _ right: String) -> String {
            left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle) + right
        }
        var lines = ["Model: \"\(name)\"", rule("┌", "┬", "┐"), line(heads), rule("├", "┼", "┤")]
        lines += rows.map(line)
        lines.append(rule("└", "┴", "┘"))
        guard isBuilt else {
            lines.append(" Not built yet: the first batch, an input layer or build tells the shapes.")
            return lines.joined(separator: "\n")
        }
        let trainable = variables.trainable.reduce(0) { $0 + $1.shape.elementCount }
        lines.append(" Total params: " + Model.sized(parameterCount))
        lines.append(" Trainable params: " + Model.sized(trainable))
        lines.append(" Non-trainable params: " + Model.sized(parameterCount - trainable))
        return lines.joined(separator: "\n")
    }

    private static func shapeText(_ spec: TensorSpec) -> String {
        "[" + (["n"] + spec.shape.dimensions.map(String.init)).joined(separator: ", ") + "]"
    }

    /// `12,345`.
    private static func grouped(_ number: Int) -> String {
        var result = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }

    /// `12,345 (48.22 KB)`: a count of float32 and the memory it takes, in units of 1024 as Keras counts.
    private static func sized(_ count: Int) -> String {
        var size = Double(count) * 4
        var unit = "B"
        for larger in ["KB", "MB", "GB", "TB"] where size >= 1024 {
            size /= 1024
            unit = larger
        }
        let hundredths = Int((size * 100).rounded())
        let fraction = String(hundredths % 100)
        return "\(grouped(count)) (\(hundredths / 100).\(fraction.count < 2 ? "0" : "")\(fraction) \(unit))"
    }
}
