package import PeriluneItems

extension OptionForm where Value == Frequency {
    /// Epochs, or a table with one of epochs, steps and seconds.
    package static var frequency: Self {
        form([units.epochs, units.steps, .optional("seconds", .number(.above(0)), "seconds")])
    }

    /// Epochs, or a table with epochs or steps.
    static var epochsOrSteps: Self { form([units.epochs, units.steps]) }

    private static var units: (epochs: Parameter, steps: Parameter) {
        (
            .optional("epochs", .integer(atLeast: 1), "epochs"),
            .optional("steps", .integer(atLeast: 1), "updates of the weights")
        )
    }

    private static func form(_ units: [Parameter]) -> Self {
        Self(.either(.integer(atLeast: 1), .record(units))) { frequency in
            switch frequency {
            case .epochs(let count): .integer(count)
            case .steps(let count): .record(["steps": .integer(count)])
            case .seconds(let seconds): .record(["seconds": .number(seconds)])
            }
        } read: { input in
            if let epochs = input.integer { return .epochs(epochs) }
            guard let fields = input.fields else { return nil }
            let given: [Frequency] = [
                fields["epochs"]?.integer.map { .epochs($0) }, fields["steps"]?.integer.map { .steps($0) },
                fields["seconds"]?.number.map { .seconds($0) },
            ].compactMap(\.self)
            guard given.count == 1 else { throw OptionFault("one of epochs, steps and seconds expected") }
            return given[0]
        }
    }

    /// Keras's `save_freq`: "epoch", or a number of steps.
    static var saveFrequency: Self {
        let epoch = "epoch"
        let steps = OptionForm<Int>.count(atLeast: 1)
        return Self(.either(.enumeration([epoch]), steps.type)) { frequency in
            switch frequency {
            case .epochs: .text(epoch)
            case .steps(let count): .integer(count)
            case .seconds: nil
            }
        } read: { input in
            if case .value(.text(epoch)) = input { return .epochs(1) }
            return try steps.read(input).map { .steps($0) }
        }
    }
}
