internal import PeriluneTrain

/// Optimizers: every hyper-parameter.
enum OptimizerDisplay {
    static func text(_ optimizer: Optimizer, _ style: PromptStyle) -> String {
        let width = optimizer.names.map(\.count).max() ?? 0
        let rows = optimizer.names.compactMap { name -> String? in
            guard let value = optimizer.value(of: name) else { return nil }
            let gap = String(repeating: " ", count: width - name.count + 2)
            let note = name == "learning_rate" && optimizer.hasSchedule ? style.colored("  by a schedule", .note) : ""
            return "  \(name)\(gap)\(style.colored(ShortNumber.text(value, digits: 7), .number))\(note)"
        }
        return ([style.colored("optimizer \(optimizer.name)", .object)] + rows).joined(separator: "\n")
    }

    /// `adam, learning rate 0.001`
    static func brief(_ optimizer: Optimizer) -> String {
        let rate = ShortNumber.text(optimizer.learningRate, digits: 7)
        return "\(optimizer.name), learning rate \(rate)\(optimizer.hasSchedule ? " by a schedule" : "")"
    }
}
