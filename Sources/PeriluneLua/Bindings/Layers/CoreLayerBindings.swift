internal import PeriluneItems
internal import PeriluneNN

/// Layers of which most networks are made.
enum CoreLayerBindings {
    static let functions: [Binding] = [
        .layer(
            "dense", [.required("units", .integer(atLeast: 1), "the extent of the output's last axis")],
            options: [.activation] + Parameter.kernelAndBias,
            help: "A fully connected layer: activation(x * kernel + bias).\nWeights kernel [in, units], bias [units]."
        ) {
            Dense(
                try $0.integer("units"), activation: try $0.activation(), usesBias: try $0.boolean("use_bias"),
                kernel: try $0.weightOptions("kernel", default: .kernel),
                bias: try $0.weightOptions("bias", default: .zeros), name: $1)
        },
        .layer(
            "embedding",
            [
                .required("input_dim", .integer(atLeast: 1), "how many tokens there are"),
                .required("output_dim", .integer(atLeast: 1), "the extent of each token's vector"),
            ], options: Parameter.weight("embeddings", initializer: "uniform"),
            help: "A vector for each of a number of tokens, which are counted from 0."
        ) {
            Embedding(
                try $0.integer("input_dim"), try $0.integer("output_dim"),
                embeddings: try $0.weightOptions("embeddings", default: WeightOptions(RandomUniform())), name: $1)
        },
        .layer(
            "activation", [.required("activation", .activation, "a name such as \"relu\"")],
            help: "An activation as a layer of its own."
        ) { ActivationLayer(try $0.activation(), name: $1) },
        .layer("identity", help: "Gives its input on as it is.") { IdentityLayer(name: $1) },
        .layer(
            "rescaling", [.required("scale", .number, "the factor")],
            options: [.optional("offset", .number, default: 0, "what is added afterwards")], help: "x * scale + offset."
        ) { Rescaling(try $0.float("scale"), offset: try $0.float("offset"), name: $1) },
    ]
}
