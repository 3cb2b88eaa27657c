/// An error that came out of Lua: a script's own, or one of the host that passed through a script.
public struct LuaError: Error, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The chunk could not be parsed.
        case syntax
        /// The script raised an error, or did something impossible.
        case runtime
        /// The script needed more memory than it may have.
        case memory
        /// An event, or the script's own statements, took longer than they may.
        case timeLimit
        /// The script was interrupted from outside (`LuaInterrupt`).
        case interrupted
        /// A host function threw; `underlying` is what it threw.
        case host
        /// The file could not be read.
        case file
        /// The state is closed, or belongs to something else.
        case closed
    }

    public var kind: Kind
    /// What went wrong, starting with the place: `train.lua:42: attempt to index a nil value (field 'x')`.
    public var message: String
    /// The script that the message points into, under its full name, where one is known.
    public var script: String?
    /// The line that the message points at.
    public var line: Int?
    /// The script's calls that led there, innermost first, one a line; frames of the host are left out.
    public var traceback: String
    /// For a syntax error: the line of the script and, below it, a caret under the fault.
    public var excerpt: String?
    /// The Swift error that a host function threw.
    public var underlying: (any Error)?
    /// The state whose script had to end, where the kind says that one had to: the scripts of other states that it
    /// passes through go on.
    var stoppedState: ObjectIdentifier?
    /// Tells which value the script raised where that was not a string, so that it crosses back unchanged.
    var valueNumber: Int?

    public init(
        _ kind: Kind, _ message: String, script: String? = nil, line: Int? = nil, underlying: (any Error)? = nil
    ) {
        self.kind = kind
        self.message = message
        self.script = script
        self.line = line
        self.underlying = underlying
        traceback = ""
    }
}

extension LuaError: CustomStringConvertible {
    public var description: String { message }

    /// Message, excerpt and traceback: what a program prints when a script fails.
    public var report: String {
        var text = message
        if let excerpt { text += "\n" + excerpt }
        if !traceback.isEmpty { text += "\nstack traceback:\n" + traceback }
        return text
    }
}
