public import PeriluneItems

/// Adam with decoupled weight decay: the rule is that of `Adam`.
public enum AdamW {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adamw", try .adamW(), own: [.beta1, .beta2, .epsilon, .amsgrad],
        help: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)."
    ) { options, common in
        try .adamW(
            learningRate: common.rate, weightDecay: common.weightDecay ?? 0, beta1: options[\.beta1],
            beta2: options[\.beta2], epsilon: options[\.epsilon], amsgrad: options[\.keepsLargest],
            clipping: common.clipping, schedule: common.schedule)
    }
}

extension Optimizer {
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019), switched on by default as in Keras.
    /// - Throws: `TrainingError` for a value out of range.
    public static func adamW(
        learningRate: Double = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Double = 1e-7, amsgrad: Bool = false, clipping: GradientClipping = GradientClipping(),
        schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad, name: "adamw"),
            learningRate: learningRate, schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}
