internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN

/// Combining the elements along axes.
enum TensorReductions {
    private typealias Body = @Sendable (SymbolicTensor, _ axes: [Int]?, _ keepingAxes: Bool) throws -> SymbolicTensor

    static let methods: [Binding] = [
        reduction("sum", .sum, "The sum of the elements.") { try $0.sum($1, keepingAxes: $2) },
        reduction("mean", .mean, "The mean of the elements.") { try $0.mean($1, keepingAxes: $2) },
        reduction("max", .max, "The largest element.") { try $0.reduced(.maximum, $1, keepingAxes: $2) },
        reduction("min", .min, "The smallest element.") { try $0.reduced(.minimum, $1, keepingAxes: $2) },
        reduction("norm", .norm, "The square root of the sum of squares.") {
            try $0.squared().sum($1, keepingAxes: $2).squareRoot()
        },
        reduction("std", .std, "The standard deviation, with the number of elements as divisor.") {
            x, axes, keepingAxes in
            try x.centered(axes ?? Array(0..<x.shape.rank)).squared().mean(axes, keepingAxes: keepingAxes).squareRoot()
        },
        .method(
            "argmax", of: LuaTensor.self,
            [.optional("axis", .integer, "an axis, \(Axes.help); all elements without one")],
            result: .host("tensor"),
            help: "Where the largest element is, as int32, counted from 0 as class numbers are.\n"
                + "Add 1 for an index of Lua."
        ) { tensor, arguments in
            let value = try tensor.value
            guard let axis = try arguments.axis("axis", of: value.shape) else {
                if case .int32(let values) = value.elements {
                    let largest = values.indices.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 }
                    return [.object(LuaTensor(Tensor([Int32(largest ?? 0)], shape: .scalar)))]
                }
                return try arguments.evaluated("argmax", [value]) { x in
                    try x[0].reshaped(to: [x[0].shape.elementCount]).argMax()
                }
            }
            var order = Array(0..<value.shape.rank)
            order.append(order.remove(at: axis))
            return try arguments.evaluated("argmax \(axis)", [value]) { try $0[0].transposed(order).argMax() }
        },
    ]

    private static func reduction(
        _ name: String, _ integers: IntegerReduction, _ help: String, _ body: @escaping Body
    ) -> Binding {
        .method(
            name, of: LuaTensor.self,
            [.optional("axis", .axes, "one axis or a list of them, \(Axes.help); all without one")],
            options: [
                .optional("keepdims", .boolean, default: false, "whether the axes stay, with an extent of 1")
            ], result: .host("tensor"), help: help
        ) { tensor, arguments in
            let value = try tensor.value
            let axes = try arguments.axes("axis", of: value.shape)
            let keeps = try arguments.boolean("keepdims")
            if let result = try integers(value, axes, keepingAxes: keeps) { return [.object(LuaTensor(result))] }
            let key = "\(name) \(axes.map { "\($0)" } ?? "all") \(keeps)"
            return try arguments.evaluated(key, [value]) { try body($0[0], axes, keeps) }
        }
    }
}
