internal import Synchronization

/// A value that is made when it is first asked for. Where several threads ask at the same time each may make one; all
/// get the same.
package final class OnDemand<Value: Sendable>: Sendable {
    private final class Made: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private let made = AtomicLazyReference<Made>()
    private let make: @Sendable () -> Value

    package init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    package var value: Value { (made.load() ?? made.storeIfNil(Made(make()))).value }
}
