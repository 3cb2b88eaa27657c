/// Figures of one workload, in the order to print them.
struct Measurement {
    enum Figure {
        case text(String)
        case whole(Int)
        case number(Double, digits: Int)
    }

    var workload: String
    var figures: [(name: String, value: Figure)]

    /// `{"workload":"digits","dtype":"float32",…}`
    var json: String {
        let fields = [("workload", Figure.text(workload))] + figures.map { ($0.name, $0.value) }
        return "{" + fields.map { "\"\($0.0)\":\($0.1.json)" }.joined(separator: ",") + "}"
    }

    /// `digits  dtype float32  threads 1  …`
    var text: String {
        let name = workload + String(repeating: " ", count: max(0, 16 - workload.count))
        return name + figures.map { "\($0.name) \($0.value.plain)" }.joined(separator: "  ")
    }
}

extension Measurement.Figure {
    fileprivate var plain: String {
        switch self {
        case .text(let text): return text
        case .whole(let number): return "\(number)"
        case .number(let number, let digits):
            let scale = (0..<digits).reduce(1.0) { value, _ in value * 10 }
            let rounded = (number * scale).rounded() / scale
            return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
        }
    }

    fileprivate var json: String {
        if case .text(let text) = self { "\"\(text)\"" } else { plain }
    }
}

/// Times of one thing measured several times.
struct Timings {
    private let sorted: [Double]

    init(_ values: [Double]) {
        sorted = values.sorted()
    }

    var least: Double { sorted.first ?? 0 }
    var median: Double {
        let middle = sorted.count / 2
        if sorted.isEmpty { return 0 }
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
