public import PeriluneGraph
public import PeriluneItems

/// Sets a share `rate` of the elements to 0 in training and scales the others by `1 / (1 - rate)` (Srivastava et al.
/// 2014, keras.layers.Dropout). Nothing at inference.
///
/// Input and output [n, …].
public final class Dropout: SingleInputLayer {
    public static let kind = "dropout"

    public static let declaration = LayerDeclaration(
        layer: kind, Dropout(0),
        positional: [.required("rate", \.rate, .number(.within(0..<1)), "the share that is dropped")],
        options: [
            .optional(
                "shared_axes", \.sharedAxes, .axes,
                "axes along which elements are dropped together, \(AxisNumbers.help), the batch first")
        ],
        help: "Drops elements in training and scales up the others."
    ) { try Dropout($0[\.rate], sharedAxes: $0[\.sharedAxes]) }

    public let core: LayerCore
    public let rate: Float
    /// The axes, counted with the batch, along which all elements share one draw.
    public let sharedAxes: [Int]

    /// - Parameters:
    ///   - rate: the share that is dropped, at least 0 and below 1.
    ///   - sharedAxes: axes along which elements are dropped together: Keras's `noise_shape` has a 1 there.
    public init(_ rate: Float, sharedAxes: [Int] = [], name: String? = nil) {
        core = LayerCore(name: name)
        self.rate = rate
        self.sharedAxes = sharedAxes
    }

    public func validate() throws { try Argument.within("rate", rate, 0..<1) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        return try x.dropped(rate, sharing: sharedAxes)
    }
}

extension SymbolicTensor {
    /// This tensor times a fresh mask of inverted dropout that is the same along `axes`.
    func dropped(_ rate: Float, sharing axes: [Int]) throws -> SymbolicTensor {
        var mask = shape
        for axis in axes {
            guard let front = shape.normalized(axis: axis) else {
                throw ModelError(.invalidArgument, "noise_shape: an input of shape \(shape) has no axis \(axis)")
            }
            mask = mask.replacing(axis: front, with: 1)
        }
        return try self * builder.random(.dropoutMask(rate: rate), mask)
    }
}
