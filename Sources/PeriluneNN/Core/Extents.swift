import PeriluneItems

/// An extent for each spatial axis, or one for all: `3` or `[3, 5]`.
public struct Extents: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public let values: [Int]

    public init(_ values: [Int]) { self.values = values }
    public init(integerLiteral value: Int) { values = [value] }
    public init(arrayLiteral elements: Int...) { values = elements }

    /// One for each of `axes` axes.
    /// - Throws: `ModelError.invalidArgument` where there is neither one nor one for each axis, or one is not positive.
    func expanded(to axes: Int, _ name: String) throws -> [Int] {
        let expanded = values.count == 1 ? [Int](repeating: values[0], count: axes) : values
        try Argument.positive(name, expanded, count: axes)
        return expanded
    }
}

/// What happens at the borders of a spatial axis.
public enum PaddingMode: String, Hashable, Sendable, CaseIterable {
    /// Windows lie within the input.
    case valid
    /// Zeros around it, so that a stride of 1 keeps the extent.
    case same
    /// Zeros before it, so that no output depends on a later input. For convolutions of one spatial axis.
    case causal

    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> PaddingMode {
        guard let mode = PaddingMode(rawValue: name.lowercased()) else {
            throw ModelError.unknown("padding", name, among: allCases.map(\.rawValue))
        }
        return mode
    }
}

extension OptionForm where Value == Extents {
    /// A whole number from 1, or one for each spatial axis.
    static var extents: Self {
        let form = OptionForm<[Int]>.oneOrList(.integer(atLeast: 1), count: 1...3)
        return Self(form.type) {
            form.write($0.values)
        } read: {
            try form.read($0).map { Extents($0) }
        }
    }
}
