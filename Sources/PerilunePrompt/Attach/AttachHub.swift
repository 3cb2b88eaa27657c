import PeriluneProcess
internal import PeriluneTrain
internal import Synchronization

/// What the thread that listens and the thread that trains share: who is attached, and what they ask for.
final class AttachHub: Sendable {
    /// An attached client.
    typealias Client = Int

    /// What a client asks for.
    struct Question: Sendable {
        let client: Client
        let message: AttachMessage
    }

    struct Shared {
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
    struct Service {
        let client: Client
        /// The fits that were in progress when it began. Those that it starts end with it.
        let fitCount: Int
        /// Whether no client waits for its end any more.
        var isGivenUp = false
    }

    /// So many may be attached at once: each takes one of the files that the process may have open.
    static let mostClients = 64
    /// So many questions of one client may wait.
    static let mostQuestions = 64

    let shared: Mutex<Shared>
    /// Becomes readable when something changes that a paused run waits for.
    let wake: (here: AttachConnection, there: AttachConnection)?
    let breaker: (any AttachBreaker)?

    init(_ status: AttachStatus, breaker: (any AttachBreaker)?) {
        shared = Mutex(Shared(status: status))
        wake = try? AttachConnection.pair()
        self.breaker = breaker
    }
}
