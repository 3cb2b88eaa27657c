internal import PeriluneItems
internal import PeriluneTrain

enum OneCycleBinding {
    static let function = CallbackBindings.make(
        "one_cycle", [.required("max_lr", .number(.above(0)), "the largest learning rate")],
        options: Parameter.span + [
            .optional("div_factor", .number(.above(0)), default: 25, "the first rate is max_lr divided by this"),
            .optional(
                "final_div_factor", .number(.above(0)), default: 1e4, "the last rate is the first divided by this"),
            .optional("pct_start", .number(.within(0...1)), default: 0.3, "the share of the cycle that rises"),
            .optional(
                "anneal", .enumeration(OneCycle.Anneal.allCases.map(\.rawValue)), default: "cos",
                aliases: ["anneal_strategy"], "the form of its slopes"),
            .optional(
                "three_phase", .boolean, default: false, "whether it falls as long as it rose, then to its least"),
            .optional(
                "cycle_momentum", .boolean, default: .shown("where momentum or beta_1 is not 0"),
                "whether momentum, or beta_1, goes the other way"),
            .optional("base_momentum", .number(.within(0..<1)), default: 0.85, "the momentum at the largest rate"),
            .optional("max_momentum", .number(.within(0..<1)), default: 0.95, "the momentum at the ends"),
        ],
        help: """
            One cycle of the learning rate: up to max_lr, then down to far below where it began. PyTorch's OneCycleLR.
            It lasts the whole run unless steps or epochs are given. What other callbacks do to the rate, such as
            reduce_lr_on_plateau, multiplies the rest of it. The optimizer has a plain learning rate, and no schedule.
            lune.one_cycle(0.1, { pct_start = 0.25 })
            """
    ) { arguments in
        var options = OneCycle.Options()
        options.divFactor = try arguments.number("div_factor")
        options.finalDivFactor = try arguments.number("final_div_factor")
        options.pctStart = try arguments.number("pct_start")
        options.anneal = OneCycle.Anneal(rawValue: try arguments.string("anneal")) ?? .cos
        options.threePhase = try arguments.boolean("three_phase")
        options.cyclesMomentum = try arguments.optionalBoolean("cycle_momentum")
        options.momentum = .init(
            base: try arguments.number("base_momentum"), max: try arguments.number("max_momentum"))
        return try OneCycle(maxLR: arguments.number("max_lr"), arguments.span(), options: options)
    }
}
