/// What a script may use.
public struct ScriptLimits: Hashable, Sendable {
    /// The most bytes that Lua and the script's tensors may hold while it runs; nil for no limit.
    public var memory: Int?
    /// The longest that one event, or the script's own statements, may take; nil for no limit.
    public var time: Duration?

    public init(memory: Int? = nil, time: Duration? = nil) {
        self.memory = memory
        self.time = time
    }

    /// No limits: what a trusted script gets.
    public static let none = ScriptLimits()
    /// 256 MiB, and 5 seconds an event: what a strict script gets.
    public static let strict = ScriptLimits(memory: 256 << 20, time: .seconds(5))

    /// What a profile has where nothing else is said.
    public static func standard(for profile: ScriptProfile) -> ScriptLimits {
        switch profile {
        case .trusted: .none
        case .strict: .strict
        }
    }
}
