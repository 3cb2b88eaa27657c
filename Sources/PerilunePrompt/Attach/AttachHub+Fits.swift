internal import Glibc
import PeriluneProcess
internal import PeriluneTrain
internal import Synchronization

// What fits do, and carry out for those attached: for the thread that trains.
extension AttachHub {
    func fitBegins(_ interrupts: Interrupts) {
        shared.withLock { shared in
            shared.fits.append(interrupts)
            shared.status.activity = .training
            if !shared.questions.isEmpty { interrupts.request(.attention) }
            // Code that was broken off and goes on all the same.
            if shared.services.last?.isGivenUp == true { interrupts.request(.stop) }
        }
    }

    /// - Returns: what was asked for and now gets no answer.
    func fitEnds() -> [Question] {
        defer { breakOffIfGivenUp() }
        return shared.withLock { shared in
            shared.fits.last?.clear(.attention)
            shared.fits.removeLast()
            shared.impatient = []
            shared.status.activity = shared.fits.isEmpty ? .idle : .training
            guard shared.fits.isEmpty else { return [] }
            defer { shared.questions = [] }
            return shared.questions
        }
    }

    /// The run stands still at its own prompt; nil: it goes on.
    func standsStill(_ run: Run?) {
        shared.withLock { shared in
            shared.isAtPrompt = run != nil
            shared.status.activity = run != nil ? .atPrompt : .training
            if let run { shared.status.set(run) }
        }
    }

    func note(_ run: Run, isPaused: Bool) {
        shared.withLock { shared in
            shared.status.set(run)
            shared.status.activity = isPaused ? .paused : .training
        }
    }

    var status: AttachStatus { shared.withLock { $0.status } }

    /// The next question, which is then the one that is carried out.
    func next() -> (question: Question, connection: AttachConnection)? {
        shared.withLock { shared in
            while !shared.questions.isEmpty {
                let question = shared.questions.removeFirst()
                guard let connection = shared.clients[question.client] else { continue }
                shared.services.append(Service(client: question.client, fitCount: shared.fits.count))
                return (question, connection)
            }
            return nil
        }
    }

    /// The question has been carried out.
    func served() {
        shared.withLock { _ = $0.services.popLast() }
        // Code that was given up goes on within another's, or behind a fit of its own: what broke it off has been taken
        // back since.
        breakOffIfGivenUp()
    }

    /// Breaks off what is carried out now where its client has given it up.
    func breakOffIfGivenUp() {
        if shared.withLock({ $0.services.last?.isGivenUp == true }) { breaker?.breakOff() }
    }

    /// Whether the client wants an end of the steps that it waits for. Forgets who wanted one.
    func isImpatient(_ client: Client?) -> Bool {
        shared.withLock { shared in
            defer { shared.impatient = [] }
            return client.map(shared.impatient.contains) ?? false
        }
    }

    func connection(_ client: Client) -> AttachConnection? { shared.withLock { $0.clients[client] } }

    /// The interrupts of the innermost fit.
    var interrupts: Interrupts? { shared.withLock { $0.fits.last } }

    /// Waits for a question, for a client to leave, or for a moment.
    func wait() {
        guard let here = wake?.here else {
            usleep(20_000)
            return
        }
        if here.waits(for: POLLIN, milliseconds: 100) { here.drain() }
    }
}
