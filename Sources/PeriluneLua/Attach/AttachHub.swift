internal import Glibc
internal import PeriluneTrain
internal import Synchronization

/// What the thread that listens and the thread that trains share: who is attached, and what they ask for.
final class AttachHub: Sendable {
    /// Somebody attached.
    typealias Client = Int

    /// What somebody asks for.
    struct Question: Sendable {
        let client: Client
        let message: AttachMessage
    }

    private struct Shared {
        var clients: [Client: AttachConnection] = [:]
        var clientCount = 0
        var questions: [Question] = []
        /// The fits in progress, innermost last: their attention is asked for.
        var fits: [Interrupts] = []
        /// Whether the innermost fit stands still at a prompt of its own.
        var isAtPrompt = false
        var status: AttachStatus
        /// Whose questions are being carried out: one may train a model, whose fit serves others, innermost last.
        var services: [Service] = []
        /// Who wants an end of what was asked for, and neither waits for his turn nor has it.
        var impatient: Set<Client> = []
    }

    /// A question that is being carried out.
    private struct Service {
        let client: Client
        /// The fits that were in progress when it began. Those that it starts end with it.
        let fitCount: Int
        /// Whether nobody waits for its end any more.
        var isGivenUp = false
    }

    /// So many may be attached at once: each takes one of the files that the process may have open.
    static let mostClients = 64
    /// So many questions of one client may wait.
    private static let mostQuestions = 64

    private let shared: Mutex<Shared>
    /// Becomes readable when something changes that a paused run waits for.
    private let wake: (here: AttachConnection, there: AttachConnection)?
    let breaker: (any AttachBreaker)?

    init(_ status: AttachStatus, breaker: (any AttachBreaker)?) {
        shared = Mutex(Shared(status: status))
        wake = try? AttachConnection.pair()
        self.breaker = breaker
    }
}

// For the thread that listens.
extension AttachHub {
    func join(_ connection: AttachConnection) -> Client {
        shared.withLock { shared in
            shared.clientCount += 1
            shared.clients[shared.clientCount] = connection
            return shared.clientCount
        }
    }

    /// The client is gone: what it asked for is not done any more, and what it paused goes on.
    func leave(_ client: Client) {
        let isServed = shared.withLock { shared in
            shared.clients[client] = nil
            shared.impatient.remove(client)
            shared.questions.removeAll { $0.client == client }
            return Self.breakOff(client, &shared)
        }
        if isServed { breaker?.breakOff() }
        rouse()
    }

    /// Ends what is carried out for the client, fits that this has started included.
    /// - Returns: whether its code is the one that runs. Where somebody else's does, within a fit of its own, it is
    ///   broken off after that.
    private static func breakOff(_ client: Client, _ shared: inout Shared) -> Bool {
        guard let index = shared.services.firstIndex(where: { $0.client == client }) else { return false }
        shared.services[index].isGivenUp = true
        for fit in shared.fits.dropFirst(shared.services[index].fitCount) { fit.request(.stop) }
        return index == shared.services.count - 1
    }

    /// Takes a question: answers at once what needs no run, or where there is none to ask.
    /// - Returns: whether the client behaves; one that asks and asks, and waits for no answer, does not.
    func ask(_ question: Question) -> Bool {
        let (reply, isServed, waiting) = shared.withLock { shared -> ([AttachMessage], Bool, Int) in
            if question.message.kind == .interrupt {
                if shared.services.contains(where: { $0.client == question.client }) {
                    return ([], Self.breakOff(question.client, &shared), 0)
                }
                return (Self.giveUp(question.client, &shared), false, 0)
            }
            if let reply = Self.reply(to: question.message, shared) { return (reply, false, 0) }
            shared.questions.append(question)
            shared.fits.last?.request(.attention)
            // Whoever lists runs does not wait for long: this is what they see of one whose batch takes longer.
            var known = shared.status
            known.activity = .busy
            let reply = question.message.kind == .status ? [AttachMessage(.state, known.text)] : []
            return (reply, false, shared.questions.count { $0.client == question.client })
        }
        let connection = shared.withLock { $0.clients[question.client] }
        for message in reply { connection?.send(message) }
        if isServed { breaker?.breakOff() }
        rouse()
        return waiting <= Self.mostQuestions
    }

    /// Takes back what the client has asked for and the run has not come to. What it waits for otherwise, the end of
    /// some steps, is for the run to break off.
    private static func giveUp(_ client: Client, _ shared: inout Shared) -> [AttachMessage] {
        let isWaiting = shared.questions.contains { $0.client == client && $0.message.kind == .evaluate }
        guard isWaiting else {
            guard let interrupts = shared.fits.last else { return [] }
            shared.impatient.insert(client)
            interrupts.request(.attention)
            return []
        }
        shared.questions.removeAll { $0.client == client && $0.message.kind != .complete }
        return [
            AttachMessage(.fault, "given up: the run is busy and has not come to it\n"),
            AttachResult(.failed, isPaused: shared.status.activity == .paused).message,
        ]
    }

    /// What to say where no run can be asked.
    private static func reply(to message: AttachMessage, _ shared: borrowing Shared) -> [AttachMessage]? {
        let reason: String
        if shared.fits.isEmpty {
            reason = "no fit is in progress: the script does something else"
        } else if shared.isAtPrompt {
            reason = "the run stands still at the prompt of its own terminal"
        } else {
            return nil
        }
        switch message.kind {
        case .status: return [AttachMessage(.state, shared.status.text)]
        case .complete: return [AttachMessage(.candidates)]
        // Whoever watched was told that the fit has ended.
        case .unwatch, .style: return []
        case .part, .evaluate, .watch, .interrupt, .output, .fault, .result, .candidates, .state, .notice:
            return [AttachMessage(.fault, reason + "\n"), AttachResult(.failed, isPaused: false).message]
        }
    }
}

// For the thread that trains.
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

    /// - Returns: what was asked for and now finds nobody.
    func fitEnds() -> [Question] {
        defer { breakOffAgain() }
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
        breakOffAgain()
    }

    /// Code that was given up goes on within another's, or behind a fit of its own: what broke it off has been taken back
    /// since.
    private func breakOffAgain() {
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

    /// Waits for a question, for somebody to leave, or for a moment.
    func wait() {
        guard let here = wake?.here else {
            usleep(20_000)
            return
        }
        if here.waits(for: POLLIN, milliseconds: 100) { here.drain() }
    }

    private func rouse() { wake?.there.nudge() }
}
