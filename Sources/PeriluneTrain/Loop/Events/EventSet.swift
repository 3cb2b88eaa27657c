/// A set of events: those that a callback listens to.
public struct EventSet: SetAlgebra, Hashable, Sendable {
    /// A bit for each event, by `Event.rawValue`.
    private var bits: UInt64 = 0

    public init() {}

    private init(bits: UInt64) { self.bits = bits }

    public static let all = EventSet(Event.allCases)

    private static func bit(_ event: Event) -> UInt64 { 1 << UInt64(event.rawValue) }

    public func contains(_ event: Event) -> Bool { bits & Self.bit(event) != 0 }
    public func union(_ other: EventSet) -> EventSet { EventSet(bits: bits | other.bits) }
    public func intersection(_ other: EventSet) -> EventSet { EventSet(bits: bits & other.bits) }
    public func symmetricDifference(_ other: EventSet) -> EventSet { EventSet(bits: bits ^ other.bits) }
    public mutating func formUnion(_ other: EventSet) { bits |= other.bits }
    public mutating func formIntersection(_ other: EventSet) { bits &= other.bits }
    public mutating func formSymmetricDifference(_ other: EventSet) { bits ^= other.bits }

    @discardableResult
    public mutating func insert(_ event: Event) -> (inserted: Bool, memberAfterInsert: Event) {
        let isNew = !contains(event)
        bits |= Self.bit(event)
        return (isNew, event)
    }

    @discardableResult
    public mutating func remove(_ event: Event) -> Event? {
        let wasThere = contains(event)
        bits &= ~Self.bit(event)
        return wasThere ? event : nil
    }

    @discardableResult
    public mutating func update(with event: Event) -> Event? { insert(event).inserted ? nil : event }

    /// These, and others where a condition holds.
    public func adding(_ others: EventSet, if holds: Bool) -> EventSet { holds ? union(others) : self }

    /// The events in the order of a run.
    public var elements: [Event] { Event.allCases.filter(contains) }
}

extension EventSet: CustomStringConvertible {
    public var description: String { elements.map(\.name).joined(separator: ", ") }
}
