internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

extension LuaTensor {
    static let binding = ClassBinding(
        "tensor", LuaTensor.self,
        help: """
            Numbers in a box: a shape, an element type, and arithmetic.
            Operators + - * / ^ and unary minus work element by element, with numbers too; different shapes broadcast.
            t[2] and t[{ {1, 10}, 2 }] select: a number for an axis drops it, {first, last} is a range with both \
            ends, {}
            is all; indices and axes are counted from 1, negative ones from the end.
            Arithmetic gives float32; of whole numbers alone + - * are exact and give int32, and comparisons are exact.
            One number compares, formats and concatenates as it is: t:mean() < 0.5, ("%.2f"):format(t:mean()). But ==
            of a tensor and a number is false in Lua: t:mean():item() == 1. ipairs(t) goes through the rows.
            """,
        memory: HeldMemory(of: LuaTensor.self) { try $0.chargeMemory(to: $1) },
        methods: TensorReductions.methods + TensorFunctions.methods + TensorOperators.methods + TensorShaping.methods,
        properties: [
            Property("shape", of: LuaTensor.self, .list(.integer), help: "The extents, outermost axis first.") {
                tensor, state in
                .table(state.makeTable(try tensor.value.shape.dimensions.map { .integer($0) }))
            },
            Property("dtype", of: LuaTensor.self, .dtype, help: "The element type.") { tensor, _ in
                .string(try tensor.value.dtype.rawValue)
            },
            Property("rank", of: LuaTensor.self, .integer, aliases: ["ndim"], help: "The number of axes.") {
                tensor, _ in .integer(try tensor.value.shape.rank)
            },
            Property("size", of: LuaTensor.self, .integer, help: "The number of elements.") { tensor, _ in
                .integer(try tensor.value.elementCount)
            },
            Property(
                "grad", of: LuaTensor.self, .host("tensor"),
                help: "The gradient of a weight, within on_backward_end; it can be read and assigned."
            ) { tensor, _ in
                guard let gradient = try tensor.gradient else {
                    throw TensorFault("only weights of layers have a gradient, and only within on_backward_end")
                }
                return .object(gradient)
            },
        ],
        operators: TensorOperators.all,
        index: { object, key, _ in
            guard let tensor = object as? LuaTensor else { return nil }
            return try TensorIndexing.get(tensor, key)
        }, indexTypes: (.either(.integer, .table), .host("tensor")),
        setIndex: { object, key, value, _ in
            guard let tensor = object as? LuaTensor else { return false }
            return try TensorIndexing.set(tensor, key, value)
        })
}
