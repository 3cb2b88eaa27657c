internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.data.generator(make)`: examples that a script makes while training.
enum GeneratorBinding {
    static let function = Binding(
        "generator",
        [
            .required(
                "make", .function,
                "called at the beginning of each epoch; returns a function that gives the next examples")
        ],
        options: [
            .optional(
                "yields", .enumeration(GeneratorYield.allCases.map(\.rawValue)), default: "batches",
                "whether it gives whole batches, or single examples that fit puts together")
        ], result: .host("dataset"),
        help: """
            Examples that Lua makes while training.
            The inner function returns x, y and perhaps a sample weight (tensors or
            tables of numbers), and nil at the end; coroutine.wrap makes one of a loop with yields.
            Random numbers that it draws belong to the fit, the epoch and the batch, whatever callbacks draw: a \
            resumed run
            has the same ones.
            lune.data.generator(function() local n = 0 return function() n = n + 1 if n <= 10 then return x, y end \
            end end)
            """
    ) { arguments in
        let make = try arguments.function("make")
        let yields = GeneratorYield(rawValue: try arguments.string("yields")) ?? .batches
        let dataset = Dataset.localGenerator(yields: yields) { try passes(of: make) }
        return [.object(LuaDataset(dataset))]
    }

    /// The passes of one fit, evaluation or prediction, each of which has random numbers of its own.
    private static func passes(of make: LuaFunction) throws -> ExamplePasses {
        guard let state = make.reference.state else { throw LuaError(.closed, "the Lua state is closed") }
        let draw = Philox(seed: state.session.streams.next())
        return { [unowned state] pass in
            var numbers = GeneratorNumbers(draw, pass: pass)
            guard let next = try state.withRandomNumbers(numbers.next(), { try make.call() }).first?.function else {
                throw fault("a generator must return a function that gives the next examples", of: make)
            }
            return { try examples(try state.withRandomNumbers(numbers.next()) { try next.call() }, next) }
        }
    }

    private static func examples(_ values: [LuaValue], _ next: LuaFunction) throws -> GeneratedExamples? {
        guard let x = values.first, !x.isNil else { return nil }
        do {
            return GeneratedExamples(
                inputs: try tensors(x), targets: values.count > 1 && !values[1].isNil ? try tensors(values[1]) : [],
                sampleWeights: values.count > 2 && !values[2].isNil ? try TensorFromLua.tensor(values[2]) : nil)
        } catch let error as TensorFault {
            throw fault("generator: \(error.description)", of: next)
        }
    }

    /// An error that names the place of a function, as one that the function had raised does.
    private static func fault(_ message: String, of function: LuaFunction) -> LuaError {
        let place = function.place
        return LuaError(.host, (place?.prefix ?? "") + message, script: place?.script, line: place?.line)
    }

    private static func tensors(_ value: LuaValue) throws -> [Tensor] {
        if let table = value.table, table[1].object(as: LuaTensor.self) != nil {
            return try table.array.map { try TensorFromLua.tensor($0) }
        }
        return [try TensorFromLua.tensor(value)]
    }
}
