internal import PeriluneGraph
internal import PeriluneLua

/// Tensors: shape and type, mean and range, and a few of the numbers.
enum TensorDisplay {
    static func text(_ tensor: Tensor, _ style: PromptStyle) -> String {
        let lines = TensorText.description(tensor, .init(row: max(2, (style.width - 8) / 10)))
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard tensor.elementCount > 1, let head = lines.first else { return lines.joined(separator: "\n") }
        // Leave room for the line that was typed and for the next one.
        let most = max(8, style.height - 4)
        var shown = lines.dropFirst().prefix(most).map(String.init)
        let left = lines.count - 1 - shown.count
        if left > 0 { shown.append(style.colored("\(style.ellipsis) \(ShortNumber.grouped(left)) more rows", .note)) }
        if !style.isUnicode { shown = shown.map { $0.replacing("…", with: "...") } }
        return style.colored(String(head), .object) + "  " + style.colored(statistics(tensor), .note) + "\n"
            + shown.joined(separator: "\n")
    }

    /// `mean 0.01  std 0.99  min -3.2  max 3.1`, of the numbers that are finite; how many are not follows.
    static func statistics(_ tensor: Tensor) -> String {
        var (sum, squares, count) = (0.0, 0.0, 0)
        var (least, most) = (Float.infinity, -Float.infinity)
        var (nans, infinities) = (0, 0)
        let values = tensor.floats
        // Differences from one of the values keep the squares from drowning in the mean.
        let pivot = Double(values.first { $0.isFinite } ?? 0)
        for value in values {
            guard value.isFinite else {
                if value.isNaN { nans += 1 } else { infinities += 1 }
                continue
            }
            count += 1
            let difference = Double(value) - pivot
            sum += difference
            squares += difference * difference
            if value < least { least = value }
            if value > most { most = value }
        }
        var parts: [String] = []
        if count > 0 {
            let mean = sum / Double(count)
            let deviation = max(0, squares / Double(count) - mean * mean).squareRoot()
            parts = [
                "mean \(ShortNumber.text(mean + pivot))", "std \(ShortNumber.text(deviation))",
                "min \(ShortNumber.text(Double(least)))", "max \(ShortNumber.text(Double(most)))",
            ]
        }
        if nans > 0 { parts.append("\(ShortNumber.grouped(nans)) nan") }
        if infinities > 0 { parts.append("\(ShortNumber.grouped(infinities)) inf") }
        return parts.joined(separator: "  ")
    }
}
