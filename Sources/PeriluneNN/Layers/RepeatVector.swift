public import PeriluneGraph
public import PeriluneItems

/// A vector repeated along a new axis (keras.layers.RepeatVector).
///
/// Input [n, features], output [n, count, features].
public final class RepeatVector: SingleInputLayer {
    public static let kind = "repeat_vector"

    public static let declaration = LayerDeclaration(
        layer: kind, RepeatVector(1),
        positional: [.required("n", \.count, .integer(atLeast: 1), "how often")],
        help: "A vector, n times over."
    ) { try RepeatVector($0[\.count]) }

    public let core: LayerCore
    public let count: Int

    /// - Parameter count: how often, 1 or more.
    public init(_ count: Int, name: String? = nil) {
        core = LayerCore(name: name)
        self.count = count
    }

    public var inputRanks: ClosedRange<Int> { 2...2 }
    public func validate() throws { try Argument.positive("n", count) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.expandingAxis(1).broadcast(to: [x.shape[0], count, x.shape[1]])
    }
}
