internal import PeriluneItems
internal import PeriluneLuaRuntime

/// An item that scripts hold and hand on: a loss, an initializer, a schedule.
package final class LuaBox<Value> {
    package let value: Value
    /// What `tostring` says after the kind.
    package let name: String

    package init(_ value: Value, _ name: String) {
        self.value = value
        self.name = name
    }
}

/// The items that the objects of a class stand for where another item takes one as an option.
package struct HeldItem: Sendable {
    let item: @Sendable (AnyObject) -> Any?

    package init<Value>(of type: LuaBox<Value>.Type) {
        self.init(of: type, \.value)
    }

    /// - Parameter path: the item within an object of the class.
    package init<Object, Value>(of type: Object.Type, _ path: any KeyPath<Object, Value> & Sendable) {
        item = { ($0 as? Object)?[keyPath: path] }
    }
}

extension ClassBinding {
    /// The class of boxes that have no more than a name.
    package static func box<Value>(_ name: String, _ type: LuaBox<Value>.Type, help: String) -> ClassBinding {
        ClassBinding(
            name, type, help: help, item: HeldItem(of: type),
            properties: [
                Property("name", of: type, .string, help: "What it is called in Keras.") { box, _ in .string(box.name) }
            ],
            operators: [
                .toString: { call in [.string("\(name) \(call.object(1, as: type)?.name ?? "?")")] }
            ])
    }
}
