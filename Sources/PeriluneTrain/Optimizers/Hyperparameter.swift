/// A number that an optimizer reads at each step.
public struct Hyperparameter: Hashable, Sendable {
    /// Which values are allowed.
    public enum Range: Hashable, Sendable {
        /// Finite, 0 or more.
        case nonNegative
        /// Finite, above 0.
        case positive
        /// From 0 up to, and not including, 1.
        case fraction

        /// The range in an error message.
        public var description: String {
            switch self {
            case .nonNegative: "a finite number of 0 or more"
            case .positive: "a finite number above 0"
            case .fraction: "a number of 0 or more and below 1"
            }
        }

        public func contains(_ value: Double) -> Bool {
            switch self {
            case .nonNegative: value.isFinite && value >= 0
            case .positive: value.isFinite && value > 0
            case .fraction: value >= 0 && value < 1
            }
        }
    }

    public let name: String
    public let range: Range
    /// nil: switched off, for clipping and weight decay.
    public internal(set) var value: Double?

    public init(_ name: String, _ value: Double?, _ range: Range) {
        self.name = name
        self.value = value
        self.range = range
    }
}
