public import PeriluneGraph
public import PeriluneItems

/// Images without their borders (keras.layers.Cropping2D).
///
/// Input [n, height, width, channels], output [n, height - top - bottom, width - left - right, channels].
public final class Cropping2D: SingleInputLayer {
    public static let kind = "cropping2d"

    public static let declaration = LayerDeclaration(
        layer: kind, Cropping2D(),
        positional: [.borders("cropping", \.borders)],
        help: "Cuts rows and columns off images."
    ) { try Cropping2D($0[\.borders]) }

    public let core: LayerCore
    public let borders: Borders

    public init(_ borders: Borders, name: String? = nil) {
        core = LayerCore(name: name)
        self.borders = borders
    }

    public convenience init(top: Int, bottom: Int, left: Int, right: Int, name: String? = nil) {
        self.init(Borders(top: top, bottom: bottom, left: left, right: right), name: name)
    }

    /// The same from all sides.
    public convenience init(_ cropping: Int = 1, name: String? = nil) {
        self.init(Borders(cropping), name: name)
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws { try borders.validate("cropping") }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let (height, width) = (x.shape[1] - borders.top - borders.bottom, x.shape[2] - borders.left - borders.right)
        guard height > 0, width > 0 else {
            throw ModelError(.shapeMismatch, "cropping leaves nothing of an input of shape \(x.shape)")
        }
        return try x.sliced(
            starts: [0, borders.top, borders.left, 0], extents: [x.shape[0], height, width, x.shape[3]])
    }
}
