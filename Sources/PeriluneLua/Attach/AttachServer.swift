internal import Glibc
public import PeriluneTrain

/// Lets people attach to fits, from another terminal: `perilune attach`.
///
///     options.attendant = AttachServer(script)                              // a fit that a host starts
///     state.runHooks.attendant = AttachServer(state, script: "train.lua")   // every fit that a script starts
///
/// The socket is made when the first fit begins, and is there until `stop`. A thread listens; what people ask for is
/// carried out by the thread that trains, at the boundaries of its batches, one question at a time.
public final class AttachServer: RunAttendant {
    private weak var state: LuaState?
    private let folder: String
    private let message: (String) -> Void
    private let makeHub: () -> AttachHub
    private lazy var hub = makeHub()
    private var listener: AttachListener?
    private var hasTried = false
    /// Who keeps the run standing still.
    private var pausing: AttachHub.Client?
    /// Who asked for steps and waits for them to be done.
    private var stepping: AttachHub.Client?
    /// How many pieces of code are being carried out, one within the other.
    private var evaluationDepth = 0
    /// Who wants to hear of epochs (0) or of each n-th batch.
    private var watching: [AttachHub.Client: Int] = [:]
    /// What the places can show that answers go to, where they have said so.
    private var styles: [AttachHub.Client: PromptStyle] = [:]

    /// - Parameters:
    ///   - script: what a list of runs calls it.
    ///   - folder: where the socket is.
    ///   - breaker: stops code of somebody attached who gave it up, or is gone. Without one it goes on to its end.
    ///   - message: takes the reason where nobody can attach.
    public init(
        _ state: LuaState, script: String, folder: String = AttachFolder.path,
        breaker: (any AttachBreaker)? = nil, message: @escaping (String) -> Void = { _ in }
    ) {
        self.state = state
        self.folder = folder
        self.message = message
        let status = AttachStatus(process: getpid(), script: script, since: time(nil), activity: .idle)
        makeHub = { AttachHub(status, breaker: breaker) }
    }

    /// A server for fits that a host starts: what people type is carried out in the state of `script`, within its
    /// profile and limits.
    public convenience init(
        _ script: LuaScript, folder: String = AttachFolder.path, breaker: (any AttachBreaker)? = nil,
        message: @escaping (String) -> Void = { _ in }
    ) {
        self.init(script.state, script: script.name, folder: folder, breaker: breaker, message: message)
    }

    deinit { stop() }

    /// The path of the socket; nil before the first fit.
    public var path: String? { listener?.path }

    /// Sends everybody away and removes the socket.
    public func stop() {
        listener?.stop()
        listener = nil
    }

    public func fitBegins(_ interrupts: Interrupts) {
        guard !hasTried || listener != nil else { return }
        // Before anybody can connect, who would be told that there is no fit.
        hub.fitBegins(interrupts)
        if !hasTried {
            hasTried = true
            do { listener = try AttachListener(hub, folder: folder) } catch {
                _ = hub.fitEnds()
                return message("cannot be attached to: \(error)")
            }
        }
        if !watching.isEmpty { interrupts.request(.attention) }
    }

    public func fitEnds() {
        guard listener != nil else { return }
        let left = hub.fitEnds()
        pausing = nil
        for question in left { refuse(question) }
        if let client = stepping { tell(client, AttachResult(.done, isPaused: false).message) }
        stepping = nil
        guard hub.interrupts == nil else { return }
        for client in watching.keys {
            hub.connection(client)?.offer(AttachMessage(.notice, "the fit has ended\n"))
            tell(client, AttachResult(.done, isPaused: false).message)
        }
        watching = [:]
    }

    public func fitStandsStill(at interruption: Interruption?) {
        guard listener != nil else { return }
        hub.standsStill(interruption?.run)
    }

    private func refuse(_ question: AttachHub.Question) {
        switch question.message.kind {
        case .status: tell(question.client, AttachMessage(.state, hub.status.text))
        case .complete: tell(question.client, AttachMessage(.candidates))
        // Who still watches is told with all who do.
        case .unwatch, .style: break
        case .part, .evaluate, .watch, .interrupt, .output, .fault, .result, .candidates, .state, .notice:
            tell(question.client, AttachMessage(.fault, "the fit has ended\n"))
            tell(question.client, AttachResult(.failed, isPaused: false).message)
        }
    }

    private func tell(_ client: AttachHub.Client, _ message: AttachMessage) {
        hub.connection(client)?.send(message)
    }
}

