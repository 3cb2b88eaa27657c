/// Where a function of a script is written.
public struct ScriptPlace: Hashable, Sendable {
    public let script: String
    /// Counted from 1.
    public let line: Int

    public init(script: String, line: Int) {
        self.script = script
        self.line = line
    }

    /// `train.lua:17: `, as messages begin.
    public var prefix: String { "\(script):\(line): " }
}
