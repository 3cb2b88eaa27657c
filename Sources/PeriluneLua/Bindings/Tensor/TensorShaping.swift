internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// Methods that rearrange, copy and hand over elements.
enum TensorShaping {
    static let methods: [Binding] = [
        .method(
            "reshape", of: LuaTensor.self,
            rest: .required("extents", .either(.integer, .list(.integer)), "the new extents"),
            result: .host("tensor"),
            help: "The same elements in the same order under another shape.\n"
                + "Takes the extents, or one list of them; one may be -1: what is left over."
        ) { tensor, arguments in
            let value = try tensor.value
            let shape = try TensorShaping.shape(arguments.rest, of: value)
            guard let result = value.reshaped(to: shape) else {
                throw TensorFault("cannot reshape \(value.elementCount) elements of \(value.shape) to \(shape)")
            }
            return [.object(LuaTensor(result))]
        },
        .method(
            "transpose", of: LuaTensor.self,
            rest: .required("order", .integer, "axes in their new order, \(Axes.help)"),
            result: .host("tensor"),
            help: "The axes in another order; without arguments the last two change places."
        ) { tensor, arguments in
            let value = try tensor.value
            let order = try TensorShaping.order(arguments.rest.compactMap(\.integer), of: value.shape)
            if let result = IntegerArithmetic.transpose(value, order) { return [.object(LuaTensor(result))] }
            return try arguments.evaluated("transpose \(order)", [value]) {
                try $0[0].transposed(order)
            }
        },
        .method(
            "item", of: LuaTensor.self, result: .number, help: "The number that a tensor of one element holds."
        ) { tensor, _ in
            [try TensorAsNumber.item(tensor.value)]
        },
        .method(
            "totable", of: LuaTensor.self, result: .table,
            help: "The elements as a nested table; a number for a scalar."
        ) { tensor, arguments in [try tensor.value.luaValue(in: arguments.state)] },
        .method(
            "clone", of: LuaTensor.self, result: .host("tensor"), help: "A copy with elements of its own."
        ) { tensor, _ in [.object(LuaTensor(try tensor.value))] },
        .method(
            "to", of: LuaTensor.self, [.required("dtype", .dtype, "the element type")], result: .host("tensor"),
            help: "The same values with another element type."
        ) { tensor, arguments in
            let dtype = DType(rawValue: try arguments.string("dtype")) ?? .float32
            return [.object(LuaTensor(try tensor.value.converted(to: dtype)))]
        },
        .method(
            "assign", of: LuaTensor.self, [.required("values", .tensorLike, "a tensor of the same shape, or a number")],
            result: .host("tensor"),
            help: "Replaces the elements; a weight of a model changes with its tensor.\nReturns the tensor."
        ) { tensor, arguments in
            try tensor.assign(arguments.tensor("values", dtype: tensor.value.dtype))
            return [.object(tensor)]
        },
    ]

    private static func shape(_ extents: [LuaValue], of tensor: Tensor) throws -> Shape {
        let list = try extents.count == 1 ? extents[0].table?.array ?? extents : extents
        var dimensions = list.compactMap(\.integer)
        guard !dimensions.isEmpty || extents.count == 1, dimensions.count == list.count else {
            throw TensorFault("reshape: whole numbers expected")
        }
        if let open = dimensions.firstIndex(of: -1) {
            let known = Shape(dimensions.filter { $0 != -1 })
            guard dimensions.count(where: { $0 == -1 }) == 1, known.elementCount > 0,
                tensor.elementCount % known.elementCount == 0
            else {
                throw TensorFault(
                    "cannot reshape \(tensor.elementCount) elements of \(tensor.shape) to \(Shape(dimensions))")
            }
            dimensions[open] = tensor.elementCount / known.elementCount
        }
        try TensorLimits.check(Shape(dimensions))
        return Shape(dimensions)
    }

    private static func order(_ given: [Int], of shape: Shape) throws -> [Int] {
        if given.isEmpty {
            guard shape.rank >= 2 else { return Array(0..<shape.rank) }
            var order = Array(0..<shape.rank)
            order.swapAt(shape.rank - 1, shape.rank - 2)
            return order
        }
        let order = given.compactMap { Axes.inner($0).flatMap { shape.normalized(axis: $0) } }
        guard order.count == given.count, order.count == shape.rank, Set(order).count == shape.rank else {
            throw TensorFault(
                "transpose: every axis of 1 to \(shape.rank) expected once, "
                    + "got \(given.map(String.init).joined(separator: ", "))"
            )
        }
        return order
    }
}
