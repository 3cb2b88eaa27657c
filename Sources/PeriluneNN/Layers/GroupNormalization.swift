public import PeriluneGraph
public import PeriluneItems

/// Normalizes groups of channels of each sample (Wu and He 2018, keras.layers.GroupNormalization).
///
/// Input and output [n, …, channels]; weights `gamma` and `beta` [channels]. The variance is biased.
public final class GroupNormalization: SingleInputLayer {
    public static let kind = "group_normalization"

    public static let declaration = LayerDeclaration(
        layer: kind, GroupNormalization(),
        options: [
            .optional(
                "groups", \.groups, .integer(atLeast: -1), "groups of channels; -1 for one a channel"),
            .epsilon(\.epsilon),
            .optional("center", \.centers, .boolean, "whether there is a beta"),
            .optional("scale", \.scales, .boolean, "whether there is a gamma"),
            .weight("beta", \.beta),
            .weight("gamma", \.gamma),
        ],
        help: "Normalizes groups of channels of each sample."
    ) {
        try GroupNormalization(
            groups: $0[\.groups], epsilon: $0[\.epsilon], centers: $0[\.centers], scales: $0[\.scales],
            gamma: $0[\.gamma], beta: $0[\.beta])
    }

    public let core: LayerCore
    public let groups: Int
    public let epsilon: Float
    public let centers: Bool
    public let scales: Bool
    public let gamma: WeightOptions
    public let beta: WeightOptions

    /// - Parameters:
    ///   - groups: a divisor of the channels; -1 for one group a channel (instance normalization).
    ///   - epsilon: added to the variance, above 0.
    public init(
        groups: Int = 32, epsilon: Float = 1e-3, centers: Bool = true, scales: Bool = true,
        gamma: WeightOptions = .ones, beta: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.groups = groups
        self.epsilon = epsilon
        self.centers = centers
        self.scales = scales
        self.gamma = gamma
        self.beta = beta
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }

    public func validate() throws {
        try Argument.finitePositive("epsilon", epsilon)
        if groups != -1 { try Argument.positive("groups", groups) }
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let channels = input.shape[-1]
        guard groups == -1 || channels % groups == 0 else {
            throw ModelError(
                .shapeMismatch,
                "the input's channels must be a multiple of groups (\(groups)), "
                    + "got shape \(input.shape)")
        }
        let scale = scales ? [WeightDeclaration("gamma", [channels], gamma)] : []
        return scale + (centers ? [WeightDeclaration("beta", [channels], beta)] : [])
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let (n, channels) = (x.shape[0], x.shape[-1])
        let count = groups == -1 ? channels : groups
        let positions = Shape(Array(x.shape.dimensions.dropFirst().dropLast())).elementCount
        let grouped = try x.reshaped(to: [n, positions, count, channels / count])
        let centered = try grouped.centered([1, 3])
        let variance = try centered.squared().mean([1, 3], keepingAxes: true)
        var y = try (centered * (variance + epsilon).applying(.reciprocalSquareRoot)).reshaped(to: x.shape)
        if scales { y = try y * context["gamma"] }
        if centers { y = try y + context["beta"] }
        return y
    }
}
