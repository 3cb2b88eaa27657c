/// The callbacks of a run, with the listeners of each event picked out.
///
/// An object that never changes: events come by the million, and all they take of it is one reference.
final class CallbackList {
    let callbacks: [any Callback]
    /// The events that one of them listens to.
    let events: EventSet
    /// By `Event.rawValue`.
    private let listeners: [[any Callback]]
    /// Those that write checkpoints.
    let savers: [any CheckpointSaver]
    /// Takes the time of the others, where one is among them.
    private let timer: CallbackTimer?
    /// Whether those that listen to `backwardEnd` do so in an epoch.
    private let gradientReaders: [(Int) -> Bool]

    /// Orders `callbacks` by their groups, keeping the order of the list within one.
    init(_ callbacks: [any Callback]) {
        let ordered = CallbackOrder.allCases.flatMap { group in callbacks.filter { $0.order == group } }
        self.callbacks = ordered
        let sets = ordered.map(\.events)
        events = sets.reduce([]) { $0.union($1) }
        listeners = Event.allCases.map { event in zip(ordered, sets).filter { $1.contains(event) }.map(\.0) }
        let roles = ordered.flatMap(\.roles)
        savers = roles.compactMap(\.saver)
        timer = roles.lazy.compactMap(\.timer).first
        let innermost = listeners[Event.backwardEnd.rawValue].flatMap(\.withHosted).filter(\.hosted.isEmpty)
        gradientReaders = innermost.filter { $0.events.contains(.backwardEnd) }.map { callback in
            callback.roles.lazy.compactMap(\.gradientReader).first ?? { _ in true }
        }
    }

    /// Lets callbacks change.
    /// - Returns: whether one did, so that the listeners have to be picked anew.
    func refresh(for run: Run) -> Bool {
        // Every one is asked, whatever the others say.
        callbacks.count { $0.refresh(for: run) } > 0
    }

    func hasListeners(_ event: Event) -> Bool { !listeners[event.rawValue].isEmpty }

    /// Whether one of those who listen to `backwardEnd` does so in this epoch.
    func readGradients(inEpoch epoch: Int) -> Bool {
        gradientReaders.contains { $0(epoch) }
    }

    /// Lets each callback know of `run`, and prepares it where that is a fit.
    /// - Throws: `TrainingError` with the name of the callback that refused, or that is in the list twice.
    func begin(_ run: Run) throws {
        try refuseTwice()
        for callback in callbacks {
            try naming(callback) {
                try callback.enter(run)
                if run.isTraining { try callback.prepare(for: run) }
            }
        }
    }

    /// Prepares each callback for a fit.
    /// - Throws: `TrainingError` with the name of the callback that refused.
    func prepare(for run: Run) throws {
        for callback in callbacks { try naming(callback) { try callback.prepare(for: run) } }
    }

    /// Does `body`, whose errors are those of `callback`.
    func naming<Result>(_ callback: any Callback, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw TrainingError.wrapping(error, as: .callbackFailed, at: .init(callback: callback.name))
        }
    }

    /// One object asked twice at each event would count everything double.
    private func refuseTwice() throws(TrainingError) {
        var seen: Set<ObjectIdentifier> = []
        var rest: [any Callback] = callbacks.reversed()
        while let callback = rest.popLast() {
            guard seen.insert(ObjectIdentifier(callback)).inserted else {
                throw TrainingError(
                    .invalidOption,
                    "the callback '\(callback.name)' is in the list twice; where two are wanted, make two")
            }
            rest += callback.hosted
        }
    }

    /// Asks every listener, also after one has failed, so that each sees its ends for its begins.
    /// - Parameter logsAreReadLater: whether others read the logs after the last of these callbacks.
    /// - Returns: the merged directives, nil where there were none.
    /// - Throws: the first `TrainingError`, with where it happened.
    func send(_ context: EventContext, logsAreReadLater: Bool = false) throws -> DirectiveMerger? {
        var merger: DirectiveMerger?
        var context = context
        let listeners = listeners[context.event.rawValue]
        let logsStay = logsAreReadLater || !context.event.isOfBatch
        // By index: iterators allocate where nothing is optimized.
        for index in listeners.indices {
            let callback = listeners[index]
            context.logsAreReadLater = logsStay || index < listeners.count - 1
            do {
                guard let directive = try ask(callback, context) else { continue }
                try directive.check(at: context.event, in: context.run)
                // At once, so that later callbacks, history and progress bar see the numbers.
                directive.writeLogs(to: context.logs)
                merger.made().add(directive, from: callback.name)
            } catch {
                merger.made().note(TrainingError.wrapping(error, at: context, callback: callback.name))
            }
        }
        if let failure = merger?.failure { throw failure }
        return merger
    }

    private func ask(_ callback: any Callback, _ context: EventContext) throws -> Directive? {
        // An evaluation that a callback makes is not part of the fit that is timed.
        guard let timer, context.run.isTraining else { return try callback.handle(context.event, context) }
        return try timer.time(callback, context)
    }
}

extension TrainingError {
    /// `error` as a `TrainingError` at `place`; what it says of its place already is kept.
    static func wrapping(_ error: any Error, as code: Code, at place: Place) -> TrainingError {
        guard var known = error as? TrainingError else {
            return TrainingError(code, "\(error)", at: place, underlying: error)
        }
        // What names its event has the rest of its place too: an epoch's end has no batch.
        if known.place.event != nil { return known }
        known.place.callback = known.place.callback ?? place.callback
        known.place.event = place.event
        known.place.epoch = known.place.epoch ?? place.epoch
        known.place.batch = known.place.batch ?? place.batch
        return known
    }

    static func wrapping(_ error: any Error, at context: EventContext, callback: String) -> TrainingError {
        let run = context.run
        let batch = context.event.isOfBatch ? context.index : nil
        let place = Place(
            callback: callback, event: context.event, epoch: run.epoch > 0 ? run.epoch : nil, batch: batch)
        return wrapping(error, as: error is DirectiveError ? .invalidDirective : .callbackFailed, at: place)
    }
}
