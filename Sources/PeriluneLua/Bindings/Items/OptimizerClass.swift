internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Optimizers as objects: every hyper-parameter can be read and set.
enum OptimizerClass {
    static let binding = ClassBinding(
        "optimizer", Optimizer.self,
        help: """
            How gradients change weights.
            Its fields are its hyper-parameters: learning_rate (or lr), weight_decay,
            momentum, beta_1, … Setting one takes effect with the next step; a learning rate replaces a schedule.
            """,
        properties: [
            Property("name", of: Optimizer.self, .string, help: "What it is called in Keras.") { optimizer, _ in
                .string(optimizer.name)
            },
            Property(
                "learning_rate", of: Optimizer.self, .either(.number(.all), .host("schedule")), aliases: ["lr"],
                help: "The step size of the next step; a schedule can be set too."
            ) { optimizer, _ in
                .number(optimizer.learningRate)
            } set: { optimizer, value, _ in
                if let schedule = value.object(as: ScheduleClass.Box.self) {
                    return optimizer.setSchedule(schedule.value)
                }
                try optimizer.set("learning_rate", value.number ?? .nan)
            },
        ],
        operators: [
            .toString: { call in
                guard let optimizer = call.object(1, as: Optimizer.self) else { return ["optimizer"] }
                let values = optimizer.names.compactMap { name in
                    optimizer.value(of: name).map { "\(name) = \(NumberRange.text($0))" }
                }
                return [.string("optimizer \(optimizer.name) { \(values.joined(separator: ", ")) }")]
            }
        ],
        index: { object, key, _ in
            guard let optimizer = object as? Optimizer, let name = key.string, optimizer.names.contains(name) else {
                return nil
            }
            return optimizer.value(of: name).map { .number($0) } ?? .nil
        }, indexTypes: (.string, .number),
        setIndex: { object, key, value, state in
            guard let optimizer = object as? Optimizer, let name = key.string, optimizer.names.contains(name) else {
                return false
            }
            guard let number = value.number else {
                throw ArgumentFault.property(
                    name, owner: "optimizer", expected: "number", got: state.shownText(of: value))
            }
            try optimizer.set(name, number)
            return true
        },
        fieldNames: { ($0 as? Optimizer)?.names ?? [] })
}
