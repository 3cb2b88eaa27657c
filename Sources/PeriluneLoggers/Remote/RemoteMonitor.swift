public import PeriluneTrain

/// Posts the logs of each epoch to a server, as Keras's `RemoteMonitor`
/// (https://keras.io/api/callbacks/remote_monitor/): a form with one field that holds JSON, or JSON itself. Keras
/// follows redirects, most of them with a GET that leaves the logs behind; here one is a failure, which names where it
/// leads.
///
/// A thread of its own sends, so that no step waits for the network. A message that does not arrive is tried again;
/// when all attempts have failed, the monitor warns, sends nothing more and lets the run go on. At most `capacity`
/// messages wait, the oldest is dropped for a new one. At its end a run waits for the messages at most `timeout`. A
/// resumed run posts the epochs again that were trained after its checkpoint.
///
/// Cost: one line of JSON formatted an epoch.
public final class RemoteMonitor: Callback {
    /// What there is to choose.
    public struct Options {
        public var path = "/publish/epoch/end/"
        /// The field of the form that holds the logs.
        public var field = "data"
        public var headers: [String: String] = [:]
        /// Whom an https server has to be certified by.
        public var verify = CertificateCheck.system
        /// Whether the body is the JSON itself, and not a form.
        public var sendsJSON = false
        /// Seconds for each attempt, and for what is left at the end of a run; above 0.
        public var timeout = 5.0
        /// Attempts after the first, 0 or more.
        public var retries = 3
        /// How many messages may wait, 1 or more.
        public var capacity = 64
        /// Whether a server that cannot be reached ends the run.
        public var isCritical = false

        public init() {}
    }

    public let root: String
    public let options: Options
    private let post: HTTPPost
    private let rule: LoggerGuard
    private var sender: MessageSender

    /// - Throws: `TrainingError` for options out of range.
    public init(root: String = "http://127.0.0.1:9000", options: Options = Options()) throws(TrainingError) {
        let check = OptionCheck("remote_monitor")
        try check.require(
            options.timeout.isFinite && options.timeout > 0, "timeout", "a number above 0", options.timeout)
        try check.nonNegative("retries", options.retries)
        try check.positive("capacity", options.capacity)
        var headers = options.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headers.append(
                ("Content-Type", options.sendsJSON ? "application/json" : "application/x-www-form-urlencoded"))
        }
        do {
            post = try HTTPPost(root + options.path, headers: headers, check: options.verify)
        } catch {
            throw TrainingError(.invalidOption, "remote_monitor: \(error)")
        }
        self.root = root
        self.options = options
        rule = LoggerGuard("remote_monitor", isCritical: options.isCritical)
        sender = Self.makeSender(post, options)
    }

    private static func makeSender(_ post: HTTPPost, _ options: Options) -> MessageSender {
        MessageSender(post, timeout: options.timeout, retries: options.retries, capacity: options.capacity)
    }
}

extension RemoteMonitor {
    public var name: String { "remote_monitor" }
    public var roles: [CallbackRole] { [.recordsRun] }

    public var events: EventSet { [.epochEnd, .trainEnd] }

    public func prepare(for run: Run) {
        rule.reset()
        sender = Self.makeSender(post, options)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        try noteFailure(run)
        guard rule.isWorking, !run.isFailing, run.batchesTrained > 0 else { return nil }
        let json = JSONLine.text(["epoch": .integer(epoch)], logs)
        sender.send(options.sendsJSON ? json : "\(Self.escaped(options.field))=\(Self.escaped(json))")
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        let left = rule.isWorking ? sender.finish(within: options.timeout) : 0
        try noteFailure(run)
        let dropped = sender.counts.dropped
        if rule.isWorking, left > 0 {
            run.say("remote_monitor: \(left) message\(left == 1 ? "" : "s") not sent by the end of the run")
        } else if rule.isWorking, dropped > 0 {
            run.say("remote_monitor: \(dropped) message\(dropped == 1 ? "" : "s") dropped: the server is too slow")
        }
        return nil
    }

    private func noteFailure(_ run: Run) throws {
        guard let failure = sender.failure else { return }
        try rule.fail(TrainingError(.callbackFailed, "remote_monitor: \(failure)"), run)
    }

    /// As in a form: letters, digits and `-._~` as they are, other bytes by their number.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case _: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var report: [String: StateValue] {
        let counts = sender.counts
        return [
            "sent": .integer(counts.sent), "dropped": .integer(counts.dropped), "failure": rule.report,
        ]
    }
}
