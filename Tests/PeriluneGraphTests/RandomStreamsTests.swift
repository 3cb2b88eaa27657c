import PeriluneGraph
import Testing

@Suite struct RandomStreamsTests {
    @Test func `Streams of one seed differ, and the same number of the same seed is the same stream`() {
        var streams = RandomStreams(seed: 42)
        let taken = (0..<1000).map { _ in streams.next() }
        #expect(Set(taken).count == 1000)
        #expect(streams.count == 1000)
        var again = RandomStreams(seed: 42)
        #expect((0..<1000).map { _ in again.next() } == taken)
        var other = RandomStreams(seed: 43)
        #expect(Set((0..<1000).map { _ in other.next() }).isDisjoint(with: taken))
    }

    @Test func `Seed and count are the whole state`() {
        var streams = RandomStreams(seed: .max, count: 7)
        _ = streams.next()
        var copy = RandomStreams(seed: streams.seed, count: streams.count)
        #expect(copy == streams)
        #expect(copy.next() == streams.next())
    }

    @Test func `The count goes round rather than trap`() {
        var streams = RandomStreams(seed: 0, count: .max)
        #expect(streams.next() != streams.next())
        #expect(streams.count == 1)
    }

    @Test func `What is given no seed takes a stream of the process`() {
        #expect(Set((0..<100).map { _ in RandomStreams.nextOfProcess() }).count == 100)
    }
}
