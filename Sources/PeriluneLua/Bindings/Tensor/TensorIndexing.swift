internal import PeriluneGraph
internal import PeriluneLuaRuntime

/// `t[2]`, `t[{ {1, 10}, 2 }]`: a number for each axis, which drops it, or a range from 1, both ends included.
enum TensorIndexing {
    private struct Selection {
        var range: Range<Int>
        var isDropped: Bool
    }

    /// What indexing gives: a number where it picks one element, otherwise a tensor; nil where `key` is no index.
    static func get(_ tensor: LuaTensor, _ key: LuaValue) throws -> LuaValue? {
        guard isIndex(key) else { return nil }
        let value = try tensor.value
        let selections = try parse(key, value.shape)
        let positions = flatPositions(selections, value.shape)
        let shape = Shape(selections.filter { !$0.isDropped }.map(\.range.count))
        if shape.rank == 0 { return value.luaElement(positions[0]) }
        switch value.elements {
        case .float32(let values): return .object(LuaTensor(Tensor(positions.map { values[$0] }, shape: shape)))
        case .int32(let values): return .object(LuaTensor(Tensor(positions.map { values[$0] }, shape: shape)))
        }
    }

    /// Writes a number, or a tensor of the selection's shape.
    static func set(_ tensor: LuaTensor, _ key: LuaValue, _ newValue: LuaValue) throws -> Bool {
        guard isIndex(key) else { return false }
        let value = try tensor.value
        let selections = try parse(key, value.shape)
        let positions = flatPositions(selections, value.shape)
        let shape = Shape(selections.filter { !$0.isDropped }.map(\.range.count))
        let source = try TensorFromLua.tensor(newValue, as: value.dtype)
        guard source.shape.rank == 0 || source.shape == shape else {
            throw TensorFault("cannot assign a tensor of shape \(source.shape) to a part of shape \(shape)")
        }
        func replace<Element>(_ elements: [Element], by new: [Element]) -> [Element] {
            var elements = elements
            for (index, position) in positions.enumerated() {
                elements[position] = new.count == 1 ? new[0] : new[index]
            }
            return elements
        }
        switch value.elements {
        case .float32(let elements):
            try tensor.assign(Tensor(replace(elements, by: source.floats), shape: value.shape))
        case .int32(let elements):
            try tensor.assign(Tensor(replace(elements, by: source.integers), shape: value.shape))
        }
        return true
    }

    private static func isIndex(_ key: LuaValue) -> Bool { key.number != nil || key.table != nil }

    private static func parse(_ key: LuaValue, _ shape: Shape) throws -> [Selection] {
        let parts = try key.table?.array ?? [key]
        guard parts.count <= shape.rank else {
            throw TensorFault("\(parts.count) indices given to a tensor of shape \(shape)")
        }
        return try shape.dimensions.indices.map { axis in
            guard axis < parts.count else { return Selection(range: 0..<shape[axis], isDropped: false) }
            return try selection(parts[axis], shape, axis)
        }
    }

    private static func selection(_ part: LuaValue, _ shape: Shape, _ axis: Int) throws -> Selection {
        let extent = shape[axis]
        func position(_ value: LuaValue) throws -> Int {
            guard let given = value.integer else {
                throw TensorFault("index \(value.briefText) of axis \(axis + 1): a whole number or a range expected")
            }
            let front = given < 0 ? given &+ extent : given &- 1
            guard (0..<extent).contains(front) else {
                throw TensorFault("index \(given) is out of range of axis \(axis + 1), which has 1 to \(extent)")
            }
            return front
        }
        guard let bounds = try part.table?.array else {
            let start = try position(part)
            return Selection(range: start..<start + 1, isDropped: true)
        }
        switch bounds.count {
        case 0: return Selection(range: 0..<extent, isDropped: false)
        case 1:
            let start = try position(bounds[0])
            return Selection(range: start..<start + 1, isDropped: false)
        case 2:
            let (first, last) = (try position(bounds[0]), try position(bounds[1]))
            guard first <= last else {
                throw TensorFault("range \(bounds[0].briefText) to \(bounds[1].briefText) of axis \(axis + 1) is empty")
            }
            return Selection(range: first..<last + 1, isDropped: false)
        default: throw TensorFault("a range has two ends, got \(bounds.count) numbers for axis \(axis + 1)")
        }
    }

    /// The selected elements as positions in the row-major elements.
    private static func flatPositions(_ selections: [Selection], _ shape: Shape) -> [Int] {
        zip(selections, shape.rowMajorStrides).reduce([0]) { starts, axis in
            starts.flatMap { start in axis.0.range.map { start + $0 * axis.1 } }
        }
    }
}
