public import PeriluneGraph

/// A vector repeated along a new axis (keras.layers.RepeatVector).
///
/// Input [n, features], output [n, count, features].
public final class RepeatVector: SingleInputLayer {
    public static let kind = "repeat_vector"

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
