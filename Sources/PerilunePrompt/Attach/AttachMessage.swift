internal import PeriluneLuaRuntime

/// What a run and a client attached to it tell each other: a kind and a text.
struct AttachMessage: Sendable {
    /// The kinds, each by the byte that stands for it.
    enum Kind: Character, Sendable {
        /// A piece of a longer message, whose last piece has the kind.
        case part = "+"

        // To the run.
        /// Code or a command of the prompt.
        case evaluate = "e"
        /// A line whose end is to be completed.
        case complete = "c"
        /// What the run does.
        case status = "s"
        /// Tell of each epoch, or with a number of each n-th batch.
        case watch = "w"
        /// Tell no more.
        case unwatch = "u"
        /// Break off what is being carried out, or give up what has not begun yet.
        case interrupt = "x"
        /// What the place can show that the answers go to: `PromptStyle` as text.
        case style = "p"

        // From the run.
        /// Text to show.
        case output = "o"
        /// Text that tells why what was asked for does not work.
        case fault = "f"
        /// The end of what was asked for: an outcome, and whether the run stands still.
        case result = "r"
        /// The word, then the candidates, one a line.
        case candidates = "k"
        /// `AttachStatus` as text.
        case state = "t"
        /// A line about the run that was not asked for just now.
        case notice = "n"

        init?(rawByte: UInt8) { self.init(rawValue: Character(Unicode.Scalar(rawByte))) }

        var rawByte: UInt8 { rawValue.asciiValue ?? 0 }
    }

    let kind: Kind
    let text: String

    init(_ kind: Kind, _ text: String = "") {
        self.kind = kind
        self.text = text
    }

    static let part = Kind.part
    /// The most bytes of one packet.
    static let longest = 32 << 10
    /// The most bytes that a run takes from a client in one message.
    static let longestQuestion = 1 << 20
}

/// Puts the pieces of messages together.
struct AttachReader: Sendable {
    private var pending: [UInt8] = []

    /// Takes a packet.
    /// - Returns: the message that it completes; nil where there is more to come.
    mutating func take(_ packet: (kind: AttachMessage.Kind, bytes: ArraySlice<UInt8>)) -> AttachMessage? {
        pending += packet.bytes
        guard packet.kind != .part else { return nil }
        defer { pending = [] }
        return AttachMessage(packet.kind, String(decoding: pending, as: UTF8.self))
    }

    /// Whether what has come so far is more than a client may send.
    var isTooLong: Bool { pending.count > AttachMessage.longestQuestion }
}

/// How what was asked for ended.
struct AttachResult: Hashable, Sendable {
    var outcome: PromptOutcome
    /// Why the run stands still, where it does.
    var pause: Pause

    /// Whether, and for which client, the run stands still.
    enum Pause: String, CaseIterable {
        case none = "runs"
        /// For the one who asked.
        case own = "paused"
        /// For another one.
        case others = "held"
    }

    init(_ outcome: PromptOutcome, _ pause: Pause) {
        self.outcome = outcome
        self.pause = pause
    }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, let outcome = Self.outcomes.first(where: { $0.name == words[0] })?.outcome else {
            return nil
        }
        self.init(outcome, Pause(rawValue: String(words[1])) ?? .none)
    }

    var message: AttachMessage {
        let name = Self.outcomes.first { $0.outcome == outcome }?.name ?? "failed"
        return AttachMessage(.result, "\(name) \(pause.rawValue)")
    }

    private static let outcomes: [(name: String, outcome: PromptOutcome)] = [
        ("done", .done), ("failed", .failed), ("incomplete", .incomplete), ("left", .left),
    ]
}
