// What a checkpoint keeps of the history.
extension History {
    var stateValue: StateValue {
        [
            "epochs": .init(epochs.map(Double.init)), "names": .init(names),
            "columns": .list(names.map { .init(self[$0] ?? []) }),
            "validations": .list(
                validations.map {
                    [
                        "epoch": .integer($0.epoch), "step": .integer($0.step), "names": .init($0.names),
                        "values": .init($0.values),
                    ]
                }),
        ]
    }

    init(_ value: StateValue) {
        let names = value["names"]?.texts ?? []
        let columns = (value["columns"]?.list ?? []).map { $0.numbers ?? [] }
        self.init(
            epochs: (value["epochs"]?.numbers ?? []).compactMap { Int(exactly: $0) }, names: names,
            columns: Dictionary(zip(names, columns), uniquingKeysWith: { first, _ in first }),
            validations: (value["validations"]?.list ?? []).compactMap { entry in
                guard let epoch = entry["epoch"]?.count, let step = entry["step"]?.count,
                    let names = entry["names"]?.texts, let values = entry["values"]?.numbers,
                    names.count == values.count
                else { return nil }
                return Validation(epoch: epoch, step: step, names: names, values: values)
            })
    }
}
