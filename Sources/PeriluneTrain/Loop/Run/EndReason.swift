/// Why a run ended.
public enum EndReason: String, Hashable, Sendable, CaseIterable {
    /// All epochs ran.
    case finished
    /// A callback asked for it.
    case stopped
    /// The user interrupted it.
    case interrupted
    /// An error ended it.
    case failed
}
