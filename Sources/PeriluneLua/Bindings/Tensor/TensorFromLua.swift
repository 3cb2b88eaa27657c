internal import PeriluneGraph
internal import PeriluneLuaRuntime

/// Makes tensors from the values that scripts write.
enum TensorFromLua {
    /// The tensor that a number, a nested table of numbers, or a tensor stands for.
    /// - Throws: `TensorFault` that names the element which is no number, or the row of another length.
    static func tensor(_ value: LuaValue, dtype: DType? = nil) throws -> Tensor {
        if let tensor = value.object(as: LuaTensor.self) {
            let held = try tensor.value
            return dtype.map { held.converted(to: $0) } ?? held
        }
        return try readWithin(value, dtype)
    }

    /// The same as what can replace elements of this type.
    /// - Throws: `TensorFault` also where int32 does not hold a number.
    static func tensor(_ value: LuaValue, as dtype: DType) throws -> Tensor {
        if let tensor = value.object(as: LuaTensor.self) { return try tensor.value.exactly(dtype) }
        if dtype == .int32, let number = value.number, number != number.rounded(.towardZero) {
            throw TensorFault("an int32 tensor holds whole numbers, got \(LuaValue.text(of: number))")
        }
        return try readWithin(value, dtype)
    }

    /// Reads within the budget of the state that the value comes from.
    private static func readWithin(_ value: LuaValue, _ dtype: DType?) throws -> Tensor {
        guard let table = value.table else { return try read(value, dtype) }
        return try table.reading { try read(value, dtype) }
    }

    private static func read(_ value: LuaValue, _ dtype: DType?) throws -> Tensor {
        var reader = Reader()
        let shape = try reader.shape(of: value, path: [])
        try TensorLimits.check(Shape(shape))
        try reader.read(value, shape[...], path: [])
        return try make(reader.numbers, Shape(shape), dtype ?? .float32)
    }

    private static func make(_ numbers: [Double], _ shape: Shape, _ dtype: DType) throws -> Tensor {
        switch dtype {
        case .float32: Tensor(numbers.map(Float.init), shape: shape)
        case .int32: Tensor(try numbers.map { try Int32(truncated: $0) }, shape: shape)
        }
    }

    private struct Reader {
        var numbers: [Double] = []

        /// The shape, from the first element of each table.
        func shape(of value: LuaValue, path: [Int]) throws -> [Int] {
            guard path.count <= TensorLimits.rank else {
                throw TensorFault("tables are nested more than \(TensorLimits.rank) deep")
            }
            switch value {
            case .integer, .number, .boolean: return []
            case .table(let table):
                let count = table.count
                guard count > 0 else { throw TensorFault("\(Reader.place(path))an empty table has no numbers") }
                return [count] + (try shape(of: table[1], path: path + [1]))
            default:
                if value.object(as: LuaTensor.self) != nil {
                    throw TensorFault("\(Reader.place(path))tensors within tables are not joined; use numbers")
                }
                throw TensorFault("\(Reader.place(path))number expected, got \(value.briefText)")
            }
        }

        mutating func read(_ value: LuaValue, _ shape: ArraySlice<Int>, path: [Int]) throws {
            guard let extent = shape.first else {
                guard let number = Reader.number(value) else {
                    throw TensorFault("\(Reader.place(path))number expected, got \(value.briefText)")
                }
                return numbers.append(number)
            }
            guard let table = value.table else {
                throw TensorFault("\(Reader.place(path))table of \(extent) expected, got \(value.briefText)")
            }
            guard table.count == extent else {
                throw TensorFault("\(Reader.place(path))ragged rows: \(extent) values expected, got \(table.count)")
            }
            // A row of numbers is read at once; where something else is in it, element by element, to say where.
            if shape.count == 1, let row = try table.numbers, row.count == extent {
                return numbers += row.map { $0.isNaN ? .nan : $0 }
            }
            for index in 1...extent {
                try read(table[index], shape.dropFirst(), path: path + [index])
                try table.checkBudget()
            }
        }

        /// 0/0 has a sign in Lua, which messages should not show.
        static func number(_ value: LuaValue) -> Double? {
            if let flag = value.boolean { return flag ? 1 : 0 }
            return value.number.map { $0.isNaN ? .nan : $0 }
        }

        static func place(_ path: [Int]) -> String {
            path.isEmpty ? "" : "row " + path.map(String.init).joined(separator: ", ") + ": "
        }
    }
}

extension Int32 {
    /// The number without its fraction.
    /// - Throws: `TensorFault` where int32 does not hold it.
    init(truncated number: Double) throws {
        guard let whole = Int32(exactly: number.rounded(.towardZero)) else {
            throw TensorFault("int32 holds \(Int32.min) to \(Int32.max), got \(LuaValue.text(of: number))")
        }
        self = whole
    }
}

extension Tensor {
    /// The same numbers with another element type.
    /// - Throws: `TensorFault` where int32 does not hold one of them.
    func exactly(_ dtype: DType) throws -> Tensor {
        guard dtype == .int32, case .float32(let values) = elements else { return converted(to: dtype) }
        let whole = try values.map { value in
            guard value.isNaN || value == value.rounded(.towardZero) else {
                throw TensorFault(
                    "an int32 tensor holds whole numbers, got \(value); t:to(\"int32\") cuts fractions off")
            }
            return try Int32(truncated: Double(value))
        }
        return Tensor(whole, shape: shape)
    }

    /// The elements as a nested table of numbers; a plain number for a scalar.
    func luaValue(in state: LuaState) -> LuaValue {
        switch elements {
        case .float32(let values): nested(values.map { .number(Double($0)) }, in: state)
        case .int32(let values): nested(values.map { .integer(Int($0)) }, in: state)
        }
    }

    private func nested(_ values: [LuaValue], in state: LuaState) -> LuaValue {
        var level = values
        for extent in shape.dimensions.reversed() where extent > 0 {
            level = stride(from: 0, to: level.count, by: extent).map { start in
                .table(state.makeTable(Array(level[start..<start + extent])))
            }
        }
        return level.first ?? .nil
    }

    /// The element at a flat index.
    func luaElement(_ index: Int) -> LuaValue {
        switch elements {
        case .float32(let values): .number(Double(values[index]))
        case .int32(let values): .integer(Int(values[index]))
        }
    }
}
