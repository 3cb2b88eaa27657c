internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneLua
internal import PeriluneTrain

/// Data sets: how many examples, what each holds, and what the first of them look like.
enum DatasetDisplay {
    /// So many examples are looked at, and not more numbers than that.
    private static let examples = 1000
    private static let numbers = 1_000_000
    private static let classes = 12

    static func text(_ box: LuaDataset, _ style: PromptStyle) -> String {
        let dataset = box.dataset
        guard let layout = dataset.layout, let count = dataset.count, count > 0 else {
            // A generator's examples are made as they are asked for.
            return style.colored(box.text, .object)
        }
        let size = (layout.inputs + layout.targets).map(\.spec.shape.elementCount).reduce(1, max)
        let looked = min(count, examples, max(1, numbers / size))
        var lines = [style.colored("dataset: \(ShortNumber.grouped(count)) examples", .object)]
        let first = try? dataset.take(looked)
        let width = (layout.inputs + layout.targets).map(\.name.count).max() ?? 0
        for (index, field) in layout.inputs.enumerated() {
            lines.append(line(field, try? first?.input(index), width, style))
        }
        for (index, field) in layout.targets.enumerated() {
            lines.append(line(field, try? first?.target(index), width, style))
        }
        if layout.hasSampleWeights { lines.append("  each example has a weight") }
        if looked < count {
            lines.append(style.colored("  (as the first \(ShortNumber.grouped(looked)) examples have it)", .note))
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ field: DataField, _ values: Tensor?, _ width: Int, _ style: PromptStyle) -> String {
        let gap = String(repeating: " ", count: width - field.name.count + 2)
        var text = "  \(field.name)\(gap)\(field.spec)"
        if !field.columnNames.isEmpty { text += "  " + list(field.columnNames, style) }
        guard let values else { return text }
        let isLabel = values.dtype == .int32 && field.spec.shape.rank == 0
        return text + "  "
            + style.colored(isLabel ? labels(values, field.classNames, style) : TensorDisplay.statistics(values), .note)
    }

    /// `0: 178  1: 182  …`: how often each class occurs.
    private static func labels(_ values: Tensor, _ names: [String], _ style: PromptStyle) -> String {
        var counts: [Int32: Int] = [:]
        for label in values.integers { counts[label, default: 0] += 1 }
        let shown = counts.sorted { $0.key < $1.key }.prefix(classes).map { label, count in
            let name = names.indices.contains(Int(label)) ? names[Int(label)] : "\(label)"
            return "\(name): \(count)"
        }
        let left = counts.count - shown.count
        return shown.joined(separator: "  ") + (left > 0 ? "  \(style.ellipsis) \(left) more classes" : "")
    }

    private static func list(_ names: [String], _ style: PromptStyle) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", \(style.ellipsis)" : "")
    }
}
