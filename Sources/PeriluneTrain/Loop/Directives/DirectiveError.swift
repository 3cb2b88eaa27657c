/// A directive that cannot be carried out: an unknown key, a wrong type or a value out of range. The loop adds
/// callback, event, epoch and batch and throws it on as a `TrainingError`.
public struct DirectiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key at fault, or the word.
    public let key: String
    /// What is wrong, with the allowed values: `'lr' must be a number of 0 or more, got -1.0`.
    public let message: String

    public init(key: String, _ message: String) {
        self.key = key
        self.message = message
    }

    public var description: String { "directive: \(message)" }
}
