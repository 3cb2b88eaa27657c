public import PeriluneGraph
public import PeriluneItems

/// Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2013).
///
/// A weight of more than two axes is taken for a matrix of [product of the others, last axis], as Keras does.
public struct Orthogonal: Initializer, Hashable, Sendable {
    public static let name = "orthogonal"

    public static let declaration = InitializerDeclaration(
        name, aliases: ["orthogonal_initializer"], Orthogonal(),
        positional: [.optional("gain", \.gain, .number(), "the factor")],
        help: "A random orthogonal matrix times a factor."
    ) { try Orthogonal(gain: $0[\.gain]) }

    public let gain: Float

    public init(gain: Float = 1) { self.gain = gain }

    /// - Throws: `ModelError` where the shape has fewer than two axes.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        guard shape.rank >= 2 else {
            throw ModelError(.shapeMismatch, "initializer 'orthogonal' takes at least two axes, got shape \(shape)")
        }
        let columns = shape[-1]
        let rows = shape.elementCount / max(columns, 1)
        let (count, length) = (min(rows, columns), max(rows, columns))
        let draws = RandomNumbers.normal(
            count * length, mean: 0, deviation: 1, Philox(seed: seed, stream: stream))
        let basis = Orthogonal.orthonormalized(draws.map(Double.init), count: count, length: length)
        var values = [Float](repeating: 0, count: shape.elementCount)
        for vector in 0..<count {
            for position in 0..<length {
                let index = rows < columns ? vector * columns + position : position * columns + vector
                values[index] = gain * Float(basis[vector * length + position])
            }
        }
        return Tensor(values, shape: shape)
    }

    /// `count` vectors of `length`, one after another, made orthonormal by the modified Gram-Schmidt process. Done
    /// twice, since one pass loses orthogonality (Giraud et al. 2005). In Double, which makes the Float result exact.
    private static func orthonormalized(_ vectors: [Double], count: Int, length: Int) -> [Double] {
        var basis = vectors
        basis.withUnsafeMutableBufferPointer { basis in
            for current in 0..<count {
                let start = current * length
                for _ in 0..<2 {
                    for earlier in 0..<current {
                        var product = 0.0
                        for i in 0..<length { product += basis[start + i] * basis[earlier * length + i] }
                        for i in 0..<length { basis[start + i] -= product * basis[earlier * length + i] }
                    }
                    var square = 0.0
                    for i in 0..<length { square += basis[start + i] * basis[start + i] }
                    let scale = square > 0 ? 1 / square.squareRoot() : 0
                    for i in 0..<length { basis[start + i] *= scale }
                }
            }
        }
        return basis
    }
}
