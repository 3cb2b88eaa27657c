import Testing

@testable import PeriluneTrain

/// A callback whose events change between epochs.
private final class Changing: Callback {
    let inner = Recorder()
    /// The events by how often it has been asked, from 1.
    let wanted: (_ count: Int) -> EventSet
    private(set) var asked = 0

    init(_ wanted: @escaping (Int) -> EventSet) { self.wanted = wanted }

    var events: EventSet { inner.events }
    func handle(_ event: Event, _ context: EventContext) throws -> Directive? { try inner.handle(event, context) }

    func refresh(for run: Run) -> Bool {
        asked += 1
        let wanted = wanted(asked)
        defer { inner.events = wanted }
        return wanted != inner.events
    }
}

@Suite("Callbacks that change during a run")
struct RefreshTests {
    @Test("Events are listened to from the next epoch on")
    func events() throws {
        // Asked before the run, then before each epoch.
        let changing = Changing { $0 <= 2 ? [.epochEnd] : [.epochBegin, .trainEnd] }
        let other = Recorder()
        other.events = [.epochBegin]
        _ = try makeLoop(FakeEngine(), [changing, other], validates: false) { $0.epochs = 3 }.fit()
        #expect(changing.inner.trace == ["epoch_end 1", "epoch_begin 2", "epoch_begin 3", "train_end"])
        #expect(changing.asked == 4)
        #expect(other.trace == ["epoch_begin 1", "epoch_begin 2", "epoch_begin 3"])
    }

    @Test("Steps are taken apart while someone looks at gradients, and only then")
    func gradients() throws {
        let engine = try FakeEngine()
        engine.batches = 1
        let changing = Changing { $0 == 3 ? [.backwardEnd] : [] }
        _ = try makeLoop(engine, [changing], validates: false) { $0.epochs = 3 }.fit()
        #expect(engine.calls == ["step", "backward", "update", "step"])
        #expect(changing.inner.trace == ["backward_end 1"])
    }

    @Test("A filter hands the question on")
    func filtered() throws {
        let changing = Changing { _ in [.epochEnd] }
        let filtered = FilteredCallback(changing, on: .epochEnd, try EventFilter(every: 2))
        _ = try makeLoop(FakeEngine(), [filtered], validates: false) { $0.epochs = 4 }.fit()
        #expect(changing.inner.trace == ["epoch_end 2", "epoch_end 4"])
        #expect(changing.asked == 5)
    }
}
