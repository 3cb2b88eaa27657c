import PeriluneGraph

/// What a model can make of the values of one input or target: checked before the first batch for data in memory, batch
/// by batch for a generator.
public enum FieldRule: Hashable, Sendable {
    /// Any finite number.
    case any
    /// Class numbers in `0..<count`; they become int32.
    case classes(Int)
    /// Numbers in a range, for the loss of this name: others would make it mean nothing.
    case within(ClosedRange<Float>, loss: String)
    /// Row numbers of embeddings.
    case indices([IndexRule])
}

/// Elements of an example that choose a row of a table, such as the tokens of an embedding.
public struct IndexRule: Hashable, Sendable {
    /// What errors call the table: the layer's name.
    public let table: String
    /// How many rows the table has: indices are whole numbers in `0..<rows`.
    public let rows: Int
    /// The flat indices of the elements within an example, ascending; nil for all of them.
    public let elements: [Int]?

    public init(table: String, rows: Int, elements: [Int]? = nil) {
        self.table = table
        self.rows = rows
        self.elements = elements
    }
}

/// The rules for the fields of a data set, in the order of its layout; a field without a rule may hold anything.
public struct FieldRules: Hashable, Sendable {
    public var inputs: [FieldRule]
    public var targets: [FieldRule]

    public init(inputs: [FieldRule] = [], targets: [FieldRule] = []) {
        self.inputs = inputs
        self.targets = targets
    }

    /// The rule for slot `slot` of a batch of `layout`.
    func rule(slot: Int, of layout: DataLayout) -> FieldRule {
        let target = slot - layout.inputs.count
        if inputs.indices.contains(slot), target < 0 { return inputs[slot] }
        return targets.indices.contains(target) ? targets[target] : .any
    }
}

extension FieldRule {
    var isClasses: Bool {
        if case .classes = self { true } else { false }
    }

    /// The first element in `range` of `tensor` that breaks the rule, and what to say of it.
    ///
    /// - Parameters:
    ///   - range: whole examples.
    ///   - width: elements an example.
    func firstFault(in tensor: Tensor, _ range: Range<Int>, width: Int) -> (element: Int, message: String)? {
        switch self {
        case .any: return nil
        case .classes(let count): return tensor.firstBadLabel(in: range, classes: count)
        case .within(let allowed, let loss):
            guard let element = tensor.firstElement(in: range, outside: allowed) else { return nil }
            let value = tensor.text(of: element)
            return (element, "label \(value) is out of range; \(loss) takes \(allowed.text)")
        case .indices(let rules):
            return rules.lazy.compactMap { $0.firstFault(in: tensor, range, width: width) }.min { $0.0 < $1.0 }
        }
    }
}

extension IndexRule {
    fileprivate func firstFault(
        in tensor: Tensor, _ range: Range<Int>, width: Int
    ) -> (element: Int, message: String)? {
        var element = tensor.firstNonIndex(in: range, limit: rows)
        if let elements, element != nil {
            element = stride(from: range.lowerBound, to: range.upperBound, by: max(1, width)).lazy
                .flatMap { start in elements.lazy.map { start + $0 } }
                .first { tensor.firstNonIndex(in: $0..<$0 + 1, limit: rows) != nil }
        }
        guard let element else { return nil }
        let value = tensor.text(of: element)
        guard tensor.isWhole(element) else { return (element, "index \(value) is not a whole number") }
        return (
            element, "index \(value) is out of range; '\(table)' has \(rows) rows, 0...\(rows - 1) (they count from 0)"
        )
    }
}

extension ClosedRange<Float> {
    /// `numbers from 0 to 1`, `numbers of at least 0`.
    fileprivate var text: String {
        func short(_ value: Float) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
        return upperBound < .greatestFiniteMagnitude
            ? "numbers from \(short(lowerBound)) to \(short(upperBound))" : "numbers of at least \(short(lowerBound))"
    }
}

extension Tensor {
    /// The element as a message shows it: a whole number without a point.
    func text(of element: Int) -> String {
        switch elements {
        case .int32(let values): return String(values[element])
        case .float32(let values): return Int(exactly: values[element]).map(String.init) ?? "\(values[element])"
        }
    }

    fileprivate func isWhole(_ element: Int) -> Bool {
        switch elements {
        case .int32: return true
        case .float32(let values): return values[element].rounded(.towardZero) == values[element]
        }
    }

    /// The first element in `range` that is no whole number in `0..<limit`.
    func firstNonIndex(in range: Range<Int>, limit: Int) -> Int? {
        switch elements {
        case .int32(let values):
            let top = UInt32(clamping: limit)
            // Passes that only count vectorise; the search runs where there is something to find. Below 0 is above all
            // as an unsigned number.
            return values.first(in: range, where: { UInt32(bitPattern: $0) >= top })
        case .float32(let values):
            let top = Float(limit)
            return values.first(in: range, where: { !($0 >= 0 && $0 < top) || $0.rounded(.towardZero) != $0 })
        }
    }

    fileprivate func firstElement(in range: Range<Int>, outside allowed: ClosedRange<Float>) -> Int? {
        let (low, high) = (allowed.lowerBound, allowed.upperBound)
        switch elements {
        case .int32(let values):
            return values.first(in: range, where: { !(Float($0) >= low && Float($0) <= high) })
        case .float32(let values): return values.first(in: range, where: { !($0 >= low && $0 <= high) })
        }
    }
}

extension Array {
    /// The index of the first element in `range` that `isWanted`, looked for in blocks: most have none.
    @inline(__always)
    fileprivate func first(in range: Range<Int>, where isWanted: (Element) -> Bool) -> Int? {
        withUnsafeBufferPointer { values in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = Swift.min(start + 1024, range.upperBound)
                var found: UInt32 = 0
                for index in start..<end { found |= isWanted(values[index]) ? 1 : 0 }
                if found != 0 { return (start..<end).first { isWanted(values[$0]) } }
                start = end
            }
            return nil
        }
    }
}
