public import PeriluneGraph
public import PeriluneItems

/// Normalizes each channel by the batch's mean and variance, at inference by their moving averages (Ioffe and Szegedy
/// 2015, keras.layers.BatchNormalization).
///
/// Input and output [n, …, channels]; weights `gamma`, `beta`, `moving_mean` and `moving_variance`, all [channels].
/// Variances are biased, in the moving average too, as in Keras (PyTorch's moving variance is unbiased). A frozen layer
/// normalizes by its moving averages in training too.
public final class BatchNormalization: SingleInputLayer {
    public static let kind = "batch_normalization"

    public static let declaration = LayerDeclaration(
        layer: kind, BatchNormalization(),
        options: [
            .axis(\.axis, "the axis of channels"),
            .optional("momentum", \.momentum, .number(.within(0...1)), "how much of a moving average is kept"),
            .epsilon(\.epsilon),
            .optional("center", \.centers, .boolean, "whether there is a beta"),
            .optional("scale", \.scales, .boolean, "whether there is a gamma"),
            .weight("beta", \.beta),
            .weight("gamma", \.gamma),
            .optional(
                "moving_mean_initializer", \.movingMean, .item(InitializerCatalogue.self),
                "how the moving mean begins"),
            .optional(
                "moving_variance_initializer", \.movingVariance, .item(InitializerCatalogue.self),
                "how the moving variance begins"),
        ],
        help: "Normalizes each channel by the batch's mean and variance, at inference by their moving averages."
    ) {
        try BatchNormalization(
            axis: $0[\.axis], momentum: $0[\.momentum], epsilon: $0[\.epsilon], centers: $0[\.centers],
            scales: $0[\.scales], gamma: $0[\.gamma], beta: $0[\.beta], movingMean: $0[\.movingMean],
            movingVariance: $0[\.movingVariance])
    }

    public let core: LayerCore
    public let axis: Int
    public let momentum: Float
    public let epsilon: Float
    public let centers: Bool
    public let scales: Bool
    public let gamma: WeightOptions
    public let beta: WeightOptions
    public let movingMean: any Initializer
    public let movingVariance: any Initializer

    /// - Parameters:
    ///   - axis: the axis of channels; negative from the end.
    ///   - momentum: how much of a moving average is kept in each step, 0 to 1.
    ///   - epsilon: added to the variance, above 0.
    ///   - centers: whether there is a `beta`.
    ///   - scales: whether there is a `gamma`.
    public init(
        axis: Int = -1, momentum: Float = 0.99, epsilon: Float = 1e-3, centers: Bool = true, scales: Bool = true,
        gamma: WeightOptions = .ones, beta: WeightOptions = .zeros, movingMean: any Initializer = Zeros(),
        movingVariance: any Initializer = Ones(), name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.axis = axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.centers = centers
        self.scales = scales
        self.gamma = gamma
        self.beta = beta
        self.movingMean = movingMean
        self.movingVariance = movingVariance
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }

    public func validate() throws {
        try Argument.within("momentum", momentum, 0...1)
        try Argument.finitePositive("epsilon", epsilon)
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        guard let axis = input.shape.normalized(axis: axis), axis > 0 else {
            throw ModelError(
                .invalidArgument, "axis \(axis) is not an axis of channels of an input of shape \(input.shape)")
        }
        let channels: Shape = [input.shape[axis]]
        var weights: [WeightDeclaration] = []
        if scales { weights.append(WeightDeclaration("gamma", channels, gamma)) }
        if centers { weights.append(WeightDeclaration("beta", channels, beta)) }
        weights.append(WeightDeclaration("moving_mean", channels, initializer: movingMean, role: .state))
        weights.append(WeightDeclaration("moving_variance", channels, initializer: movingVariance, role: .state))
        return weights
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.alongLastAxis(axis, "batch_normalization") { x in
            let channels: Shape = [x.shape[-1]]
            let gamma = try scales ? context["gamma"] : context.builder.fill(1, channels)
            let beta = try centers ? context["beta"] : context.builder.fill(0, channels)
            guard context.isTraining, context.isTrainable else {
                // The mean is taken off first: after the scale, large means would leave little of the difference.
                let scale = try gamma / (context["moving_variance"] + epsilon).squareRoot()
                return try (x - context["moving_mean"]) * scale + beta
            }
            // The first of each channel is taken off before: the kernel's sums in float32 leave nothing of the variance
            // where the mean is large. The result does not depend on it, so that no gradient flows into it.
            let origin = try x.sliced(
                starts: [Int](repeating: 0, count: x.rank),
                extents: [Int](repeating: 1, count: x.rank - 1) + channels.dimensions
            ).stoppingGradient()
            let (y, offset, variance) = try (x - origin).batchNormalized(gamma: gamma, beta: beta, epsilon: epsilon)
            let mean = try offset + origin.reshaped(to: channels)
            try context.update("moving_mean") { try context.moved($0, to: mean, momentum: momentum) }
            try context.update("moving_variance") { try context.moved($0, to: variance, momentum: momentum) }
            return y
        }
    }
}
