import PeriluneProcess
internal import PeriluneTrain
internal import Synchronization

// What those attached want: for the thread that listens.
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
    /// - Returns: whether its code is the one that runs. Where another client's does, within a fit of its own, it is
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
            // A client that lists runs does not wait for long: this is what they see of one whose batch takes longer.
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
            AttachResult(.failed, shared.status.activity == .paused ? .others : .none).message,
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
        // Clients that watched were told that the fit has ended.
        case .unwatch, .style: return []
        case .part, .evaluate, .watch, .interrupt, .output, .fault, .result, .candidates, .state, .notice:
            return [AttachMessage(.fault, reason + "\n"), AttachResult(.failed, .none).message]
        }
    }

    private func rouse() { wake?.there.nudge() }
}
