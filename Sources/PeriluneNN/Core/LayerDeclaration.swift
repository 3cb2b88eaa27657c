public import PeriluneItems

/// What a layer is called, which options it takes and how it is made.
public typealias LayerDeclaration = ItemDeclaration<any Layer>

extension ItemDeclaration where Product == any Layer {
    /// The declaration of a layer, with the options that every layer has: its name, whether it trains, and a penalty on
    /// its output. `make` need not look at these.
    init<Item: Layer & SendableMetatype>(
        layer name: String, _ start: @escaping @autoclosure @Sendable () -> Item,
        positional: @escaping @autoclosure @Sendable () -> [ItemOption<Item>] = [],
        options: @escaping @autoclosure @Sendable () -> [ItemOption<Item>] = [], help: String,
        make: @escaping @Sendable (ItemOptions<Item>) throws -> Item
    ) {
        self.init(
            name, start(), positional: positional(),
            options: options() + [
                .optional(
                    "name", \.core.name, .string, shown: "\(name), \(name)_1, …", "the name within the model"),
                .optional("trainable", \.core.isTrainable, .boolean, "whether training changes its weights"),
                .optional(
                    "activity_regularizer", \.core.activityRegularizer, .item(RegularizerCatalogue.self),
                    "a penalty on its output"),
            ], help: help
        ) { options in
            let layer = try make(options)
            if let name = try options[\.core.name] { layer.core.keepName(name) }
            // Layers within keep what was said of them.
            if try !options[\.core.isTrainable] { layer.isTrainable = false }
            layer.core.activityRegularizer = try options[\.core.activityRegularizer]
            do {
                try layer.validate()
            } catch let error as ModelError {
                throw ModelError(error.code, "\(name): \(error.message)")
            }
            return layer
        }
    }
}

// Options that many layers have.
extension ItemOption {
    static func activation(_ path: any KeyPath<Item, Activation> & Sendable) -> Self {
        .optional(
            "activation", path, .activation,
            "a name such as \"relu\", or one with its parameters: { \"leaky_relu\", negative_slope = 0.1 }")
    }

    static func useBias(_ path: any KeyPath<Item, Bool> & Sendable) -> Self {
        .optional("use_bias", path, .boolean, "whether to add a bias")
    }

    static func epsilon(_ path: any KeyPath<Item, Float> & Sendable) -> Self {
        .optional("epsilon", path, .number(.above(0)), "keeps the division from 0")
    }

    /// An axis of the input, with the batch.
    static func axis(_ path: any KeyPath<Item, Int> & Sendable, _ help: String) -> Self {
        .optional("axis", path, .axis, "\(help), \(AxisNumbers.help), the batch first")
    }

    /// The three options of a weight: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`.
    static func weight(_ name: String, _ path: any KeyPath<Item, WeightOptions> & Sendable) -> Self {
        let (initializer, regularizer, constraint) = (
            OptionForm.item(InitializerCatalogue.self), OptionForm.item(RegularizerCatalogue.self),
            OptionForm.item(ConstraintCatalogue.self)
        )
        let names = (name + "_initializer", name + "_regularizer", name + "_constraint")
        return Self(
            path: path,
            parts: [
                Part(names.0, initializer.type, "how it begins") { initializer.write($0[keyPath: path].initializer) },
                Part(names.1, regularizer.type, "a penalty that is added to the loss") {
                    $0[keyPath: path].regularizer.flatMap(regularizer.write)
                },
                Part(names.2, constraint.type, "what it is brought back to after each step") {
                    $0[keyPath: path].constraint.flatMap(constraint.write)
                },
            ]
        ) { inputs, start in
            let usual = start[keyPath: path]
            return WeightOptions(
                try inputs.value(names.0, initializer) ?? usual.initializer,
                regularizer: try inputs.value(names.1, regularizer) ?? usual.regularizer,
                constraint: try inputs.value(names.2, constraint) ?? usual.constraint)
        }
    }
}

extension OptionForm where Value == any Layer {
    /// A layer that was made before, or a described one. No name alone: most layers need more than that.
    static var layer: Self {
        Self(.host(LayerCatalogue.kind)) { layer in
            LayerCatalogue.describe(layer).map { .item($0) }
        } read: { input in
            switch input {
            case .value(.item(let description)): try LayerCatalogue.make(description)
            case .made(let item): item as? any Layer
            case .value, .list: nil
            }
        }
    }
}
