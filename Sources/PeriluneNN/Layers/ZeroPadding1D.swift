public import PeriluneGraph
public import PeriluneItems

/// Zeros before and after sequences (keras.layers.ZeroPadding1D).
///
/// Input [n, length, channels], output [n, before + length + after, channels].
public final class ZeroPadding1D: SingleInputLayer {
    public static let kind = "zero_padding1d"

    public static let declaration = LayerDeclaration(
        layer: kind, ZeroPadding1D(),
        positional: [
            .optional("padding", \.padding, .twoSides, shown: "1", "one number, or { before, after }")
        ],
        help: "Zeros before and after a sequence."
    ) {
        let padding = try $0[\.padding]
        return ZeroPadding1D(before: padding[0], after: padding[padding.count - 1])
    }

    public let core: LayerCore
    public let before: Int
    public let after: Int
    var padding: [Int] { [before, after] }

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

extension OptionForm where Value == [Int] {
    /// One number for both sides, or one for each.
    fileprivate static var twoSides: Self {
        let form = OptionForm<[Int]>.oneOrList(.integer(atLeast: 0), count: 2...2)
        let either = OptionForm<[Int]>.oneOrList(.integer(atLeast: 0), count: 1...2)
        return Self(form.type, write: form.write, read: either.read)
    }
}
