public import PeriluneGraph

/// Images without their borders (keras.layers.Cropping2D).
///
/// Input [n, height, width, channels], output [n, height - top - bottom, width - left - right, channels].
public final class Cropping2D: SingleInputLayer {
    public static let kind = "cropping2d"

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

    /// The same from all sides.
    public convenience init(_ cropping: Int = 1, name: String? = nil) {
        self.init(top: cropping, bottom: cropping, left: cropping, right: cropping, name: name)
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        for side in [top, bottom, left, right] { try Argument.notNegative("cropping", side) }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let (height, width) = (x.shape[1] - top - bottom, x.shape[2] - left - right)
        guard height > 0, width > 0 else {
            throw ModelError(.shapeMismatch, "cropping leaves nothing of an input of shape \(x.shape)")
        }
        return try x.sliced(starts: [0, top, left, 0], extents: [x.shape[0], height, width, x.shape[3]])
    }
}
