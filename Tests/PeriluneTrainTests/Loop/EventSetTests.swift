import Testing

@testable import PeriluneTrain

/// What is known of events, and sets of them.
@Suite("Events and their traits")
struct EventSetTests {
    @Test("A set has the algebra of sets")
    func algebra() {
        let reference: [Set<Event>] = [
            [], [.trainBegin], [.trainBegin, .predictEnd], Set(Event.allCases), [.epochEnd, .testEnd, .backwardEnd],
        ]
        for first in reference {
            let a = EventSet(first)
            #expect(Set(a.elements) == first)
            #expect(a.isEmpty == first.isEmpty)
            for second in reference {
                let b = EventSet(second)
                #expect(Set(a.union(b).elements) == first.union(second))
                #expect(Set(a.intersection(b).elements) == first.intersection(second))
                #expect(Set(a.subtracting(b).elements) == first.subtracting(second))
                #expect(Set(a.symmetricDifference(b).elements) == first.symmetricDifference(second))
                #expect(a.isSubset(of: b) == first.isSubset(of: second))
                #expect((a == b) == (first == second))
            }
            for event in Event.allCases {
                var (set, model) = (a, first)
                #expect(set.insert(event).inserted == model.insert(event).inserted)
                #expect(set.remove(event) == model.remove(event))
                #expect(set.remove(event) == nil)
                #expect(Set(set.elements) == model)
            }
        }
        #expect(EventSet.all.elements == Event.allCases)
    }

    @Test("Names are all different, and traits fit the order of a run")
    func traits() {
        #expect(Set(Event.allCases.map(\.name)).count == Event.allCases.count)
        for event in Event.allCases {
            #expect(event.name.hasPrefix("on_"))
            #expect(event.isOfBatch == (event.name.contains("batch") || event == .backwardEnd), "\(event)")
            #expect((event.traits.phase == .evaluation) == event.name.hasPrefix("on_test"), "\(event)")
            #expect(event.isPrediction == event.name.hasPrefix("on_predict"), "\(event)")
        }
    }
}
