internal import PeriluneItems

/// How large a layer is with all that is nested in it.
///
/// Layers are walked by recursion and models are nested by users, so both measures are bounded: a model of models of
/// models would fill the machine's stack, and one that calls a model twice that calls a model twice … its memory.
struct LayerExtent {
    /// How many levels of layers there are, this one included.
    private(set) var height = 1
    /// How many calls of layers a pass makes, this one included.
    private(set) var calls = 1

    static let highest = Nesting.deepest
    static let most = 10_000

    init() {}

    /// That of a model which calls these layers.
    init(calling layers: some Sequence<any Layer>) {
        for layer in layers {
            height = max(height, 1 + layer.core.extent.height)
            calls = min(calls + layer.core.extent.calls, Self.most + 1)
        }
    }

    var isAllowed: Bool { height <= Self.highest && calls <= Self.most }

    /// - Throws: `ModelError` where it is beyond the bounds.
    func check() throws {
        guard height <= Self.highest else {
            throw ModelError(.unsupported, "models are nested more than \(Self.highest - 1) deep")
        }
        guard calls <= Self.most else {
            throw ModelError(.unsupported, "a model calls more than \(Self.most - 1) layers")
        }
    }
}
