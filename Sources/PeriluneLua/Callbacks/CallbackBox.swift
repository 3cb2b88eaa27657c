internal import PeriluneTrain

/// A callback that the library made for a script.
final class CallbackBox {
    let callback: any Callback

    init(_ callback: any Callback) {
        self.callback = callback
    }

    static let binding = ClassBinding(
        "callback", CallbackBox.self,
        help:
            "Watches a run and steers it. Those with a monitor tell best, best_epoch, wait and stopped_epoch afterwards.",
        properties: [
            Property("name", of: CallbackBox.self, .string, help: "What messages call it.") { box, _ in
                .string(box.callback.name)
            }
        ],
        operators: [.toString: { [.string("callback \($0.object(1, as: CallbackBox.self)?.callback.name ?? "?")")] }],
        index: { object, key, _ in
            guard let box = object as? CallbackBox, let name = key.string else { return nil }
            return box.fields[name]
        }, indexTypes: (.string, .any),
        fieldNames: { ($0 as? CallbackBox)?.fields.keys.sorted() ?? [] })

    /// What the callback tells about its last run.
    private var fields: [String: LuaValue] {
        switch callback {
        case let callback as EarlyStopping:
            [
                "best": callback.monitor.best.map { .number($0) } ?? .nil, "best_epoch": .integer(callback.bestEpoch),
                "wait": .integer(callback.wait), "stopped_epoch": .integer(callback.stoppedEpoch),
                "monitor": .string(callback.monitor.name), "patience": .integer(callback.patience),
            ]
        case let callback as ReduceLROnPlateau:
            [
                "best": callback.monitor.best.map { .number($0) } ?? .nil, "wait": .integer(callback.wait),
                "monitor": .string(callback.monitor.name), "patience": .integer(callback.patience),
            ]
        default: [:]
        }
    }
}
