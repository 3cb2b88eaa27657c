public import PeriluneGraph

/// Zeros around images (keras.layers.ZeroPadding2D).
///
/// Input [n, height, width, channels], output [n, top + height + bottom, left + width + right, channels].
public final class ZeroPadding2D: SingleInputLayer {
    public static let kind = "zero_padding2d"

    public let core: LayerCore
    public let top: Int
    public let bottom: Int
    public let left: Int
    public let right: Int

    public init(top: Int, bottom: Int, left: Int, right: Int, name: String? = nil) {
        core = LayerCore(name: name)
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right
    }

    /// The same on all sides.
    public convenience init(_ padding: Int = 1, name: String? = nil) {
        self.init(top: padding, bottom: padding, left: padding, right: padding, name: name)
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        for side in [top, bottom, left, right] { try Argument.notNegative("padding", side) }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.padded(before: [0, top, left, 0], after: [0, bottom, right, 0])
    }
}
