public import PeriluneLuaRuntime

/// A file of callbacks beside a script, that takes part in its fits: `perilune --callbacks steering.lua train.lua`.
public struct CallbackFile: Hashable, Sendable {
    public var path: String
    /// How far it is trusted.
    public var profile: ScriptProfile
    /// What it may use, its own statements and each event; nil for what is usual in the profile.
    public var limits: ScriptLimits?
    /// Which files its functions may touch; nil for what is usual in the profile.
    public var access: FileAccess?
    /// Whether it is read again before an epoch when it has changed.
    public var reloads: Bool

    public init(
        _ path: String, profile: ScriptProfile = .strict, limits: ScriptLimits? = nil, access: FileAccess? = nil,
        reloads: Bool = false
    ) {
        self.path = path
        self.profile = profile
        self.limits = limits
        self.access = access
        self.reloads = reloads
    }

    /// Runs the file's statements, in a Lua state of its own whatever the profile: it cannot reach the script beside
    /// it, and sees what every callback sees.
    /// - Throws: `LuaError`, also where the file has no function for an event.
    public func load() throws(LuaError) -> LuaScript {
        let script = try LuaScript(
            contentsOf: path, profile: profile, limits: limits, access: access, reloadsWhenChanged: reloads)
        guard !script.events.isEmpty else {
            throw LuaError(.runtime, CallbackTables.noEvents(path), script: path)
        }
        return script
    }
}
