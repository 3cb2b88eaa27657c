public import PeriluneGraph
public import PeriluneItems

/// Normalizes each sample over its last axes (Ba et al. 2016, keras.layers.LayerNormalization).
///
/// Input and output [n, …]; weights `gamma` and `beta` of the normalized axes' extents. The variance is biased.
public final class LayerNormalization: SingleInputLayer {
    public static let kind = "layer_normalization"

    public static let declaration = LayerDeclaration(
        layer: kind, LayerNormalization(),
        options: [
            .optional(
                "axis", \.axes, .axes, "the axes of mean and variance, \(AxisNumbers.help), the batch first"),
            .epsilon(\.epsilon),
            .optional("center", \.centers, .boolean, "whether there is a beta"),
            .optional("scale", \.scales, .boolean, "whether there is a gamma"),
            .weight("beta", \.beta),
            .weight("gamma", \.gamma),
        ],
        help: "Normalizes each sample over its last axes."
    ) {
        try LayerNormalization(
            axes: $0[\.axes], epsilon: $0[\.epsilon], centers: $0[\.centers], scales: $0[\.scales],
            gamma: $0[\.gamma], beta: $0[\.beta])
    }

    public let core: LayerCore
    public let axes: [Int]
    public let epsilon: Float
    public let centers: Bool
    public let scales: Bool
    public let gamma: WeightOptions
    public let beta: WeightOptions

    /// - Parameters:
    ///   - axes: the axes over which mean and variance are taken; negative from the end, the batch's not among them.
    ///   - epsilon: added to the variance, above 0.
    ///   - centers: whether there is a `beta`.
    ///   - scales: whether there is a `gamma`.
    public init(
        axes: [Int] = [-1], epsilon: Float = 1e-3, centers: Bool = true, scales: Bool = true,
        gamma: WeightOptions = .ones, beta: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.axes = axes
        self.epsilon = epsilon
        self.centers = centers
        self.scales = scales
        self.gamma = gamma
        self.beta = beta
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }

    public func validate() throws {
        try Argument.finitePositive("epsilon", epsilon)
        guard !axes.isEmpty else { throw ModelError(.invalidArgument, "axis must name at least one axis") }
    }

    private func normalizedAxes(_ shape: Shape) throws -> [Int] {
        let front = try axes.map { axis in
            guard let front = shape.normalized(axis: axis), front > 0 else {
                throw ModelError(.invalidArgument, "axis \(axis) is not one that an input of shape \(shape) normalizes")
            }
            return front
        }
        return Set(front).sorted()
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let shape = Shape(try normalizedAxes(input.shape).map { input.shape[$0] })
        let scale = scales ? [WeightDeclaration("gamma", shape, gamma)] : []
        return scale + (centers ? [WeightDeclaration("beta", shape, beta)] : [])
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let axes = try normalizedAxes(x.shape)
        let centered = try x.centered(axes)
        let variance = try centered.squared().mean(axes, keepingAxes: true)
        var y = try centered * (variance + epsilon).applying(.reciprocalSquareRoot)
        let kept = Shape(x.shape.dimensions.enumerated().map { axes.contains($0.offset) ? $0.element : 1 })
        if scales { y = try y * context["gamma"].reshaped(to: kept) }
        if centers { y = try y + context["beta"].reshaped(to: kept) }
        return y
    }
}
