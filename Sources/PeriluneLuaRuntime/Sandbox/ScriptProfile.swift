/// How far a script is trusted.
public enum ScriptProfile: String, Hashable, Sendable, CaseIterable {
    /// The script of the person who runs the program: the whole standard library, no limits unless asked for.
    case trusted
    /// A script from elsewhere: an allow-list of functions, no files but those granted, and limits of memory and time.
    /// Guards against mistakes and casual abuse; code that is out to do harm needs a process of its own.
    case strict
}
