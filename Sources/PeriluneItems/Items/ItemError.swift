/// Why an item cannot be made of a name and options.
public enum ItemError: Error, Hashable, Sendable {
    /// No item of this kind has the name.
    case unknownName(kind: String, name: String, hint: String)
    /// The item has no such option.
    case unknownOption(String, item: String, hint: String)
    /// An option that has no default is not given.
    case missingOption(String, item: String, expected: String)
    /// An option has a value that it cannot have.
    case invalidOption(String, item: String, reason: String)
    /// The item's declaration makes it of an option that it does not list.
    case undeclaredOption(item: String)
}

extension ItemError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownName(let kind, let name, let hint): "unknown \(kind) '\(name)'\(hint)"
        case .unknownOption(let option, let item, let hint): "unknown option '\(option)' of \(item)\(hint)"
        case .missingOption(let option, let item, let expected): "\(item) needs '\(option)' (\(expected) expected)"
        case .invalidOption(let option, let item, let reason): "bad option '\(option)' of \(item) (\(reason))"
        case .undeclaredOption(let item): "'\(item)' reads an option that it does not declare"
        }
    }
}

/// Why a value cannot be what an option takes, in words: `axes are counted from 1`.
package struct OptionFault: Error {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
