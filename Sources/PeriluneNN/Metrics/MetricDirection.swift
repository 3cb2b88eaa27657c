/// Which way a metric gets better.
public enum MetricDirection: String, Hashable, Sendable, CaseIterable {
    case maximize = "max"
    case minimize = "min"
}

// The order of measured numbers, for everything that ranks, compares or looks up one. NaN is no measurement: it is
// never better than anything, never reaches a goal, and every number is better than it. Infinities are numbers.
extension MetricDirection {
    /// Whether `value` is better than `other`, by more than `margin`. Every number is better than none.
    /// - Parameter margin: 0 or more.
    public func isBetter(_ value: Double, than other: Double?, by margin: Double = 0) -> Bool {
        guard !value.isNaN else { return false }
        guard let other, !other.isNaN else { return true }
        return switch self {
        case .minimize: value + margin < other
        case .maximize: value - margin > other
        }
    }

    /// Whether `value` is at `goal`, or better.
    public func reaches(_ value: Double, _ goal: Double) -> Bool {
        switch self {
        case .minimize: value <= goal
        case .maximize: value >= goal
        }
    }

    /// The `count` best of `elements`, the best first, equal ones in their order. Those without a number are not among
    /// them.
    public func best<Element>(_ count: Int, of elements: [Element], by value: (Element) -> Double?) -> [Element] {
        let ranked = elements.indices.compactMap { index in
            value(elements[index]).flatMap { $0.isNaN ? nil : (index: index, value: $0) }
        }
        return ranked.sorted { a, b in a.value == b.value ? a.index < b.index : isBetter(a.value, than: b.value) }
            .prefix(max(0, count)).map { elements[$0.index] }
    }
}
