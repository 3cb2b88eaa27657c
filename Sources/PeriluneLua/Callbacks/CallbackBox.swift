internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
package import PeriluneTrain

/// A callback that the library made for a script.
package final class CallbackBox {
    package let callback: any Callback

    init(_ callback: any Callback) {
        self.callback = callback
    }

    static let binding = ClassBinding(
        "callback", CallbackBox.self,
        help:
            "Watches a run and steers it. Those with a monitor tell best, best_epoch, "
            + "wait and stopped_epoch afterwards.",
        properties: [
            Property("name", of: CallbackBox.self, .string, help: "What messages call it.") { box, _ in
                .string(box.callback.name)
            }
        ],
        operators: [.toString: { [.string("callback \($0.object(1, as: CallbackBox.self)?.callback.name ?? "?")")] }],
        index: { object, key, state in
            guard let box = object as? CallbackBox, let name = key.string else { return nil }
            return try box.callback.report[name].map { try state.luaValue($0) }
        }, indexTypes: (.string, .any),
        fieldNames: { ($0 as? CallbackBox)?.callback.report.keys.sorted() ?? [] })
}
