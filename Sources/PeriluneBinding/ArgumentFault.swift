internal import PeriluneItems
internal import PeriluneLuaRuntime

/// What is wrong with the arguments of a call. Its description is what the script's author reads, in the style of Lua's
/// own messages; the bridge puts `script.lua:12: ` in front.
package enum ArgumentFault: Error, Sendable {
    /// A positional argument is of another type or out of range.
    case argument(Int, function: String, expected: String, got: String, hint: String = "")
    /// An option is.
    case option(String, function: String, expected: String, got: String, hint: String = "")
    /// There is no such option.
    case unknownOption(String, function: String, hint: String)
    /// One value came twice, by position and by name or under two names.
    case givenTwice(String, function: String, first: String, second: String)
    /// More arguments than there are parameters.
    case tooMany(function: String, most: Int, got: Int)
    /// A method was called on something else, most likely with a dot in place of a colon.
    case receiver(function: String, expected: String, got: String)
    /// A positional argument has the right type and cannot be used for another reason.
    case unusableArgument(Int, function: String, reason: String)
    /// An option has the right type and cannot be used for another reason.
    case unusableOption(String, function: String, reason: String)
    /// A property was set to something of another type.
    case property(String, owner: String, expected: String, got: String, hint: String = "")
    /// A property cannot be set.
    case readOnly(String, owner: String)
    /// There is no field of this name.
    case unknownField(String, owner: String, hint: String)
    /// The binding asks for a parameter that it does not declare.
    case undeclared(String, function: String)
}

extension ArgumentFault: CustomStringConvertible {
    /// Names that a script made up are cut short where they are longer.
    private static let longestName = 80

    package var description: String {
        switch self {
        case .argument(let position, let function, let expected, let got, let hint):
            "bad argument #\(position) to '\(function)' (\(expected) expected, got \(got))\(hint)"
        case .option(let name, let function, let expected, let got, let hint):
            "bad field '\(name.brief(Self.longestName))' in \(function) (\(expected) expected, got \(got))\(hint)"
        case .unknownOption(let name, let function, let hint):
            "unknown option '\(name.brief(Self.longestName))' in \(function)\(hint)"
        case .givenTwice(let name, let function, let first, let second):
            "'\(name)' is given twice in \(function) (\(first) and \(second))"
        case .tooMany(let function, let most, let got):
            "too many arguments to '\(function)' (at most \(most) expected, got \(got))"
        case .receiver(let function, let expected, let got):
            "calling '\(function)' on bad self (\(expected) expected, got \(got)); "
                + "write object:\(function)(…) with a colon"
        case .unusableArgument(let position, let function, let reason):
            "bad argument #\(position) to '\(function)' (\(reason))"
        case .unusableOption(let name, let function, let reason):
            "bad field '\(name)' in \(function) (\(reason))"
        case .property(let name, let owner, let expected, let got, let hint):
            "bad value for '\(owner).\(name)' (\(expected) expected, got \(got))\(hint)"
        case .readOnly(let name, let owner):
            "'\(owner).\(name)' cannot be set"
        case .unknownField(let name, let owner, let hint):
            "unknown field '\(name.brief(Self.longestName))' of \(owner)\(hint)"
        case .undeclared(let name, let function):
            "'\(function)' reads its parameter '\(name)', which it does not declare"
        }
    }
}
