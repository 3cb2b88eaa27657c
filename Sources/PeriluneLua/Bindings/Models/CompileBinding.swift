internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

/// `model:compile { … }`
enum CompileBinding {
    private static let oneLoss = ParameterType.item(LossCatalogue.self)
    private static let oneMetric = ParameterType.item(MetricCatalogue.self)
    private static let metricLists = ParameterType.named(
        "metrics",
        .union([
            oneMetric, .list(.either(oneMetric, .list(oneMetric))), .map(.either(oneMetric, .list(oneMetric))),
        ]))

    static let method: Binding = .method(
        "compile", of: LuaModel.self,
        options: [
            .optional(
                "optimizer", .item(OptimizerCatalogue.self), default: "rmsprop",
                "a name such as \"adam\", or lune.adam { lr = 1e-3 }"),
            .required(
                "loss",
                .named(
                    "loss by name, such as \"mse\", or of lune.losses,",
                    .union([oneLoss, .list(oneLoss), .map(oneLoss)])),
                "a name such as \"mse\", an object, or one for each output: a list, or by the output's name"),
            .optional(
                "metrics", metricLists,
                "names or objects: { \"accuracy\" }; for several outputs a list for each, or by the output's name"),
            .optional(
                "weighted_metrics", metricLists,
                "likewise, but each row counts by its sample_weight and class_weight, as it does in the loss"),
            .optional(
                "loss_weights", .either(.list(.number), .map(.number)), "what each output's loss counts in the total"),
        ],
        help: "Says how the model trains.\nWeights are kept when a model is compiled again; the optimizer starts anew."
    ) { box, arguments in
        let model = box.model
        let optimizer = try optimizer(arguments)
        let names = model.outputNames
        let losses = try perOutput("loss", names, arguments).map { value in
            try arguments.item(value, "loss", of: LossCatalogue.self).unwrapped("loss", arguments)
        }
        let plainMetrics = try metrics("metrics", names, arguments)
        let weightedMetrics = try metrics("weighted_metrics", names, arguments)
        let weights = try lossWeights(names, arguments)
        try box.compile(
            try Trainer(
                model, optimizer: optimizer, losses: losses, metrics: plainMetrics,
                weightedMetrics: weightedMetrics, lossWeights: weights,
                seed: arguments.state.session.streams.next(), state: box.state),
            in: arguments.state)
        return []
    }

    private static func optimizer(_ arguments: Arguments) throws -> Optimizer {
        if let optimizer = try arguments.optionalHost("optimizer", Optimizer.self) { return optimizer }
        do {
            return try OptimizerCatalogue.named(arguments.string("optimizer"))
        } catch let error as ItemError {
            throw arguments.fault("optimizer", error.description)
        }
    }

    /// The values of an option that is one for all outputs, a list, or a table by output name.
    private static func perOutput(_ option: String, _ names: [String], _ arguments: Arguments) throws -> [LuaValue] {
        let value = try arguments.value(option)
        guard let table = value.table else { return value.isNil ? [] : [value] }
        if table.count > 0 { return try table.array }
        return try byName(table, option, names, arguments)
    }

    private static func byName(
        _ table: LuaTable, _ option: String, _ names: [String], _ arguments: Arguments
    ) throws -> [LuaValue] {
        for key in try table.fieldNames where !names.contains(key) {
            let hint = NearestName.hint(key, among: names)
            throw arguments.fault(
                option,
                "no output is called '\(key)'\(hint.isEmpty ? "; outputs are " + names.joined(separator: ", ") : hint)")
        }
        return names.map { table[$0] }
    }

    private static func metrics(
        _ option: String, _ names: [String], _ arguments: Arguments
    ) throws -> [[any Metric]] {
        func metric(_ value: LuaValue) throws -> any Metric {
            try arguments.item(value, option, of: MetricCatalogue.self).unwrapped(option, arguments)
        }
        func list(_ value: LuaValue) throws -> [any Metric] {
            if value.isNil { return [] }
            guard let list = value.table else { return [try metric(value)] }
            return try list.array.map(metric)
        }
        let value = try arguments.value(option)
        guard let table = value.table else { return [try list(value)] }
        if table.isEmpty { return [[]] }
        guard table.count > 0 else { return try byName(table, option, names, arguments).map(list) }
        let entries = try table.array
        return entries.contains { $0.table != nil } ? try entries.map(list) : [try entries.map(metric)]
    }

    private static func lossWeights(_ names: [String], _ arguments: Arguments) throws -> [Float] {
        try perOutput("loss_weights", names, arguments).map { Float($0.number ?? 1) }
    }
}

extension Optional {
    fileprivate func unwrapped(_ option: String, _ arguments: Arguments) throws -> Wrapped {
        guard let self else { throw arguments.fault(option, "every output needs one") }
        return self
    }
}
