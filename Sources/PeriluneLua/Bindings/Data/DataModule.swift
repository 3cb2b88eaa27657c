internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneItems
internal import PeriluneLuaRuntime
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
                    "150 irises of three species, by four measures. The species come one after the other: "
                    + "shuffle first."
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
            CSVBinding.function, idx, GeneratorBinding.function,
        ])

    private static let idx = Binding(
        "idx",
        [
            .required("images", .string, "the file of images; .gz too"),
            .optional("labels", .string, "the file of labels"),
        ], options: [.optional("scale", .boolean, default: true, "whether bytes are divided by 255")],
        result: .host("dataset"), help: "Images and labels in the format of MNIST; images become [height, width, 1]."
    ) { arguments in
        let budget = arguments.state.session.budget
        let dataset = try Dataset.idx(
            images: arguments.readablePath("images"),
            labels: arguments.isGiven("labels") ? arguments.readablePath("labels") : nil,
            scale: arguments.boolean("scale"), request: { try budget.requireRoom(for: $0) })
        return [.object(LuaDataset(dataset))]
    }
}
