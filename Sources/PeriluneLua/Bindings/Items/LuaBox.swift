internal import PeriluneItems
internal import PeriluneLuaRuntime

/// An item that scripts hold and hand on: a loss, an initializer, a schedule.
final class LuaBox<Value>: ItemHolder {
    let value: Value
    /// What `tostring` says after the kind.
    let name: String

    init(_ value: Value, _ name: String) {
        self.value = value
        self.name = name
    }

    var item: Any { value }
}

/// An object that stands for an item where another one takes it as an option.
protocol ItemHolder: AnyObject {
    var item: Any { get }
}

extension ClassBinding {
    /// The class of boxes that have no more than a name.
    static func box<Value>(_ name: String, _ type: LuaBox<Value>.Type, help: String) -> ClassBinding {
        ClassBinding(
            name, type, help: help,
            properties: [
                Property("name", of: type, .string, help: "What it is called in Keras.") { box, _ in .string(box.name) }
            ],
            operators: [
                .toString: { call in [.string("\(name) \(call.object(1, as: type)?.name ?? "?")")] }
            ])
    }
}
