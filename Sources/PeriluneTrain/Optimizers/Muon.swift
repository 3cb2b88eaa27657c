public import PeriluneItems

/// Muon (Jordan et al. 2024) for matrices, AdamW for all other weights, in the form of Keras's `Muon`.
///
/// For a matrix: `m ← momentum·m + g`, `u = g + momentum·m` (with `nesterov`, else `m`), which `NewtonSchulz` makes
/// near orthogonal, and `w ← w − lr·rms_rate·√max(rows, columns)·u` (Liu et al. 2025,
/// https://arxiv.org/abs/2502.16982).
/// For others: Adam with a learning rate of `lr·adam_lr_ratio` and ε before the bias correction, as Keras has it.
public struct Muon: Sendable {
    /// How many iterations an update may have: each is three matrix products in the graph.
    static let possibleSteps = 1...100

    public static let declaration = OptimizerDeclaration(
        optimizer: "muon", try .muon(),
        own: [
            .optional("adam_beta_1", \.adamBeta1, .number(.within(0..<1)), "decay of AdamW's mean"),
            .optional("adam_beta_2", \.adamBeta2, .number(.within(0..<1)), "decay of AdamW's mean square"),
            .optional("adam_weight_decay", \.adamWeightDecay, .number(.atLeast(0)), "weight_decay of AdamW's weights"),
            .epsilon,
            .optional(
                "exclude_layers", \.excludedLayers, .list(.string),
                "layers that AdamW trains, by names in which * stands for any characters"),
            .optional("exclude_embeddings", \.excludesEmbeddings, .boolean, "whether AdamW trains embeddings"),
            .optional("muon_a", \.muonA, .number(), "the iteration's factor of X"),
            .optional("muon_b", \.muonB, .number(), "the iteration's factor of X X' X"),
            .optional("muon_c", \.muonC, .number(), "the iteration's factor of (X X')^2 X"),
            .optional("adam_lr_ratio", \.adamRateRatio, .number(.atLeast(0)), "AdamW's share of the step size"),
            .momentum,
            .optional("ns_steps", \.iterations, .integer(in: possibleSteps), "iterations that orthogonalize a step"),
            .nesterov,
            .optional(
                "rms_rate", \.rmsRate, .rate, "a matrix's step for each unit of learning rate; false for no scaling"),
        ],
        help: "Orthogonal steps for matrices, AdamW for all other weights (Jordan et al. 2024)."
    ) { options, common in
        var rule = Muon()
        rule.adamBeta1 = try options[\.adamBeta1]
        rule.adamBeta2 = try options[\.adamBeta2]
        rule.adamWeightDecay = try options[\.adamWeightDecay]
        rule.epsilon = try options[\.epsilon]
        rule.excludedLayers = try options[\.excludedLayers]
        rule.excludesEmbeddings = try options[\.excludesEmbeddings]
        (rule.muonA, rule.muonB, rule.muonC) = try (options[\.muonA], options[\.muonB], options[\.muonC])
        rule.adamRateRatio = try options[\.adamRateRatio]
        (rule.momentum, rule.steps) = try (options[\.momentum], options[\.iterations])
        (rule.nesterov, rule.rmsRate) = try (options[\.looksAhead], options[\.rmsRate])
        return try .muon(
            rule, learningRate: common.rate, weightDecay: common.weightDecay, clipping: common.clipping,
            schedule: common.schedule)
    }

    /// Decay of AdamW's first moment, from 0 up to, and not including, 1.
    public var adamBeta1 = 0.9
    /// Decay of AdamW's second moment, from 0 up to, and not including, 1.
    public var adamBeta2 = 0.999
    /// Weight decay of what AdamW trains, 0 or more; that of matrices is the optimizer's `weight_decay`.
    public var adamWeightDecay = 0.004
    /// AdamW's, 0 or more.
    public var epsilon = 1e-7
    /// The coefficients of the iteration, finite.
    public var muonA = 3.4445
    public var muonB = -4.775
    public var muonC = 2.0315
    /// AdamW's learning rate as a share of that for matrices, 0 or more.
    public var adamRateRatio = 1.0
    /// From 0 up to, and not including, 1.
    public var momentum = 0.95
    /// Iterations for each update, 1 to 100.
    public var steps = 5
    public var nesterov = true
    /// Magnitude of a matrix's step for each unit of learning rate, 0 or more; nil: what the iteration gives.
    public var rmsRate: Double? = 0.2
    /// Layers whose weights AdamW trains: names, in which `*` stands for any characters and `?` for one. Those within
    /// such a layer count too.
    public var excludedLayers: [String] = []
    /// Whether AdamW trains matrices with `embedding` in their path.
    public var excludesEmbeddings = true

    public init() {}
}

extension Optimizer {
    /// Muon, by default with Keras's weight decay for matrices. - Throws: `TrainingError` for a value out of range.
    public static func muon(
        _ rule: Muon = Muon(), learningRate: Double = 0.001, weightDecay: Double? = 0.004,
        clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        let check = OptionCheck(rule.name)
        try check.whole("ns_steps", rule.steps, in: Muon.possibleSteps)
        if let rate = rule.rmsRate { try check.nonNegative("rms_rate", rate) }
        return try Optimizer(
            rule, learningRate: learningRate, schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}

extension OptionForm where Value == Double? {
    /// A number of 0 or more; false for none.
    fileprivate static var rate: Self {
        let number = OptionForm<Double>.number(.atLeast(0))
        return Self(.either(number.type, .boolean)) { rate in
            rate.map(number.write) ?? .boolean(false)
        } read: { input in
            guard case .value(.boolean(let isOn)) = input else { return try number.read(input).map { .some($0) } }
            return .some(isOn ? Muon().rmsRate : nil)
        }
    }
}

extension Optimizer {
    fileprivate var adamBeta1: Double { value(of: "adam_beta_1") ?? 0 }
    fileprivate var adamBeta2: Double { value(of: "adam_beta_2") ?? 0 }
    fileprivate var adamWeightDecay: Double { value(of: "adam_weight_decay") ?? 0 }
    fileprivate var muonA: Double { value(of: "muon_a") ?? 0 }
    fileprivate var muonB: Double { value(of: "muon_b") ?? 0 }
    fileprivate var muonC: Double { value(of: "muon_c") ?? 0 }
    fileprivate var adamRateRatio: Double { value(of: "adam_lr_ratio") ?? 0 }
    fileprivate var iterations: Int { whole("ns_steps") ?? 0 }
    fileprivate var rmsRate: Double? { number("rms_rate") }
    fileprivate var excludedLayers: [String] { texts("exclude_layers") }
    fileprivate var excludesEmbeddings: Bool { flag("exclude_embeddings") }
}
