import Glibc

// The loss over the rate, as text and as a drawing.
extension LearningRateSweep {
    private static let (columns, rows) = (64, 14)

    /// The smoothed loss over the logarithm of the rate, in characters: `*` is the loss, `^` the suggestion.
    public var plot: String {
        guard let scale, rates.count > 1 else { return "lr_finder: there are too few steps to draw" }
        var cells = [[Character]](repeating: Array(repeating: " ", count: Self.columns), count: Self.rows)
        for index in smoothed.indices {
            guard let height = scale.height(smoothed[index]) else { continue }
            let row = Self.rows - 1 - Int((height * Double(Self.rows - 1)).rounded())
            cells[row][column(index)] = "*"
        }
        var axis = [Character](repeating: "-", count: Self.columns)
        if let steepest { axis[column(steepest)] = "^" }
        let labels = [0: Self.short(scale.top), Self.rows - 1: Self.short(scale.bottom)]
        var lines = cells.indices.map { row in
            let label = labels[row] ?? ""
            return String(repeating: " ", count: max(0, 10 - label.count)) + label + " |" + String(cells[row])
        }
        lines.append(String(repeating: " ", count: 11) + "+" + String(axis))
        let (first, last) = (Self.short(rates[0]), Self.short(rates[rates.count - 1]))
        let gap = String(repeating: " ", count: max(1, Self.columns - first.count - last.count))
        lines.append(String(repeating: " ", count: 12) + first + gap + last)
        lines.append("  loss over learning rate; " + summary)
        return lines.map { $0.trimmingEnd() }.joined(separator: "\n")
    }

    /// What the test found, in words.
    public var summary: String {
        guard let suggestion, let tenthOfMinimum else { return "the loss falls nowhere, so there is no suggestion" }
        return "steepest at \(Self.short(suggestion)) (suggestion), a tenth of the best \(Self.short(tenthOfMinimum))"
    }

    /// The same as a picture: an SVG document of 640 by 400.
    public var svg: String {
        let (width, left, bottom) = (640.0, 70.0, 350.0)
        func x(_ index: Int) -> Double {
            left + (width - left - 20) * Double(index) / Double(max(1, rates.count - 1))
        }
        func line(_ values: [Double], _ style: String) -> String {
            guard let scale else { return "" }
            let points = values.indices.compactMap { index in
                scale.height(values[index]).map { "\(Self.place(x(index))),\(Self.place(bottom - $0 * (bottom - 30)))" }
            }
            return "<polyline fill=\"none\" \(style) points=\"\(points.joined(separator: " "))\"/>\n"
        }
        func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
            "<text x=\"\(Self.place(x))\" y=\"\(Self.place(y))\" text-anchor=\"\(anchor)\">\(text)</text>\n"
        }
        var picture = """
            <svg xmlns="http://www.w3.org/2000/svg" width="640" height="400" font-family="sans-serif" font-size="12">
            <rect width="640" height="400" fill="white"/>
            <path d="M\(left) 30V\(bottom)H\(width - 20)" fill="none" stroke="black"/>

            """
        picture += line(losses, "stroke=\"#bbbbbb\"") + line(smoothed, "stroke=\"#1f77b4\" stroke-width=\"2\"")
        if let scale {
            picture += text(left - 6, 34, "end", Self.short(scale.top))
            picture += text(left - 6, bottom, "end", Self.short(scale.bottom))
        }
        for index in rates.indices where index == 0 || index == rates.count - 1 || passesDecade(index) {
            picture += text(x(index), bottom + 18, "middle", Self.short(rates[index]))
        }
        if let steepest {
            let place = Self.place(x(steepest))
            picture += "<path d=\"M\(place) 30V\(bottom)\" stroke=\"#d62728\" stroke-dasharray=\"4 3\"/>\n"
        }
        return picture + text(width / 2, 390, "middle", "loss over learning rate; " + summary) + "</svg>\n"
    }

    /// Writes the picture to a file.
    /// - Throws: `CheckpointError.unwritable`.
    public func writeSVG(to path: String) throws {
        let bytes = Array(svg.utf8)
        try WholeFile.write(path, size: bytes.count) { file in
            try bytes.withUnsafeBytes { try file.write($0) }
        }
    }
}

extension LearningRateSweep {
    /// The losses that the picture reaches from and to.
    private struct Scale {
        var bottom: Double
        var top: Double

        /// From 0 to 1; losses beyond the top lie on it. nil for what is no number.
        func height(_ loss: Double) -> Double? {
            guard !loss.isNaN else { return nil }
            return top > bottom ? min(1, max(0, (loss - bottom) / (top - bottom))) : 0.5
        }
    }

    /// From the least loss to the largest before it: what comes after would press everything else flat.
    private var scale: Scale? {
        guard let minimum else { return nil }
        let before = smoothed[...minimum].filter(\.isFinite)
        let after = smoothed[minimum...].filter(\.isFinite).max() ?? smoothed[minimum]
        let top = before.max() ?? smoothed[minimum]
        let scale = Scale(bottom: smoothed[minimum], top: top > smoothed[minimum] ? top : after)
        return scale.top.isFinite && scale.bottom.isFinite && (scale.top - scale.bottom).isFinite ? scale : nil
    }

    private func column(_ index: Int) -> Int { index * (Self.columns - 1) / max(1, rates.count - 1) }

    /// Whether a power of ten lies between this rate and the one before.
    private func passesDecade(_ index: Int) -> Bool {
        index > 0 && log10(rates[index] * 1.000001).rounded(.down) > log10(rates[index - 1] * 1.000001).rounded(.down)
    }

    private static func place(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    /// Three digits.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        let shift = 2 - log10(abs(value)).rounded(.down)
        return shift >= 0
            ? "\((value * pow(10, shift)).rounded() / pow(10, shift))"
            : "\((value / pow(10, -shift)).rounded() * pow(10, -shift))"
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
