import PeriluneItems

extension OptionForm where Value == RateSpan {
    /// Steps, or a table with steps or epochs.
    static var span: Self {
        Self(
            .either(
                .integer(atLeast: 1),
                .record(RateSpan.units.map { .optional($0.name, .integer(atLeast: 1), $0.help) }))
        ) { span in
            switch span {
            case .steps(let count): .integer(count)
            case .epochs(let count): .record(["epochs": .integer(count)])
            }
        } read: { input in
            if let steps = input.integer { return .steps(steps) }
            guard let fields = input.fields else { return nil }
            switch (fields["steps"]?.integer, fields["epochs"]?.integer) {
            case (let steps?, nil): return .steps(steps)
            case (nil, let epochs?): return .epochs(epochs)
            case (nil, nil), (.some, .some): throw OptionFault("either steps or epochs expected")
            }
        }
    }
}

extension ItemOption {
    /// How long something lasts: two options of which one is given, or none.
    static func span(_ path: any KeyPath<Item, RateSpan?> & Sendable) -> Self {
        let count = OptionForm<Int>.count(atLeast: 1)
        let parts = RateSpan.units.map { unit in
            Part(unit.name, count.type, hasDefault: false, unit.help) { item in
                item[keyPath: path].flatMap(unit.count).map { .integer($0) }
            }
        }
        return Self(path: path, parts: parts) { inputs, _ in
            switch (try inputs.value("steps", count), try inputs.value("epochs", count)) {
            case (nil, nil): return nil
            case (let steps?, nil): return .steps(steps)
            case (nil, let epochs?): return .epochs(epochs)
            case (.some, .some): throw inputs.fault("epochs", "either 'steps' or 'epochs' expected, got both")
            }
        }
    }
}

extension RateSpan {
    /// The units by the names of options, with the count of a span in that unit.
    fileprivate static let units: [(name: String, help: String, count: @Sendable (RateSpan) -> Int?)] = [
        (
            "steps", "how long, in updates of the weights; or give epochs",
            { if case .steps(let count) = $0 { count } else { nil } }
        ),
        ("epochs", "how long, in epochs", { if case .epochs(let count) = $0 { count } else { nil } }),
    ]
}
