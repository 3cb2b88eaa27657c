public import PeriluneGraph
public import PeriluneItems

/// Pulls the rows, or the columns, of a matrix towards being orthogonal: `factor` times the mean of the absolute
/// cosines between all pairs of them (keras.regularizers.OrthogonalRegularizer).
public struct OrthogonalRegularizer: Regularizer, Hashable, Sendable {
    public static let name = "orthogonal"

    public static let declaration = RegularizerDeclaration(
        name, aliases: ["orthogonal_regularizer"], OrthogonalRegularizer(),
        options: [
            .optional("factor", \.factor, .number(.atLeast(0)), "the factor"),
            .optional("mode", \.mode, .choice(), "what should be orthogonal"),
        ],
        help: "Penalizes rows or columns of a matrix that are not orthogonal."
    ) { try OrthogonalRegularizer(factor: $0[\.factor], mode: $0[\.mode]) }

    public enum Mode: String, Hashable, Sendable, CaseIterable {
        case rows, columns
    }

    public let factor: Float
    public let mode: Mode

    public init(factor: Float = 0.01, mode: Mode = .rows) {
        self.factor = factor
        self.mode = mode
    }

    /// - Throws: `ModelError` where `x` is not a matrix of at least two rows (or columns).
    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("factor of regularizer 'orthogonal'", factor)
        guard x.rank == 2, x.shape[mode == .rows ? 0 : 1] >= 2 else {
            throw ModelError(
                .shapeMismatch, "regularizer 'orthogonal' takes a matrix of at least 2 \(mode.rawValue), got \(x.shape)"
            )
        }
        let rows = try (mode == .rows ? x : x.transposed([1, 0])).normalized(axis: 1)
        let size = rows.shape[0]
        let cosines = try rows.matmul(rows, transposeB: true)
        let labels = x.builder.literal(Tensor((0..<size).map(Int32.init), shape: [size]))
        let offDiagonal = try 1 - labels.oneHot(depth: size)
        let pairs = Float(size) * Float(size - 1) / 2
        return try (cosines * offDiagonal).absolute().sum() * (0.5 * factor / pairs)
    }
}

extension SymbolicTensor {
    /// This tensor divided by its Euclidean norm along `axis`; 0 stays 0 (keras.utils.normalize).
    func normalized(axis: Int) throws -> SymbolicTensor {
        // The bound is the square of Keras's epsilon, under the root so that the gradient at 0 is finite.
        try self / squared().sum([axis], keepingAxes: true).maximum(1e-14).squareRoot()
    }
}
