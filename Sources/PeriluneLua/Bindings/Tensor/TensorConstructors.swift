internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// Functions that make tensors.
enum TensorConstructors {
    private static let dtype = Parameter.optional("dtype", .dtype, default: "float32", "the element type")
    private static let extents = Parameter.required(
        "extents", .either(.integer(atLeast: 1), .list(.integer(atLeast: 1))), "the extents, or one list of them")

    static let functions: [Binding] = [
        Binding(
            "tensor", [.required("values", .tensorLike, "a number, a nested table of numbers, or a tensor")],
            options: [dtype], result: .host("tensor"), help: "A tensor of these numbers."
        ) { arguments in
            let dtype = try arguments.isGiven("dtype") ? DType(rawValue: arguments.string("dtype")) : nil
            do {
                return [.object(LuaTensor(try TensorFromLua.tensor(arguments.value("values"), dtype: dtype)))]
            } catch let error as TensorFault {
                throw arguments.fault("values", error.description)
            }
        },
        filled("zeros", 0, "A tensor of zeros: zeros(2, 3) or zeros({2, 3})."),
        filled("ones", 1, "A tensor of ones: ones(2, 3) or ones({2, 3})."),
        Binding(
            "full",
            [
                .required("shape", .either(.integer(atLeast: 1), .list(.integer(atLeast: 1))), "the extents"),
                .required("value", .number(.all), "what every element is"),
            ], options: [dtype], result: .host("tensor"), help: "A tensor of one value."
        ) { arguments in
            let value = try arguments.number("value")
            let dtype = DType(rawValue: try arguments.string("dtype"))
            return try filled(Shape(arguments.integers("shape")), value, dtype, arguments)
        },
        Binding(
            "arange",
            [
                .required("start", .number, "the first number; the last one where it is the only argument"),
                .optional("stop", .number, "the last number, included as in a for loop of Lua"),
                .optional("step", .number, default: 1, "the step, which may be negative"),
            ], options: [dtype], result: .host("tensor"),
            help: "Numbers in equal steps, both ends included: arange(3) is 1, 2, 3; arange(0, 1, 0.5) is 0, 0.5, 1.",
            body: arange),
        random("randn", "Random numbers, normal with mean 0 and deviation 1: randn(2, 3) or randn({2, 3}).") {
            NormalNumbers.make($0, $1)
        },
        random("uniform", "Random numbers from 0 up to, and not including, 1: uniform(2, 3) or uniform({2, 3}).") {
            count, philox in
            (0..<count).map { index in
                let block = philox.block(UInt64(index / 4))
                return Philox.unitFloat(SIMD4(block.0, block.1, block.2, block.3)[index % 4])
            }
        },
        Binding(
            "one_hot",
            [
                .required("labels", .tensorLike, "class numbers from 0"),
                .required(
                    "classes", .integer(atLeast: 1), aliases: ["num_classes", "depth"], "how many classes there are"),
            ], result: .host("tensor"),
            help: "Class numbers as rows of zeros with a single 1.", body: oneHot),
    ]

    private static func shape(_ arguments: Arguments) throws -> Shape {
        let list = try arguments.rest.count == 1 ? arguments.rest[0].table?.array ?? arguments.rest : arguments.rest
        let extents = list.compactMap(\.integer)
        guard extents.count == list.count else {
            throw TensorFault("\(arguments.binding.name): extents are whole numbers, or one list of them")
        }
        return Shape(extents)
    }

    private static func filled(_ name: String, _ value: Double, _ help: String) -> Binding {
        Binding(name, rest: extents, result: .host("tensor"), help: help) { arguments in
            try filled(shape(arguments), value, .float32, arguments)
        }
    }

    private static func filled(
        _ shape: Shape, _ value: Double, _ dtype: DType?, _ arguments: Arguments
    ) throws -> [LuaValue] {
        try TensorLimits.check(shape, arguments.state.session.budget)
        let tensor: Tensor =
            switch dtype ?? .float32 {
            case .float32: Tensor(repeating: Float(value), shape: shape)
            case .int32:
                Tensor([Int32](repeating: try Int32(truncated: value), count: shape.elementCount), shape: shape)
            }
        return [.object(LuaTensor(tensor))]
    }

    private static func random(
        _ name: String, _ help: String, _ make: @escaping @Sendable (Int, Philox) -> [Float]
    ) -> Binding {
        Binding(name, rest: extents, result: .host("tensor"), help: help) { arguments in
            let shape = try shape(arguments)
            try TensorLimits.check(shape, arguments.state.session.budget)
            let philox = Philox(seed: arguments.state.session.streams.next())
            return [
                .object(LuaTensor(Tensor(make(shape.elementCount, philox), shape: shape)))
            ]
        }
    }

    private static func arange(_ arguments: Arguments) throws -> [LuaValue] {
        let given = try arguments.number("start")
        let (start, stop) = try arguments.optionalNumber("stop").map { (given, $0) } ?? (1, given)
        let step = try arguments.number("step")
        guard step != 0 else { throw arguments.fault("step", "a step of 0 never ends") }
        // Half a step of tolerance to rounding, so that 0 to 1 in steps of 0.1 ends with 1.
        let count = ((stop - start) / step + 1e-9).rounded(.down) + 1
        guard count >= 1, count <= Double(TensorLimits.elements) else {
            throw arguments.fault("stop", count < 1 ? "there is no number in this range" : "the range is too long")
        }
        try TensorLimits.check([Int(count)], arguments.state.session.budget)
        let (numbers, shape) = (0..<Int(count), Shape([Int(count)]))
        let tensor: Tensor =
            switch DType(rawValue: try arguments.string("dtype")) ?? .float32 {
            case .float32: Tensor(numbers.map { Float(start + Double($0) * step) }, shape: shape)
            case .int32: Tensor(try numbers.map { try Int32(truncated: start + Double($0) * step) }, shape: shape)
            }
        return [.object(LuaTensor(tensor))]
    }

    private static func oneHot(_ arguments: Arguments) throws -> [LuaValue] {
        let labels = try arguments.tensor("labels")
        let classes = try arguments.integer("classes")
        let shape = Shape(labels.shape.dimensions + [classes])
        try TensorLimits.check(shape, arguments.state.session.budget)
        var values = [Float](repeating: 0, count: shape.elementCount)
        for (row, label) in labels.floats.enumerated() {
            guard let index = Int(exactly: label), (0..<classes).contains(index) else {
                throw arguments.fault(
                    "labels", "element \(row + 1) is \(label); class numbers are 0 to \(classes - 1)")
            }
            values[row * classes + index] = 1
        }
        return [.object(LuaTensor(Tensor(values, shape: shape)))]
    }
}
