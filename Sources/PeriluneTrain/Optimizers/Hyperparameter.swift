/// A number that an optimizer reads at each step.
public struct Hyperparameter: Hashable, Sendable {
    /// Which values are allowed.
    public enum Range: Hashable, Sendable {
        /// Finite, 0 or more.
        case nonNegative
        /// Finite, above 0.
        case positive
        /// Finite, 0 or less.
        case nonPositive
        /// Finite.
        case finite
        /// From 0 up to, and not including, 1.
        case fraction
        /// Above 0 and below 1.
        case openFraction
        /// Above 0, up to 1.
        case share

        /// The range in an error message.
        public var description: String {
            switch self {
            case .nonNegative: "a finite number of 0 or more"
            case .positive: "a finite number above 0"
            case .nonPositive: "a finite number of 0 or less"
            case .finite: "a finite number"
            case .fraction: "a number of 0 or more and below 1"
            case .openFraction: "a number above 0 and below 1"
            case .share: "a number above 0 and at most 1"
            }
        }

        public func contains(_ value: Double) -> Bool {
            switch self {
            case .nonNegative: value.isFinite && value >= 0
            case .positive: value.isFinite && value > 0
            case .nonPositive: value.isFinite && value <= 0
            case .finite: value.isFinite
            case .fraction: value >= 0 && value < 1
            case .openFraction: value > 0 && value < 1
            case .share: value > 0 && value <= 1
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
