public import PeriluneGraph
public import PeriluneItems

/// The axes of a sample in another order (keras.layers.Permute).
///
/// Input [n, …], output [n, …]: axis `i` of the output is axis `dims[i]` of the input, counted from 1 and without the
/// batch, as in Keras.
public final class Permute: SingleInputLayer {
    public static let kind = "permute"

    public static let declaration = LayerDeclaration(
        layer: kind, Permute([1]),
        positional: [
            .required(
                "dims", \.dims, .list(.integer(atLeast: 1)), "axes of a sample from 1, in their new order")
        ],
        help: "The axes of a sample in another order: permute { 2, 1 }."
    ) { try Permute($0[\.dims]) }

    public let core: LayerCore
    public let dims: [Int]

    /// - Parameter dims: the numbers from 1 to the sample's axes, in the new order.
    public init(_ dims: [Int], name: String? = nil) {
        core = LayerCore(name: name)
        self.dims = dims
    }

    public var inputDType: DType? { nil }

    public func validate() throws {
        guard !dims.isEmpty, dims.sorted() == Array(1...dims.count) else {
            throw ModelError(.invalidArgument, "dims must be the numbers from 1 in some order, got \(dims)")
        }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        guard dims.count == x.rank - 1 else {
            throw ModelError(.shapeMismatch, "dims \(dims) do not name each axis after the batch of shape \(x.shape)")
        }
        return try x.transposed([0] + dims)
    }
}
