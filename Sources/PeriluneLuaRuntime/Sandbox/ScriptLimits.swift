/// What a script may use.
public struct ScriptLimits: Hashable, Sendable {
    /// The most bytes that Lua, the script's tensors and what the host reads from it may hold while it runs; nil for no
    /// limit.
    public var memory: Int?
    /// The longest that one event, or the script's own statements, may take; nil for no limit.
    public var time: Duration?
    /// The longest that a script may take altogether, trainings that it starts included; nil for no limit.
    public var totalTime: Duration?
    /// The most values that may cross from Lua to the host in one call, result or checkpoint, tables within tables
    /// included. Numbers of a flat list count for nothing but their memory.
    public var values: Int

    public init(
        memory: Int? = nil, time: Duration? = nil, totalTime: Duration? = nil, values: Int = ScriptLimits.mostValues
    ) {
        self.memory = memory
        self.time = time
        self.totalTime = totalTime
        self.values = values
    }

    /// About sixteen million: more than a script means to hand over, and few enough that a table that holds itself is
    /// an error before it takes the host's memory.
    public static let mostValues = 1 << 24

    /// No limits but that of values: what a trusted script gets.
    public static let none = ScriptLimits()
    /// 256 MiB, 5 seconds an event, and about a million values a call: what a strict script gets.
    public static let strict = ScriptLimits(memory: 256 << 20, time: .seconds(5), values: 1 << 20)

    /// What a profile has where nothing else is said.
    public static func standard(for profile: ScriptProfile) -> ScriptLimits {
        switch profile {
        case .trusted: .none
        case .strict: .strict
        }
    }
}
