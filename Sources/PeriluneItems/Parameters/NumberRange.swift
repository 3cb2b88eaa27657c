/// A range of numbers, each end open or closed.
public struct NumberRange: Hashable, Sendable {
    public var lowest: Double?
    public var highest: Double?
    public var includesLowest = true
    public var includesHighest = true
    /// Whether infinities and NaN are taken.
    public var allowsNonFinite = false

    public init(
        lowest: Double? = nil, highest: Double? = nil, includesLowest: Bool = true, includesHighest: Bool = true,
        allowsNonFinite: Bool = false
    ) {
        self.lowest = lowest
        self.highest = highest
        self.includesLowest = includesLowest
        self.includesHighest = includesHighest
        self.allowsNonFinite = allowsNonFinite
    }

    /// Every number, infinities and NaN included.
    public static var all: Self { Self(allowsNonFinite: true) }
    public static func atLeast(_ lowest: Double) -> Self { Self(lowest: lowest) }
    public static func above(_ lowest: Double) -> Self { Self(lowest: lowest, includesLowest: false) }
    public static func within(_ range: ClosedRange<Double>) -> Self {
        Self(lowest: range.lowerBound, highest: range.upperBound)
    }
    public static func within(_ range: Range<Double>) -> Self {
        Self(lowest: range.lowerBound, highest: range.upperBound, includesHighest: false)
    }

    package func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return allowsNonFinite }
        if let lowest, includesLowest ? number < lowest : number <= lowest { return false }
        if let highest, includesHighest ? number > highest : number >= highest { return false }
        return true
    }
}

extension NumberRange {
    /// `number above 0 and at most 1`.
    package var text: String {
        let kind = "number"
        let low = lowest.map { (includesLowest ? "of at least " : "above ") + Self.text($0) }
        let high = highest.map { (includesHighest ? "at most " : "below ") + Self.text($0) }
        switch (low, high) {
        case (nil, nil): return kind
        case (let low?, nil): return "\(kind) \(low)"
        case (nil, let high?): return "\(kind) \(includesHighest ? "of " : "")\(high)"
        case (let low?, let high?):
            if includesLowest, includesHighest {
                return "\(kind) from \(Self.text(lowest ?? 0)) to \(Self.text(highest ?? 0))"
            }
            return "\(kind) \(low) and \(high)"
        }
    }

    /// `1`, `0.001`, `inf`.
    package static func text(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
