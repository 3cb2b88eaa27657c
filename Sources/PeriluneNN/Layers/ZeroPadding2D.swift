public import PeriluneGraph
public import PeriluneItems

/// Zeros around images (keras.layers.ZeroPadding2D).
///
/// Input [n, height, width, channels], output [n, top + height + bottom, left + width + right, channels].
public final class ZeroPadding2D: SingleInputLayer {
    public static let kind = "zero_padding2d"

    public static let declaration = LayerDeclaration(
        layer: kind, ZeroPadding2D(),
        positional: [.borders("padding", \.borders)],
        help: "Zeros around images."
    ) { try ZeroPadding2D($0[\.borders]) }

    public let core: LayerCore
    public let borders: Borders

    public init(_ borders: Borders, name: String? = nil) {
        core = LayerCore(name: name)
        self.borders = borders
    }

    public convenience init(top: Int, bottom: Int, left: Int, right: Int, name: String? = nil) {
        self.init(Borders(top: top, bottom: bottom, left: left, right: right), name: name)
    }

    /// The same on all sides.
    public convenience init(_ padding: Int = 1, name: String? = nil) {
        self.init(Borders(padding), name: name)
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws { try borders.validate("padding") }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.padded(
            before: [0, borders.top, borders.left, 0], after: [0, borders.bottom, borders.right, 0])
    }
}
