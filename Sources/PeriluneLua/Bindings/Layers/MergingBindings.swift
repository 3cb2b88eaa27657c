internal import PeriluneItems
internal import PeriluneNN

/// Layers of several inputs, for functional models: `lune.add()({ a, b })`.
enum MergingBindings {
    static let functions: [Binding] = [
        .layer("add", help: "The sum of its inputs.") { Add(name: $1) },
        .layer("subtract", help: "The first input less the second.") { Subtract(name: $1) },
        .layer("multiply", help: "The product of its inputs, element by element.") { Multiply(name: $1) },
        .layer("average", help: "The mean of its inputs.") { Average(name: $1) },
        .layer("maximum", help: "The largest of its inputs, element by element.") { Maximum(name: $1) },
        .layer("minimum", help: "The smallest of its inputs, element by element.") { Minimum(name: $1) },
        .layer(
            "concatenate",
            options: [.optional("axis", .integer, default: -1, "the axis, \(Axes.help), the batch first")],
            help: "Its inputs one after another along an axis."
        ) { Concatenate(axis: try $0.layerAxis("axis"), name: $1) },
        .layer(
            "dot", options: [.optional("normalize", .boolean, default: false, "whether to take the cosine")],
            help: "The dot products of two inputs' vectors."
        ) { Dot(normalizes: try $0.boolean("normalize"), name: $1) },
    ]
}
