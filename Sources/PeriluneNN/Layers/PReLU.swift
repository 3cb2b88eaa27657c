public import PeriluneGraph
public import PeriluneItems

/// `x` where positive, `alpha · x` elsewhere, with a learned `alpha` (He et al. 2015, keras.layers.PReLU).
///
/// Input and output [n, …]; weight `alpha` of the sample's shape, with an extent of 1 along shared axes.
public final class PReLU: SingleInputLayer {
    public static let kind = "prelu"

    public static let declaration = LayerDeclaration(
        layer: kind, PReLU(),
        options: [
            .weight("alpha", \.alpha),
            .optional(
                "shared_axes", \.sharedAxes, .list(.integer(atLeast: 1)),
                "axes of a sample, from 1, along which one slope serves all elements"),
        ],
        help: "x above 0, a learned share of it below."
    ) { try PReLU(alpha: $0[\.alpha], sharedAxes: $0[\.sharedAxes]) }

    public let core: LayerCore
    public let alpha: WeightOptions
    public let sharedAxes: [Int]

    /// - Parameter sharedAxes: axes along which one `alpha` serves all elements, counted from 1 after the batch.
    public init(alpha: WeightOptions = .zeros, sharedAxes: [Int] = [], name: String? = nil) {
        core = LayerCore(name: name)
        self.alpha = alpha
        self.sharedAxes = sharedAxes
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        var shape = input.shape
        for axis in sharedAxes {
            guard (1..<shape.rank).contains(axis) else {
                throw ModelError(
                    .invalidArgument, "shared_axes \(sharedAxes): an input of shape \(input.shape) has no axis \(axis)")
            }
            shape = shape.replacing(axis: axis, with: 1)
        }
        return [WeightDeclaration("alpha", shape.dropFirst(), alpha)]
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.relu() - (-x).relu() * context["alpha"]
    }
}
