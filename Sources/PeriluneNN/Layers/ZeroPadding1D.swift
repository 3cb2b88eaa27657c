public import PeriluneGraph

/// Zeros before and after sequences (keras.layers.ZeroPadding1D).
///
/// Input [n, length, channels], output [n, before + length + after, channels].
public final class ZeroPadding1D: SingleInputLayer {
    public static let kind = "zero_padding1d"

    public let core: LayerCore
    public let before: Int
    public let after: Int

    public init(before: Int, after: Int, name: String? = nil) {
        core = LayerCore(name: name)
        self.before = before
        self.after = after
    }

    /// The same on both sides.
    public convenience init(_ padding: Int = 1, name: String? = nil) {
        self.init(before: padding, after: padding, name: name)
    }

    public var inputRanks: ClosedRange<Int> { 3...3 }

    public func validate() throws {
        for side in [before, after] { try Argument.notNegative("padding", side) }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.padded(before: [0, before, 0], after: [0, after, 0])
    }
}
