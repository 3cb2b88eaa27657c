internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

extension LuaDataset {
    static let binding = ClassBinding(
        "dataset", LuaDataset.self,
        help: """
            Examples to train on. Methods give new data sets that share the examples: data:shuffle():split(0.8).
            #data is the number of examples.
            """,
        memory: HeldMemory(of: LuaDataset.self) { try $0.chargeMemory(to: $1) },
        methods: [
            view(
                "shuffle",
                [.optional("seed", .integer(in: 0 ... .max), default: .shown("another one each time"), "the order")],
                help: "The examples in another order, another one each time; with a seed the same for the same seed.\n"
                    + "fit shuffles anew each epoch anyway."
            ) { dataset, arguments in
                let seed =
                    try arguments.optionalInteger("seed").map { UInt64($0) } ?? arguments.state.session.streams.next()
                return try dataset.shuffled(seed: seed)
            },
            view("take", [.required("n", .integer(atLeast: 1), "how many")], help: "The first n examples.") {
                try $0.take($1.integer("n"))
            },
            view(
                "batch", [.required("size", .integer(atLeast: 1), aliases: ["batch_size"], "rows a batch")],
                help: "The same examples; fit takes them in batches of this size where it is given none."
            ) { try $0.batched($1.integer("size")) },
            view(
                "rescale", [.required("scale", .number, "the factor")],
                options: [.optional("offset", .number, default: 0, "what is added afterwards")],
                help: "Inputs multiplied by a factor."
            ) { try $0.rescaled(by: $1.float("scale"), offset: $1.float("offset")) },
            .method(
                "split", of: LuaDataset.self,
                [.required("fraction", .number(.within(0...1)), "the share of the first part, between 0 and 1")],
                result: .host("dataset"), furtherResults: [.host("dataset")],
                help:
                    "Two data sets: the first share of the examples, and the rest.\nlocal train, val = data:split(0.8)"
            ) { box, arguments in
                let (first, rest) = try box.dataset.split(arguments.number("fraction"))
                return [.object(LuaDataset(first)), .object(LuaDataset(rest))]
            },
            .method(
                "normalize", of: LuaDataset.self,
                [.optional("like", .host("normalization"), "the statistics of other data, to be used for these too")],
                result: .host("dataset"), furtherResults: [.host("normalization")],
                help: "Inputs with mean 0 and deviation 1; without an argument also the statistics:\n"
                    + "local train, stats = train:normalize(); val = val:normalize(stats)"
            ) { box, arguments in
                if let statistics = try arguments.optionalHost("like", LuaBox<Normalization>.self) {
                    // Alone, so that model:evaluate(val:normalize(stats)) gets what it takes.
                    return [.object(LuaDataset(try box.dataset.normalized(by: statistics.value)))]
                }
                guard arguments.givenCount == 0 else {
                    throw arguments.fault(
                        "like", "statistics expected, got nil; train:normalize() without an argument gives them")
                }
                let (dataset, statistics) = try box.dataset.normalized()
                return [.object(LuaDataset(dataset)), .object(LuaBox(statistics, "statistics"))]
            },
            tensor("x", "The inputs as a tensor.") { try $0.input($1) },
            tensor("y", "The targets as a tensor.") { try $0.target($1) },
        ],
        properties: [
            Property("count", of: LuaDataset.self, .integer, help: "The number of examples; nil for a generator.") {
                box, _ in box.dataset.count.map { .integer($0) } ?? .nil
            },
            Property(
                "class_names", of: LuaDataset.self, .list(.string), help: "What class numbers stand for, from 0 up."
            ) {
                box, state in
                let names = box.dataset.layout?.targets.first?.classNames ?? []
                return .table(state.makeTable(names.map { .string($0) }))
            },
            Property(
                "vocabulary", of: LuaDataset.self, .table,
                help: "The words of each column of words, in the order of their numbers from 0, by the column's name."
            ) { box, state in
                let vocabularies = box.dataset.vocabularies
                let table = state.makeTable(fields: vocabularies.count)
                for (column, words) in vocabularies {
                    table[column] = .table(state.makeTable(words.map { .string($0) }))
                }
                return .table(table)
            },
            Property("column_names", of: LuaDataset.self, .list(.string), help: "The names of the input's columns.") {
                box, state in
                let names = box.dataset.layout?.inputs.first?.columnNames ?? []
                return .table(state.makeTable(names.map { .string($0) }))
            },
        ],
        operators: [
            .length: { call in
                guard let box = call.object(1, as: LuaDataset.self), let count = box.dataset.count else {
                    throw TensorFault("a generator does not know how many examples it will give")
                }
                return [.integer(count)]
            },
            .toString: { [.string($0.object(1, as: LuaDataset.self)?.text ?? "dataset")] },
        ])

    static let normalization = ClassBinding.box(
        "normalization", LuaBox<Normalization>.self, help: "The mean and deviation of data, to normalize others alike.")

    private static func view(
        _ name: String, _ positional: [Parameter], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Dataset, Arguments) throws -> Dataset
    ) -> Binding {
        .method(name, of: LuaDataset.self, positional, options: options, result: .host("dataset"), help: help) {
            box, arguments in [.object(LuaDataset(try body(box.dataset, arguments)))]
        }
    }

    private static func tensor(
        _ name: String, _ help: String, _ body: @escaping @Sendable (Dataset, Int) throws -> Tensor
    ) -> Binding {
        .method(
            name, of: LuaDataset.self, [.optional("number", .integer(atLeast: 1), default: 1, "which, from 1")],
            result: .host("tensor"), help: help
        ) { box, arguments in
            [.object(LuaTensor(try body(box.dataset, arguments.integer("number") - 1)))]
        }
    }
}
