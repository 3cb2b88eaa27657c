public import PeriluneGraph
public import PeriluneItems

/// `gain` on the diagonal of a matrix, 0 elsewhere.
public struct Identity: Initializer, Hashable, Sendable {
    public static let name = "identity"

    public static let declaration = InitializerDeclaration(
        name, aliases: ["eye", "identity_initializer"], Identity(),
        positional: [.optional("gain", \.gain, .number(), "the factor")],
        help: "The identity matrix times a factor."
    ) { try Identity(gain: $0[\.gain]) }

    public let gain: Float

    public init(gain: Float = 1) { self.gain = gain }

    /// - Throws: `ModelError` where the shape is not that of a matrix.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        guard shape.rank == 2 else {
            throw ModelError(.shapeMismatch, "initializer 'identity' takes matrices, got shape \(shape)")
        }
        var values = [Float](repeating: 0, count: shape.elementCount)
        for index in 0..<min(shape[0], shape[1]) { values[index * shape[1] + index] = gain }
        return Tensor(values, shape: shape)
    }
}
