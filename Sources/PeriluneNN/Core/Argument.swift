/// Checks of options, with one wording for all layers, losses and metrics.
enum Argument {
    /// The largest extent, window or count that an option may have. Keeps sums of a few of them far from overflow.
    static let largest = Int(Int32.max)

    /// - Throws: `ModelError.invalidArgument` where `value` is not in 1...2147483647.
    static func positive(_ name: String, _ value: Int) throws {
        guard (1...largest).contains(value) else {
            throw ModelError(.invalidArgument, "\(name) must be a whole number from 1 to \(largest), got \(value)")
        }
    }

    /// - Throws: `ModelError.invalidArgument` where one of `values` is not in 1...2147483647, or where there are not
    ///   `count` of them.
    static func positive(_ name: String, _ values: [Int], count: Int) throws {
        guard values.count == count else {
            throw ModelError(
                .invalidArgument, "\(name) must be one whole number or \(count) of them, got \(values.count): \(values)"
            )
        }
        for value in values { try positive(name, value) }
    }

    /// - Throws: `ModelError.invalidArgument` where `value` is not in 0...2147483647.
    static func notNegative(_ name: String, _ value: Int) throws {
        guard (0...largest).contains(value) else {
            throw ModelError(.invalidArgument, "\(name) must be a whole number from 0 to \(largest), got \(value)")
        }
    }

    /// - Throws: `ModelError.invalidArgument` where `value` is not in `range`; NaN never is.
    static func within(_ name: String, _ value: Float, _ range: ClosedRange<Float>) throws {
        guard range.contains(value) else {
            throw ModelError(
                .invalidArgument, "\(name) must be from \(range.lowerBound) to \(range.upperBound), got \(value)")
        }
    }

    /// - Throws: `ModelError.invalidArgument` where `value` is not in `range`; NaN never is.
    static func within(_ name: String, _ value: Float, _ range: Range<Float>) throws {
        guard range.contains(value) else {
            throw ModelError(
                .invalidArgument,
                "\(name) must be at least \(range.lowerBound) and below \(range.upperBound), got \(value)")
        }
    }

    /// - Throws: `ModelError.invalidArgument` where `value` is negative, infinite or NaN.
    static func finiteNotNegative(_ name: String, _ value: Float) throws {
        guard value >= 0, value.isFinite else {
            throw ModelError(.invalidArgument, "\(name) must be a finite number of 0 or more, got \(value)")
        }
    }

    /// - Throws: `ModelError.invalidArgument` where `value` is not above 0 and finite.
    static func finitePositive(_ name: String, _ value: Float) throws {
        guard value > 0, value.isFinite else {
            throw ModelError(.invalidArgument, "\(name) must be a finite number above 0, got \(value)")
        }
    }
}
