internal import PeriluneItems
internal import PeriluneNN

/// `lune.regularizers`: penalties on weights or outputs that are added to the loss.
enum RegularizerBindings {
    typealias Box = LuaBox<any Regularizer>

    static let binding = ClassBinding.box("regularizer", Box.self, help: "A penalty that is added to the loss.")
    static var catalogue: Catalogue<any Regularizer> {
        Catalogue(kind: "regularizer", names: RegularizerCatalogue.names) { try RegularizerCatalogue.named($0) }
    }

    static let functions: [Binding] = [
        Binding("l1", [factor("l1")], result: .host("regularizer"), help: "The sum of magnitudes times a factor.") {
            [.object(Box(L1(try $0.float("l1")), "l1"))]
        },
        Binding("l2", [factor("l2")], result: .host("regularizer"), help: "The sum of squares times a factor.") {
            [.object(Box(L2(try $0.float("l2")), "l2"))]
        },
        Binding(
            "l1_l2", options: [factor("l1"), factor("l2")], result: .host("regularizer"), help: "Both l1 and l2."
        ) { [.object(Box(L1L2(l1: try $0.float("l1"), l2: try $0.float("l2")), "l1_l2"))] },
    ]

    /// Under another name at the top level, where `orthogonal` is the initializer.
    static let own: [Binding] = [
        Binding(
            "orthogonal",
            options: [
                factor("factor"),
                .optional(
                    "mode", .enumeration(OrthogonalRegularizer.Mode.allCases.map(\.rawValue)), default: "rows",
                    "what should be orthogonal"),
            ], result: .host("regularizer"), help: "Penalizes rows or columns of a matrix that are not orthogonal."
        ) { arguments in
            let mode = OrthogonalRegularizer.Mode(rawValue: try arguments.string("mode")) ?? .rows
            return [
                .object(Box(OrthogonalRegularizer(factor: try arguments.float("factor"), mode: mode), "orthogonal"))
            ]
        }
    ]

    private static func factor(_ name: String) -> Parameter {
        .optional(name, .number(.atLeast(0)), default: 0.01, "the factor")
    }
}
