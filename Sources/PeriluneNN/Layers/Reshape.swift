public import PeriluneGraph
public import PeriluneItems

/// The same elements under another shape (keras.layers.Reshape).
///
/// Input [n, …], output [n] and then `target`, in which one extent may be -1: what is left over.
public final class Reshape: SingleInputLayer {
    public static let kind = "reshape"

    public static let declaration = LayerDeclaration(
        layer: kind, Reshape([1]),
        positional: [
            .required(
                "target_shape", \.target, .list(.integer(atLeast: -1)),
                "the shape of a sample; one extent may be -1")
        ],
        help: "A sample under another shape: reshape { 2, 3 }."
    ) { try Reshape($0[\.target]) }

    public let core: LayerCore
    public let target: [Int]

    /// - Parameter target: the shape of one sample, without the batch axis.
    public init(_ target: [Int], name: String? = nil) {
        core = LayerCore(name: name)
        self.target = target
    }

    public var inputDType: DType? { nil }

    public func validate() throws {
        guard target.count(where: { $0 == -1 }) <= 1 else {
            throw ModelError(.invalidArgument, "target_shape may have one -1 only, got \(target)")
        }
        for extent in target where extent != -1 { try Argument.positive("an extent of target_shape", extent) }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let given = x.shape.dropFirst()
        let known = Shape(target.filter { $0 != -1 }).elementCount
        let rest = given.elementCount / known
        guard target.contains(-1) ? rest * known == given.elementCount : known == given.elementCount else {
            throw ModelError(
                .shapeMismatch,
                "a sample of shape \(given) with \(given.elementCount) elements cannot be reshaped to \(Shape(target))")
        }
        return try x.reshaped(to: Shape([x.shape[0]] + target.map { $0 == -1 ? rest : $0 }))
    }
}
