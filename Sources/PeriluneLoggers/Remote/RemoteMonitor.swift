public import PeriluneItems
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
    public static let declaration = CallbackDeclaration(
        "remote_monitor", Settings(), of: { ($0 as? RemoteMonitor)?.settings },
        options: [
            .optional("root", \.root, .string, "the server, http or https"),
            .optional("path", \.options.path, .string, "what comes after it"),
            .optional("field", \.options.field, .string, "the field of the form that holds the logs"),
            .optional("headers", \.options.headers, .map(.string), "headers to send along"),
            .optional(
                "verify", \.options.verify, .verify,
                "whether an https server must prove who it is, or a file of the certificates to trust"),
            .optional("send_as_json", \.options.sendsJSON, .boolean, "whether the body is JSON, and not a form"),
            .optional(
                "timeout", \.options.timeout, .number(.above(0)),
                "seconds for each attempt, and for the rest at the end"),
            .optional("retries", \.options.retries, .count(atLeast: 0), "attempts after the first"),
            .optional("capacity", \.options.capacity, .count(atLeast: 1), "how many messages may wait"),
            .critical(\.options.isCritical),
        ],
        help: """
            Posts the logs of each epoch to a server, from a thread of its own: no step waits for the network.
            Fields afterwards: sent, dropped, failure.
            lune.remote_monitor { root = "http://127.0.0.1:9000", send_as_json = true }
            """
    ) { given in
        guard given.mayUseNetwork else {
            throw given.fault("root", "a script whose files are limited to granted folders may not use the network")
        }
        var settings = try given.filled()
        if case .authorities(let path) = settings.options.verify {
            settings.options.verify = .authorities(path: try given.opened(path, for: .read, "verify"))
        }
        return try RemoteMonitor(root: settings.root, options: settings.options)
    }

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

    /// Where Keras sends to.
    public static let defaultRoot = "http://127.0.0.1:9000"

    public let root: String
    public let options: Options
    private let post: HTTPPost
    private let rule: LoggerGuard
    private var sender: MessageSender

    /// - Throws: `TrainingError` for options out of range.
    public init(root: String = defaultRoot, options: Options = Options()) throws(TrainingError) {
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

extension RemoteMonitor {
    /// What one is made of. No monitor is made to know the defaults: that would load libcurl.
    private struct Settings {
        var root = defaultRoot
        var options = Options()
    }

    private var settings: Settings { Settings(root: root, options: options) }
}

extension OptionForm where Value == CertificateCheck {
    /// Whether to check, or a file.
    fileprivate static var verify: Self {
        Self(.either(.boolean, .string)) { check in
            switch check {
            case .system: .boolean(true)
            case .none: .boolean(false)
            case .authorities(let path): .text(path)
            }
        } read: { input in
            switch input {
            case .value(.boolean(let checks)): checks ? .system : CertificateCheck.none
            case .value(.text(let path)): .authorities(path: path)
            case .value, .made, .list: nil
            }
        }
    }
}
