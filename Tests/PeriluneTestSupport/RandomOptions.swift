package import PeriluneItems

/// Random values that options take, made from their declared types.
package struct RandomOptions {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Values for some of the parameters, and for all that have to be given.
    package mutating func options(for parameters: [Parameter]) -> [String: OptionValue] {
        var options: [String: OptionValue] = [:]
        for parameter in parameters where parameter.isRequired || next(2) == 0 {
            options[parameter.name] = value(of: parameter.type)
        }
        return options
    }

    /// A value of a type; nil for types whose values a program has to make.
    private mutating func value(of type: ParameterType) -> OptionValue? {
        switch type {
        case .boolean: return .boolean(next(2) == 0)
        case .whole(let range):
            let low = max(range.lowerBound, -3)
            return .integer(low + Int(next(UInt64(min(range.upperBound, low + 6) - low + 1))))
        case .real(let range):
            // Quarters are whole numbers of bits, and below 1 of the ranges that end there.
            let low = range.lowest ?? -1
            let high = min(range.highest ?? low + 2, low + 2)
            return .number(low + (high - low) * (1 + Double(next(3))) / 4)
        case .string: return .text("text\(next(100))")
        case .enumeration(let names), .catalogue(_, let names): return .text(names[Int(next(UInt64(names.count)))])
        case .list(let element, let count):
            let wanted = max(count.lowerBound, min(count.upperBound, 1 + Int(next(2))))
            let values = (0..<wanted).map { _ in value(of: element) }
            return values.contains { $0 == nil } ? nil : .list(values.compactMap(\.self))
        case .tuple(let types):
            let values = types.map { value(of: $0) }
            return values.contains { $0 == nil } ? nil : .list(values.compactMap(\.self))
        case .union(let types): return value(of: types[Int(next(UInt64(types.count)))])
        case .named(_, let type): return value(of: type)
        case .map(let element): return value(of: element).map { .record(["a": $0]) }
        case .record(let fields): return .record(options(for: fields))
        case .any, .function, .table, .shaped, .host: return nil
        }
    }

    /// A number below `bound` (Steele et al. 2014, SplitMix64).
    private mutating func next(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return (z ^ (z >> 31)) % bound
    }
}
