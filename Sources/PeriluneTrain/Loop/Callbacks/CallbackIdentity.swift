/// What a user would call the same callback in another run: how a checkpoint finds the owner of a state that it keeps.
///
/// The place in the list is no part of it, so callbacks may come, go and change places between a run and its
/// resumption.
public struct CallbackIdentity: Hashable, Sendable {
    /// What a callback is about.
    public enum Subject: Hashable, Sendable {
        case none
        /// A file or a folder, by its absolute path. It is known by the end of that too, for it may have been moved.
        case file(String)
        /// A quantity of the logs. A callback of a resumed run that watches another one still gets the state, and has
        /// to see for itself what of it no longer counts.
        case quantity(String)
        /// Something that has to be the very same.
        case exactly(String)
    }

    /// `early_stopping`, `csv_logger`, …
    public var kind: String
    /// The name that the user gave; nil where there is none.
    public var name: String?
    public var subject: Subject
    /// What else tells it from others of its kind: options, in any form that is the same each time.
    public var details: String

    public init(kind: String, name: String? = nil, _ subject: Subject = .none, details: String = "") {
        self.kind = kind
        self.name = name
        self.subject = subject
        self.details = details
    }

    /// One that is about a file or a folder.
    package static func file(kind: String, _ path: String, details: String = "") -> CallbackIdentity {
        CallbackIdentity(kind: kind, .file(Folder.absolute(path)), details: details)
    }
}

// How much two of them have in common.
extension CallbackIdentity {
    /// How like this is to one that a checkpoint kept: the more the better, nil where the two cannot be the same.
    func likeness(to saved: CallbackIdentity) -> Int? {
        guard kind == saved.kind else { return nil }
        if let name, let other = saved.name { return name == other ? Self.named : nil }
        guard let common = subject.likeness(to: saved.subject) else { return nil }
        return 4 * common + (details == saved.details ? 2 : 0) + (name == saved.name ? 1 : 0)
    }

    private static let named = 1_000_000
}

extension CallbackIdentity.Subject {
    private static let same = 10_000

    fileprivate func likeness(to saved: Self) -> Int? {
        guard self != saved else { return Self.same }
        switch (self, saved) {
        case (.file(let mine), .file(let theirs)):
            return zip(mine.split(separator: "/").reversed(), theirs.split(separator: "/").reversed())
                .prefix { $0 == $1 }.count
        case (.quantity, .quantity): return 0
        case (.none, _), (.file, _), (.quantity, _), (.exactly, _): return nil
        }
    }

    fileprivate var text: String? {
        switch self {
        case .none: nil
        case .file(let text), .quantity(let text), .exactly(let text): text
        }
    }
}

extension CallbackIdentity: CustomStringConvertible {
    /// All of it, for those that hold others.
    var text: String { details.isEmpty ? description : "\(description) [\(details)]" }

    public var description: String {
        if let name { return "'\(name)' (\(kind))" }
        return kind + (subject.text.map { " of \($0)" } ?? "")
    }
}

// What a checkpoint keeps of it.
extension CallbackIdentity {
    var stateValue: StateValue {
        let (form, text): (StateValue, StateValue) =
            switch subject {
            case .none: ("none", .null)
            case .file(let path): ("file", .text(path))
            case .quantity(let name): ("quantity", .text(name))
            case .exactly(let text): ("exactly", .text(text))
            }
        return [
            "kind": .text(kind), "name": name.map { .text($0) } ?? .null, "subject": .list([form, text]),
            "details": .text(details),
        ]
    }

    init?(_ state: StateValue?) {
        guard let state, let kind = state["kind"]?.text, let subject = state["subject"]?.list, subject.count == 2 else {
            return nil
        }
        self.init(kind: kind, name: state["name"]?.text, details: state["details"]?.text ?? "")
        switch (subject[0].text, subject[1].text) {
        case ("file", let text?): self.subject = .file(text)
        case ("quantity", let text?): self.subject = .quantity(text)
        case ("exactly", let text?): self.subject = .exactly(text)
        case _: self.subject = .none
        }
    }
}
