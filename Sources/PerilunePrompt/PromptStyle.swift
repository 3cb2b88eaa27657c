internal import PeriluneItems

/// What the place can show that a prompt writes to.
public struct PromptStyle: Hashable, Sendable {
    /// Whether escape sequences that colour are understood.
    public var hasColors: Bool
    /// Whether characters beyond ASCII are shown.
    public var isUnicode: Bool
    /// Whether results that are worth coming back to show their number: `Out[3]`.
    public var showsNumbers: Bool
    /// Columns and lines.
    public var width: Int
    public var height: Int

    public init(
        hasColors: Bool = false, isUnicode: Bool = true, showsNumbers: Bool = false, width: Int = 80, height: Int = 24
    ) {
        self.hasColors = hasColors
        self.isUnicode = isUnicode
        self.showsNumbers = showsNumbers
        self.width = width
        self.height = height
    }

    /// No colours, 80 columns: what a pipe gets.
    public static let plain = PromptStyle()
}

extension PromptStyle {
    /// What a piece of text is; each kind has its colour.
    enum Role {
        case number, string, word, key, object, note, error

        /// The parameters of the escape sequence that selects the colour.
        fileprivate var code: String {
            switch self {
            case .number: "36"
            case .string: "32"
            case .word: "35"
            case .key: "34"
            case .object: "33"
            case .note: "2"
            case .error: "31"
            }
        }
    }

    func colored(_ text: String, _ role: Role) -> String {
        hasColors && !text.isEmpty ? "\u{1B}[\(role.code)m\(text)\u{1B}[0m" : text
    }

    /// Stands for what is left out.
    var ellipsis: String { isUnicode ? "…" : "..." }
}
