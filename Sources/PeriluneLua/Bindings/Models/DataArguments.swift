internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

extension ParameterType {
    /// Data to train on: a data set, or a tensor or nested table of inputs, or a list of tensors for several inputs.
    static var data: Self {
        .named("data", .union([.host("dataset"), .host("tensor"), .list(.any)]))
    }
}

extension Arguments {
    /// The data set that the arguments `x` and `y` stand for.
    func dataset(_ x: String, _ y: String? = nil, weights: String? = nil) throws -> Dataset {
        let targets = try y.map { try value($0) } ?? .nil
        // `fit { data, epochs = 3 }` brings the data set within the table.
        let given = try value(x)
        if let box = given.object(as: LuaDataset.self) ?? given.table?[1].object(as: LuaDataset.self) {
            guard targets.isNil || y == nil || targets.table?.isEmpty == true else {
                throw fault(y ?? x, "a data set brings its own targets")
            }
            return box.dataset
        }
        let weight = try weights.flatMap { name in try isGiven(name) ? try tensor(name) : nil }
        let inputs = try tensors(x, prefix: "x")
        let outputs = try y.map { try targets.isNil ? [] : tensors($0, prefix: "y") } ?? []
        return try Dataset.tensors(inputs: inputs, targets: outputs, sampleWeights: weight)
    }

    /// The data that one value stands for: a data set, or a list of inputs and targets.
    func dataset(pair value: LuaValue, _ name: String) throws -> Dataset {
        if let box = value.object(as: LuaDataset.self) { return box.dataset }
        let parts = try value.table?.array ?? []
        guard parts.count == 2 || parts.count == 3 else {
            throw fault(name, "a data set, or { x, y } expected, got \(state.shownText(of: value))")
        }
        do {
            return try Dataset.tensors(
                inputs: named(parts[0], prefix: "x"), targets: named(parts[1], prefix: "y"),
                sampleWeights: parts.count == 3 ? try TensorFromLua.tensor(parts[2]) : nil)
        } catch let error as TensorFault {
            throw fault(name, error.description)
        }
    }

    private func tensors(_ name: String, prefix: String) throws -> [(name: String, tensor: Tensor)] {
        do {
            return try named(value(name), prefix: prefix)
        } catch let error as TensorFault {
            throw fault(name, error.description)
        }
    }

    /// One tensor, or those of a list: `x1`, `x2`, …
    private func named(_ value: LuaValue, prefix: String) throws -> [(name: String, tensor: Tensor)] {
        if let table = value.table, table[1].object(as: LuaTensor.self) != nil {
            return try table.array.enumerated().map {
                ("\(prefix)\($0.offset + 1)", try TensorFromLua.tensor($0.element))
            }
        }
        return [(prefix, try TensorFromLua.tensor(value))]
    }
}
