internal import Glibc
public import PeriluneLua
public import PeriluneLuaRuntime
public import PeriluneProcess
public import PeriluneTrain

/// Lets people attach to fits, from another terminal: `perilune attach`.
///
///     options.attendant = AttachServer(script)                              // a fit that a host starts
///     state.runHooks.attendant = AttachServer(state, script: "train.lua")   // every fit that a script starts
///
/// The socket is made when the first fit begins, and is there until `stop`. A thread listens; what people ask for is
/// carried out by the thread that trains, at the boundaries of its batches, one question at a time.
public final class AttachServer: RunAttendant {
    weak var state: LuaState?
    private let folder: String
    private let message: (String) -> Void
    private let makeHub: () -> AttachHub
    lazy var hub = makeHub()
    private var listener: AttachListener?
    private var hasTried = false
    /// Who keeps the run standing still.
    var pausing: AttachHub.Client?
    /// Who asked for steps and waits for them to be done.
    var stepping: AttachHub.Client?
    /// How many pieces of code are being carried out, one within the other.
    var evaluationDepth = 0
    /// Who wants to hear of epochs (0) or of each n-th batch.
    var watching: [AttachHub.Client: Int] = [:]
    /// What the places can show that answers go to, where they have said so.
    var styles: [AttachHub.Client: PromptStyle] = [:]

    /// - Parameters:
    ///   - script: what a list of runs calls it.
    ///   - folder: where the socket is.
    ///   - breaker: stops code of a client that gave it up, or is gone. Without one it goes on to its end.
    ///   - message: takes the reason where no client can attach.
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
        // Before a client can connect, which would be told that there is no fit.
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
        if let client = stepping { tell(client, AttachResult(.done, .none).message) }
        stepping = nil
        guard hub.interrupts == nil else { return }
        for client in watching.keys {
            hub.connection(client)?.offer(AttachMessage(.notice, "the fit has ended\n"))
            tell(client, AttachResult(.done, .none).message)
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
            tell(question.client, AttachResult(.failed, .none).message)
        }
    }

    func tell(_ client: AttachHub.Client, _ message: AttachMessage) {
        hub.connection(client)?.send(message)
    }
}
