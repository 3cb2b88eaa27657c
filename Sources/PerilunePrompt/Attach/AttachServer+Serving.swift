internal import PeriluneLuaRuntime
import PeriluneProcess
public import PeriluneTrain

// At a boundary of a run: what people attached have asked for.
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
                tell(client, AttachResult(.done, .own).message)
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

    private func pause(for client: AttachHub.Client) -> AttachResult.Pause {
        guard let pausing else { return .none }
        return pausing == client ? .own : .others
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
            connection.send(AttachResult(.done, pause(for: question.client)).message)
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
        // A client that left before that was not heard: nothing that could break off had begun.
        hub.breakOffIfGivenUp()
        evaluationDepth += 1
        let outcome = live.prompt.evaluate(question.message.text)
        evaluationDepth -= 1
        if evaluationDepth == 0 { hub.breaker?.end() }
        if hub.interrupts?.isRequested != true { state.endInterrupt() }
        guard let decision = live.decision else {
            // To leave a prompt that decides nothing is for the one who asked.
            connection.send(AttachResult(outcome, pause(for: question.client)).message)
            return nil
        }
        switch decision {
        case .step, .nextEpoch:
            // The answer comes when the run stands still again.
            stepping = question.client
        case .resume, .stop, .abort: connection.send(AttachResult(.done, .none).message)
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
        if case .stepsDone = self { true } else { false }
    }
}
