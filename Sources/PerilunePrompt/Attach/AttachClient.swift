internal import Glibc

/// A client attached to a run of another process: a prompt whose lines are carried out there.
///
///     let client = try AttachClient(process: 12345)
///     client.evaluate("optimizer.lr = 1e-4")
public final class AttachClient: PromptTarget {
    /// Takes text to show, whole lines with their ends.
    public var output: (String) -> Void
    /// Takes errors to show, likewise; nil sends them to `output`.
    public var errorOutput: ((String) -> Void)?
    /// Asked now and then while the run has not answered: whether to give up what was asked for.
    public var isInterrupted: () -> Bool = { false }
    /// Asked now and then while one watches: whether that is enough.
    public var hasSeenEnough: () -> Bool = { false }
    /// Whether the run stands still because of a prompt like this one.
    public private(set) var isPaused = false
    /// Whether it stands still for another client, and will when this one has left.
    public private(set) var isHeldByOthers = false
    /// Whether the connection is gone, mostly because the process is.
    public private(set) var hasEnded = false
    /// What the place can show that `output` writes to.
    public var style = PromptStyle.plain
    private let process: Int32
    private let connection: AttachConnection
    private var reader = AttachReader()
    /// Completions that were asked for and not waited for: their answers are still to come.
    private var completionsLeft = 0

    /// Attaches to the run of a process.
    /// - Throws: `AttachError` where there is none, or it is another user's.
    public convenience init(process: Int32, output: @escaping (String) -> Void) throws(AttachError) {
        for known in AttachFolder.processes() where known.process == process {
            guard let connection = try AttachConnection.connect(to: known.path) else { continue }
            self.init(connection, to: process, output: output)
            return
        }
        throw AttachError("process \(process) has no run to attach to; perilune attach lists those that there are")
    }

    init(_ connection: AttachConnection, to process: Int32, output: @escaping (String) -> Void) {
        self.connection = connection
        self.process = process
        self.output = output
    }

    /// The runs of this user, by process. One that is busy with a long batch, or does not answer at all, is listed with
    /// what is known.
    public static func runs() -> [AttachStatus] {
        AttachFolder.processes().compactMap { known in
            guard let connection = try? AttachConnection.connect(to: known.path) else { return nil }
            let client = AttachClient(connection, to: known.process, output: { _ in })
            if let status = client.status(within: 1000) { return status }
            return client.hasEnded
                ? nil : AttachStatus(process: known.process, script: "?", since: 0, activity: .silent)
        }
    }

    /// What the run says of itself, at least what was known when it last looked up; nil where it is gone.
    func status(within milliseconds: Int32) -> AttachStatus? {
        send(AttachMessage(.status))
        let deadline = Self.now + Int(milliseconds)
        var known: AttachStatus?
        while let message = receive(until: deadline) {
            guard message.kind == .state, let status = AttachStatus(message.text) else { continue }
            known = status
            if status.activity != .busy { break }
        }
        return hasEnded ? nil : known
    }
}

extension AttachClient {
    @discardableResult
    public func evaluate(_ text: String) -> PromptOutcome {
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words.first {
        case ":quit", ":q": return .left
        case ":watch": return watch(words.dropFirst())
        case "?" where words.count == 1: output(Self.help)
        case _: break
        }
        send(AttachMessage(.style, style.attachedText))
        send(AttachMessage(.evaluate, text))
        var mayInterrupt = true
        return result {
            guard mayInterrupt, isInterrupted() else { return nil }
            mayInterrupt = false
            return AttachMessage(.interrupt)
        }
    }

    public func completions(of line: String) -> PromptCompletions {
        send(AttachMessage(.complete, line))
        completionsLeft += 1
        // A run that is busy must not take the keys away.
        let deadline = Self.now + Self.patience
        while let message = receive(until: deadline) {
            guard message.kind == .candidates else { continue }
            completionsLeft -= 1
            guard completionsLeft == 0 else { continue }
            let lines = message.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return PromptCompletions(word: lines.first ?? "", candidates: Array(lines.dropFirst()))
        }
        return PromptCompletions()
    }

    /// Milliseconds that a completion may take.
    private static let patience = 1500

    private static let help = """
        attached to a run of another process, which goes on meanwhile:
          pause                stand still until continue, step [n], next, stop or abort
          :watch [n]           show each epoch, or each n-th batch, until Enter
          :quit                leave the run alone again

        """

    /// `:watch [n]`
    private func watch(_ words: ArraySlice<Substring>) -> PromptOutcome {
        guard let batches = words.isEmpty ? 0 : Int(words[words.startIndex]), words.count <= 1, batches >= 0 else {
            show(fault: ":watch takes a number of batches, got '\(words.joined(separator: " "))'\n")
            return .failed
        }
        guard !isPaused else {
            show(fault: "the run stands still; continue lets it go on\n")
            return .failed
        }
        send(AttachMessage(.watch, String(batches)))
        var goesOn = true
        return result {
            guard goesOn, case let isBroken = isInterrupted(), isBroken || hasSeenEnough() else { return nil }
            goesOn = false
            // Behind the ^C that the terminal shows.
            if isBroken { output("\n") }
            return AttachMessage(.unwatch)
        }
    }

    /// Shows what comes until the end of what was asked for. `interjection` may have something to say meanwhile.
    private func result(_ interjection: () -> AttachMessage?) -> PromptOutcome {
        while !hasEnded {
            if let message = interjection() { send(message) }
            guard let message = receive(until: Self.now + 50) else { continue }
            switch message.kind {
            case .output, .notice: output(message.text)
            case .fault: show(fault: message.text)
            case .result:
                guard let result = AttachResult(message.text) else { return .failed }
                isPaused = result.pause != .none
                isHeldByOthers = result.pause == .others
                return result.outcome
            case .candidates: completionsLeft -= 1
            case .part, .evaluate, .complete, .status, .watch, .unwatch, .interrupt, .style, .state: break
            }
        }
        show(
            fault: isProcessGone
                ? "the run is over: its process has ended\n"
                : "the run has ended the connection: what it had to show was not read for too long\n")
        return .left
    }

    private func show(fault text: String) { (errorOutput ?? output)(text) }

    /// Whether the process has ended. One that is about to gets a moment for it.
    private var isProcessGone: Bool {
        for _ in 0..<20 {
            if kill(process, 0) != 0 { return true }
            usleep(20_000)
        }
        return false
    }

    private func send(_ message: AttachMessage) {
        if !connection.send(message) { hasEnded = true }
    }

    /// The next message; nil where none comes in time, or nothing comes any more.
    private func receive(until deadline: Int) -> AttachMessage? {
        while !hasEnded {
            // A signal ends the wait too.
            let left = Int32(clamping: max(0, deadline - Self.now))
            guard connection.waits(for: POLLIN, milliseconds: left) else { return nil }
            guard let packet = connection.receive() else {
                hasEnded = true
                return nil
            }
            if let message = reader.take(packet) { return message }
        }
        return nil
    }

    /// Milliseconds since some moment.
    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
