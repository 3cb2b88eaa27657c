import PeriluneItems

// What options describe of an optimizer: the values that it has now.
extension Optimizer {
    var rate: LearningRate { schedule.map { .schedule($0) } ?? .constant(constantLearningRate) }
    var weightDecay: Double? { value(of: "weight_decay") }
    var clipnorm: Double? { value(of: "clipnorm") }
    var clipvalue: Double? { value(of: "clipvalue") }
    var globalClipnorm: Double? { value(of: "global_clipnorm") }
    var momentum: Double { value(of: "momentum") ?? 0 }
    var epsilon: Double { value(of: "epsilon") ?? 0 }
    var beta1: Double { value(of: "beta_1") ?? 0 }
    var beta2: Double { value(of: "beta_2") ?? 0 }
    var rho: Double { value(of: "rho") ?? 0 }
    var initialAccumulator: Double { number("initial_accumulator_value") ?? 0 }
    var looksAhead: Bool { flag("nesterov") }
    var keepsLargest: Bool { flag("amsgrad") }
}

// The rule's fixed options by name, as the types that they have.
extension Optimizer {
    func flag(_ name: String) -> Bool { rule.fixedOptions[name] == .boolean(true) }

    /// nil where it is switched off.
    func number(_ name: String) -> Double? {
        guard case .number(let value) = rule.fixedOptions[name] else { return nil }
        return value
    }

    func whole(_ name: String) -> Int? {
        guard case .integer(let value) = rule.fixedOptions[name] else { return nil }
        return value
    }

    func texts(_ name: String) -> [String] {
        guard case .list(let values) = rule.fixedOptions[name] else { return [] }
        return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
}

// Options that several rules have.
extension ItemOption where Item == Optimizer {
    static var momentum: Self {
        .optional("momentum", \.momentum, .number(.within(0..<1)), "how much of the last step is kept")
    }

    static var epsilon: Self { .optional("epsilon", \.epsilon, .number(.atLeast(0)), "keeps divisions from 0") }

    static var beta1: Self { .optional("beta_1", \.beta1, .number(.within(0..<1)), "decay of the mean") }

    static var beta2: Self { .optional("beta_2", \.beta2, .number(.within(0..<1)), "decay of the mean square") }

    static var amsgrad: Self {
        .optional("amsgrad", \.keepsLargest, .boolean, "whether to divide by the largest mean square so far")
    }

    static var initialAccumulator: Self {
        .optional("initial_accumulator_value", \.initialAccumulator, .number(.atLeast(0)), "where the sums begin")
    }

    static var nesterov: Self { .optional("nesterov", \.looksAhead, .boolean, "whether to look ahead") }

    static var rho: Self { .optional("rho", \.rho, .number(.within(0..<1)), "decay of the mean square") }
}
