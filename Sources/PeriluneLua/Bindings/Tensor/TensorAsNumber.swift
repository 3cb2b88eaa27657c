internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneLuaRuntime

/// A tensor of one element as the number that it holds, and any tensor as a list of its rows.
enum TensorAsNumber {
    static let operators: [LuaMetamethod: ClassBinding.Operator] = [
        .lessThan: { call in
            [.boolean(try number(call, 1, "<") < number(call, 2, "<"))]
        },
        .lessOrEqual: { call in
            [.boolean(try number(call, 1, "<=") <= number(call, 2, "<="))]
        },
        // Lua asks this of two tensors only: one and a number are never equal to it.
        .equal: { call in
            guard let left = try call.object(1, as: LuaTensor.self)?.value,
                let right = try call.object(2, as: LuaTensor.self)?.value
            else { return [false] }
            let isEqual =
                left.shape == right.shape
                && (0..<left.elementCount).allSatisfy {
                    left.number(at: $0) == right.number(at: $0)
                }
            return [.boolean(isEqual)]
        },
        .concatenate: { call in [.string(try text(call, 1) + text(call, 2))] },
        .number: { call in
            guard let tensor = call.object(1, as: LuaTensor.self) else { return [.nil] }
            return [try item(tensor.value)]
        },
        .toString: { call in
            guard let tensor = call.object(1, as: LuaTensor.self) else { return ["tensor"] }
            return [.string(try text(tensor.value))]
        },
        .pairs: { [.function(rows($0.state)), $0[1], 0] },
        .listPairs: { [.function(rows($0.state)), $0[1], 0] },
    ]

    /// The number that a tensor of one element holds.
    static func item(_ value: Tensor) throws -> LuaValue {
        guard value.elementCount == 1 else {
            throw TensorFault("item: a tensor of shape \(value.shape) has \(value.elementCount) elements, not one")
        }
        return value.luaElement(0)
    }

    private static func number(_ call: LuaCall, _ position: Int, _ sign: String) throws -> Double {
        guard let tensor = call.object(position, as: LuaTensor.self) else {
            if let number = call[position].number { return number }
            throw TensorFault(
                "'\(sign)' compares a tensor with a number or another tensor, got "
                    + call.state.shownText(of: call[position]))
        }
        let value = try tensor.value
        guard value.elementCount == 1 else {
            throw TensorFault(
                "'\(sign)' compares single numbers, and a tensor of shape \(value.shape) has \(value.elementCount); "
                    + "a:lt(b), a:le(b), a:gt(b) and a:ge(b) compare element by element")
        }
        return value.number(at: 0)
    }

    /// A scalar is shown as its number, other tensors with their shape.
    private static func text(_ value: Tensor) -> String {
        value.shape.rank == 0 ? TensorText.number(value) : TensorText.description(value)
    }

    private static func text(_ call: LuaCall, _ position: Int) throws -> String {
        if let tensor = call.object(position, as: LuaTensor.self) { return text(try tensor.value) }
        let value = call[position]
        switch value {
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .number(let number): return LuaValue.text(of: number)
        case .nil, .boolean, .bytes, .table, .function, .object, .other:
            throw TensorFault("cannot concatenate a tensor with \(call.state.shownText(of: value))")
        }
    }

    /// The function by which a `for` goes through the rows of a tensor, from 1 to the last.
    private static func rows(_ state: LuaState) -> LuaFunction {
        state.makeFunction { call in
            guard let tensor = call.object(1, as: LuaTensor.self), let last = call[2].integer else { return [.nil] }
            let index = last + 1
            guard try index <= tensor.value.shape.dimensions.first ?? 0 else { return [.nil] }
            return [.integer(index), try TensorIndexing.get(tensor, .integer(index)) ?? .nil]
        }
    }
}

extension Tensor {
    /// The element at a flat index, exactly.
    func number(at index: Int) -> Double {
        switch elements {
        case .float32(let values): Double(values[index])
        case .int32(let values): Double(values[index])
        }
    }
}
