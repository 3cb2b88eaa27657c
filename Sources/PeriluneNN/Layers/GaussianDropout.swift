public import PeriluneGraph
public import PeriluneItems

/// Multiplies by normal noise of mean 1 and variance `rate / (1 - rate)` in training (Srivastava et al. 2014,
/// keras.layers.GaussianDropout). Nothing at inference.
///
/// Input and output [n, …].
public final class GaussianDropout: SingleInputLayer {
    public static let kind = "gaussian_dropout"

    public static let declaration = LayerDeclaration(
        layer: kind, GaussianDropout(0),
        positional: [.required("rate", \.rate, .number(.within(0..<1)), "the share that is dropped")],
        help: "Multiplies with normal noise around 1 in training."
    ) { try GaussianDropout($0[\.rate]) }

    public let core: LayerCore
    public let rate: Float

    /// - Parameter rate: the dropout whose variance the noise has, at least 0 and below 1.
    public init(_ rate: Float, name: String? = nil) {
        core = LayerCore(name: name)
        self.rate = rate
    }

    public func validate() throws { try Argument.within("rate", rate, 0..<1) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        let deviation = (rate / (1 - rate)).squareRoot()
        return try x * (context.builder.random(.normal, x.shape) * deviation + 1)
    }
}
