/// How deep, and how much, things stand in each other that a user nests: callbacks in callbacks, models in models,
/// tables in tables.
///
/// What is nested is walked by recursion, to make, describe, save and free it. The machine's stack bounds how deep, at
/// different depths in different places, with the end of the process; and one thing that is held twice, by one that is
/// held twice in its turn, makes a walk without end. These bounds come before all of that.
public struct Nesting: Hashable, Sendable {
    /// The most levels, the outermost one included.
    public static let deepest = 64
    /// The most things that a walk meets, each as often as it is held.
    public static let most = 10_000

    /// How many levels there are, this one included.
    public private(set) var levels = 1
    /// How many things a walk meets, this one included.
    public private(set) var count = 1

    /// That of something which holds these.
    public init(holding parts: some Sequence<Nesting>) {
        for part in parts {
            levels = max(levels, 1 + part.levels)
            count = min(count + part.count, Self.most + 1)
        }
    }

    /// What is too much of it: `nested more than 64 levels deep`; nil where nothing is.
    public var fault: String? {
        if levels > Self.deepest { return "nested more than \(Self.deepest) levels deep" }
        return count > Self.most ? "nested so that there are more than \(Self.most)" : nil
    }
}
