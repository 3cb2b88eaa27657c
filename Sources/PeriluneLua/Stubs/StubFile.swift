/// A file for editors and other tools, made from the bindings.
public struct StubFile: Hashable, Sendable {
    /// The comment by which such a file is known: only a file that has it is written over.
    static let mark = "-- \(origin) \(PeriluneModule.version), from the library's own description."
    private static let origin = "Written by `perilune stubs`"

    /// Whether the text is that of such a file, of this version or another one.
    public static func isMarked(_ text: String) -> Bool { text.contains(origin) }

    /// The path in the folder of the stubs.
    public var path: String
    public var text: String
    /// Whether a file of that name that a person wrote is left alone. Otherwise it is an error.
    public var yields = false
}
