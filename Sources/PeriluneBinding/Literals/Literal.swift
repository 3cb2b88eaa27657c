internal import PeriluneLuaRuntime

/// A value as it stands in a script that is read and not run.
package indirect enum Literal: Hashable, Sendable {
    /// What only a run can tell.
    case unknown
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case function
    /// The entries in the order in which they are written; those without a key count from 1.
    case table([Entry])

    package struct Entry: Hashable, Sendable {
        /// A name, or nil for an element of the sequence.
        package var name: String?
        package var value: Literal

        package init(_ name: String?, _ value: Literal) {
            self.name = name
            self.value = value
        }
    }
}

/// Stands for an argument about which nothing is known: it fits everywhere.
final class UnknownArgument {}

extension LuaValue {
    /// Whether only a run can tell what it is.
    var isUnknown: Bool { object is UnknownArgument }
}
