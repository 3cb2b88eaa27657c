internal import PeriluneItems
internal import PeriluneTrain

/// `lune.data`: where examples come from.
enum DataModule {
    static let module = ModuleBinding(
        "data", help: "Where examples come from.",
        functions: [
            Binding(
                "digits",
                options: [.optional("image", .boolean, default: false, "whether inputs are [8, 8, 1] and not [64]")],
                result: .host("dataset"),
                help: "1,797 handwritten digits of 8 x 8 grey values from 0 to 1; targets are the digits."
            ) { [.object(LuaDataset(try Dataset.digits(image: $0.boolean("image"))))] },
            Binding(
                "iris", result: .host("dataset"),
                help:
                    "150 irises of three species, by four measures. The species come one after the other: shuffle first."
            ) { _ in [.object(LuaDataset(try Dataset.iris()))] },
            Binding(
                "tensors",
                [
                    .required(
                        "x", .data, "inputs; the first axis counts examples; a list of tensors for several inputs"),
                    .optional("y", .named("targets", .either(.host("tensor"), .list(.any))), "targets"),
                    .optional("sample_weight", .tensorLike, "what each example counts in the loss"),
                ], result: .host("dataset"), help: "Examples from tensors or nested tables of numbers."
            ) { [.object(LuaDataset(try $0.dataset("x", "y", weights: "sample_weight")))] },
            csv, idx, GeneratorBinding.function,
        ])

    private static let columns = ParameterType.list(.either(.string, .integer(atLeast: 1)))

    private static let csv = Binding(
        "csv", [.required("path", .string, "the file; .gz too")],
        options: [
            .optional(
                "target", .either(.string, .integer(atLeast: 1), columns), aliases: ["targets"], "columns to predict"),
            .optional("features", columns, default: .shown("all that are not targets"), "columns to predict from"),
            .optional(
                "categories", .either(.string, .integer(atLeast: 1), columns),
                "columns of words, which become class numbers from 0"),
            .optional(
                "header", .either(.boolean, .enumeration(["auto"])), default: "auto",
                "whether the first row names columns"),
            .optional("delimiter", .string, default: ",", "what separates cells"),
        ], result: .host("dataset"),
        help: "A table of numbers; columns are given by name, or by number from 1."
    ) { arguments in
        func columns(_ name: String) throws -> [CSVColumn] {
            let value = try arguments.value(name)
            return (value.table?.array ?? (value.isNil ? [] : [value])).compactMap { entry in
                entry.string.map { .name($0) } ?? entry.integer.map { .number($0) }
            }
        }
        var options = CSVOptions(targets: try columns("target"), categories: try columns("categories"))
        if try arguments.isGiven("features") { options.features = try columns("features") }
        if let header = try arguments.optionalBoolean("header") { options.header = header ? .present : .absent }
        let delimiter = try arguments.string("delimiter")
        guard delimiter.count == 1, let character = delimiter.first else {
            throw arguments.fault("delimiter", "one character expected, got '\(delimiter)'")
        }
        options.delimiter = character
        return [.object(LuaDataset(try Dataset.csv(arguments.readablePath("path"), options: options)))]
    }

    private static let idx = Binding(
        "idx",
        [
            .required("images", .string, "the file of images; .gz too"),
            .optional("labels", .string, "the file of labels"),
        ], options: [.optional("scale", .boolean, default: true, "whether bytes are divided by 255")],
        result: .host("dataset"), help: "Images and labels in the format of MNIST; images become [height, width, 1]."
    ) { arguments in
        let dataset = try Dataset.idx(
            images: arguments.readablePath("images"),
            labels: arguments.isGiven("labels") ? arguments.readablePath("labels") : nil,
            scale: arguments.boolean("scale"))
        return [.object(LuaDataset(dataset))]
    }
}
