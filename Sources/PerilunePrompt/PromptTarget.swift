/// What a prompt talks to: a Lua state of this process, or a run of another one.
public protocol PromptTarget: AnyObject {
    /// Carries out what was typed, one or more lines. What there is to show has gone to the target's output by then.
    func evaluate(_ text: String) -> PromptOutcome

    /// What may be written at the end of `line`, the part of the line before the cursor.
    func completions(of line: String) -> PromptCompletions
}

/// How typed text ended.
public enum PromptOutcome: Hashable, Sendable {
    /// It was carried out.
    case done
    /// It failed, and the error has been shown.
    case failed
    /// It is the beginning of a statement: more lines have to follow.
    case incomplete
    /// It asked to leave the prompt (`:quit`, `continue`, `stop`, …).
    case left
}

/// What may be written at the cursor.
public struct PromptCompletions: Hashable, Sendable {
    /// The word before the cursor that a candidate replaces.
    public var word: String
    /// Whole words, sorted.
    public var candidates: [String]

    public init(word: String = "", candidates: [String] = []) {
        self.word = word
        self.candidates = candidates
    }
}
