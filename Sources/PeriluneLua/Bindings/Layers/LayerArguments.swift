internal import PeriluneItems
internal import PeriluneNN

// What the constructors of layers have in common.
extension Binding {
    /// A constructor of a layer, with the options that every layer has.
    static func layer(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        make: @escaping @Sendable (_ arguments: Arguments, _ name: String?) throws -> any Layer
    ) -> Binding {
        let common: [Parameter] = [
            .optional("name", .string, default: .shown("\(name), \(name)_1, …"), "the name within the model"),
            .optional("trainable", .boolean, default: true, "whether training changes its weights"),
            .optional("activity_regularizer", .item(RegularizerCatalogue.self), "a penalty on its output"),
        ]
        return Binding(name, positional, options: options + common, result: .host("layer"), help: help) { arguments in
            let layer = try make(arguments, arguments.optionalString("name"))
            layer.isTrainable = try arguments.boolean("trainable")
            layer.core.activityRegularizer = try arguments.item(
                "activity_regularizer", of: RegularizerCatalogue.self)
            do {
                try layer.validate()
            } catch let error as ModelError {
                throw ModelError(error.code, "\(name): \(error.message)")
            }
            let box = LuaLayer(layer)
            arguments.state.session.adopt(box)
            return [.object(box)]
        }
    }
}

extension Parameter {
    /// The three options of a weight: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`.
    static func weight(_ name: String, initializer: String) -> [Parameter] {
        [
            .optional(
                name + "_initializer", .item(InitializerCatalogue.self),
                default: .shown("\"\(initializer)\""),
                "how it begins"),
            .optional(
                name + "_regularizer", .item(RegularizerCatalogue.self), "a penalty that is added to the loss"
            ),
            .optional(
                name + "_constraint", .item(ConstraintCatalogue.self),
                "what it is brought back to after each step"),
        ]
    }

    static let activation = Parameter.optional(
        "activation", .activation, default: "linear",
        "a name such as \"relu\", or one with its parameters: { \"leaky_relu\", negative_slope = 0.1 }")
    static let useBias = Parameter.optional("use_bias", .boolean, default: true, "whether to add a bias")
    static let kernelAndBias: [Parameter] =
        [useBias] + weight("kernel", initializer: "glorot_uniform") + weight("bias", initializer: "zeros")
}

extension ParameterType {
    static var activation: Self {
        .named("activation", .either(.catalogue("activation", Activation.names), .table))
    }
    /// A whole number from 1, or one for each spatial axis.
    static var extents: Self { .either(.integer(atLeast: 1), .list(.integer(atLeast: 1), 1...3)) }
}

extension Arguments {
    /// The options of a weight that the script gave, on top of what the layer has by itself.
    func weightOptions(_ name: String, default fallback: WeightOptions) throws -> WeightOptions {
        WeightOptions(
            try item(name + "_initializer", of: InitializerCatalogue.self) ?? fallback.initializer,
            regularizer: try item(name + "_regularizer", of: RegularizerCatalogue.self),
            constraint: try item(name + "_constraint", of: ConstraintCatalogue.self))
    }

    /// The activation that a name, or a table of a name and parameters, stands for.
    func activation(_ name: String = "activation") throws -> Activation {
        let value = try value(name)
        do {
            if let text = value.string { return try Activation.named(text) }
            guard let table = value.table, let kind = table[1].string else {
                throw fault(name, "a name, or a table that begins with one, expected")
            }
            var parameters: [String: Float] = [:]
            for (key, entry) in table.fields {
                guard let number = entry.boolean.map({ $0 ? 1 : 0 }) ?? entry.number else {
                    throw fault(name, "'\(key)' of activation '\(kind)' must be a number, got \(entry.briefText)")
                }
                parameters[key] = Float(number)
            }
            return try Activation.named(kind, parameters)
        } catch let error as ModelError {
            throw fault(name, error.message)
        }
    }

    func extents(_ name: String) throws -> Extents { Extents(try integers(name)) }

    func padding() throws -> PaddingMode { try PaddingMode.named(string("padding")) }
}

extension Arguments {
    /// A number as the layers hold it.
    func float(_ name: String) throws -> Float { Float(try number(name)) }

    func optionalFloat(_ name: String) throws -> Float? { try optionalNumber(name).map { Float($0) } }
}
