/// What the one who gives options may use: a script may be kept to folders that it was granted.
package protocol OptionReach {
    /// The path by which a file may be opened.
    /// - Throws: `OptionFault` where it may not be.
    func path(_ path: String, for use: FileUse) throws(OptionFault) -> String

    /// Whether the network may be used.
    var mayUseNetwork: Bool { get }
}

/// What a file is opened for.
package enum FileUse: Hashable, Sendable {
    case read
    case write
}

/// All that the process itself may use: what a program's own options have.
struct UnlimitedReach: OptionReach {
    func path(_ path: String, for use: FileUse) -> String { path }

    var mayUseNetwork: Bool { true }
}