// At a boundary.
extension AttachServer {
    public func serve(_ interruption: Interruption) -> InterruptDecision {
        guard let state else { return .resume }
        tellWatchers(interruption)
        let isEnough = hub.isImpatient(stepping)
        if let client = stepping, isEnough || interruption.cause.isCounted {
            stepping = nil
            if hub.connection(client) != nil {
                pausing = client
                tell(client, AttachMessage(.output, interruption.summary() + "\n"))
                tell(client, AttachResult(.done, isPaused: true).message)
            }
        }
        defer { if !watching.isEmpty { hub.interrupts?.request(.attention) } }
        while true {
            hub.note(interruption.run, isPaused: pausing != nil)
            while let (question, connection) = hub.next() {
                defer { hub.served() }
                if let decision = carryOut(question, connection, interruption, state) {
                    goOn()
                    return decision
                }
            }
            guard let client = pausing else { return .resume }
            guard hub.connection(client) != nil, hub.interrupts?.isRequested != true else {
                tell(client, AttachMessage(.notice, "the run goes on: it was interrupted at its terminal\n"))
                goOn()
                return .resume
            }
            hub.wait()
        }
    }

    private func goOn() {
        pausing = nil
        // Also where more is waiting: it is served at the next boundary.
        hub.interrupts?.request(.attention)
    }

    /// - Returns: what the run is to do; nil where it stands as before.
    private func carryOut(
        _ question: AttachHub.Question, _ connection: AttachConnection, _ interruption: Interruption, _ state: LuaState
    ) -> InterruptDecision? {
        switch question.message.kind {
        case .status: connection.send(AttachMessage(.state, hub.status.text))
        case .watch: watching[question.client] = Int(question.message.text) ?? 0
        case .unwatch:
            guard watching.removeValue(forKey: question.client) != nil else { break }
            connection.send(AttachResult(.done, isPaused: pausing != nil).message)
        case .complete:
            let found = prompt(for: question, connection, interruption, state).prompt
                .completions(of: question.message.text)
            connection.send(AttachMessage(.candidates, ([found.word] + found.candidates).joined(separator: "\n")))
        case .evaluate: return evaluate(question, connection, interruption, state)
        case .style:
            styles = styles.filter { hub.connection($0.key) != nil }
            styles[question.client] = PromptStyle(attached: question.message.text)
        case .part, .interrupt, .output, .fault, .result, .candidates, .state, .notice: break
        }
        return nil
    }

    private func evaluate(
        _ question: AttachHub.Question, _ connection: AttachConnection, _ interruption: Interruption, _ state: LuaState
    ) -> InterruptDecision? {
        let live = prompt(for: question, connection, interruption, state)
        hub.breaker?.begin()
        evaluationDepth += 1
        let outcome = live.prompt.evaluate(question.message.text)
        evaluationDepth -= 1
        if evaluationDepth == 0 { hub.breaker?.end() }
        if hub.interrupts?.isRequested != true { state.endInterrupt() }
        guard let decision = live.decision else {
            // To leave a prompt that decides nothing is for the one who asked.
            connection.send(AttachResult(outcome, isPaused: pausing != nil).message)
            return nil
        }
        switch decision {
        case .step, .nextEpoch:
            // The answer comes when the run stands still again.
            stepping = question.client
        case .resume, .stop, .abort: connection.send(AttachResult(.done, isPaused: false).message)
        }
        return decision
    }

    /// A prompt whose text goes to the one who asked, `print` included.
    private func prompt(
        for question: AttachHub.Question, _ connection: AttachConnection, _ interruption: Interruption,
        _ state: LuaState
    ) -> LivePrompt {
        let live = LivePrompt(state) { connection.send(AttachMessage(.output, $0)) }
        live.prompt.errorOutput = { connection.send(AttachMessage(.fault, $0)) }
        live.prompt.style = styles[question.client] ?? .plain
        live.open(interruption)
        live.prompt.values["print"] = .function(
            state.makeFunction { call in
                let texts = try call.arguments.map { try call.state.describe($0) }
                connection.send(AttachMessage(.output, texts.joined(separator: "\t") + "\n"))
                return []
            })
        live.prompt.commands.append(
            PromptCommand("pause", help: "Stand still until continue, step, next, stop or abort.") {
                [weak self] _, prompt in
                self?.pausing = question.client
                prompt.output(interruption.summary() + "\n")
                return .done
            })
        return live
    }

    /// Tells those who watch what has just ended. The run waits for none of them: one whose terminal is stopped misses
    /// what does not fit into the socket.
    private func tellWatchers(_ interruption: Interruption) {
        guard !watching.isEmpty else { return }
        for (client, batches) in watching {
            guard let connection = hub.connection(client) else {
                watching[client] = nil
                continue
            }
            switch interruption.moment {
            case .epoch: connection.offer(AttachMessage(.notice, interruption.place + "\n"))
            case .batch:
                guard batches > 0, interruption.run.batchesSeen % batches == 0 else { continue }
                connection.offer(AttachMessage(.notice, interruption.place + "\n"))
            case .testBatch, .event: break
            }
        }
    }
}

extension Interruption.Cause {
    fileprivate var isCounted: Bool {
        if case .counted = self { true } else { false }
    }
}
