internal import PeriluneItems
internal import PeriluneNN

/// `lune.constraints`: what weights are brought back to after each step.
enum ConstraintBindings {
    typealias Box = LuaBox<any Constraint>

    static let binding = ClassBinding.box(
        "constraint", Box.self, help: "What a weight is brought back to after a step.")
    static var catalogue: Catalogue<any Constraint> {
        Catalogue(kind: "constraint", names: ConstraintCatalogue.names) { try ConstraintCatalogue.named($0) }
    }

    static let functions: [Binding] = [
        Binding(
            "max_norm", [.optional("max_value", .number(.atLeast(0)), default: 2, "the largest norm")], options: [axis],
            result: .host("constraint"), help: "Scales down what is longer than a norm."
        ) { [.object(Box(MaxNorm(try $0.float("max_value"), axes: try axes($0)), "max_norm"))] },
        Binding(
            "min_max_norm",
            options: [
                .optional("min_value", .number(.atLeast(0)), default: 0, "the least norm"),
                .optional("max_value", .number(.atLeast(0)), default: 1, "the largest norm"),
                .optional("rate", .number(.within(0...1)), default: 1, "how far a step goes"), axis,
            ], result: .host("constraint"), help: "Brings norms into a range."
        ) {
            let constraint = MinMaxNorm(
                minValue: try $0.float("min_value"), maxValue: try $0.float("max_value"), rate: try $0.float("rate"),
                axes: try axes($0))
            return [.object(Box(constraint, "min_max_norm"))]
        },
        Binding("non_neg", result: .host("constraint"), help: "Replaces negative weights by 0.") { _ in
            [.object(Box(NonNeg(), "non_neg"))]
        },
        Binding("unit_norm", options: [axis], result: .host("constraint"), help: "Makes every norm 1.") {
            [.object(Box(UnitNorm(axes: try axes($0)), "unit_norm"))]
        },
    ]

    private static let axis = Parameter.optional(
        "axis", .axes, default: 1,
        "the axes along which a norm is taken, \(Axes.help); 1 is right for a dense kernel, {1, 2, 3} for conv2d")

    private static func axes(_ arguments: Arguments) throws -> [Int] { try arguments.layerAxes("axis", default: [0]) }
}
