internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems

/// Functions of each element, and products.
enum TensorFunctions {
    static let methods: [Binding] = [
        unary("exp", .exp, "e to the power of each element."),
        unary("log", .log, "The natural logarithm of each element."),
        unary("sqrt", .squareRoot, "The square root of each element."),
        unary("square", .square, "The square of each element."),
        unary("abs", .absolute, "The magnitude of each element."),
        unary("sign", .sign, "-1, 0 or 1 for each element."),
        unary("floor", .floor, "The largest whole number up to each element."),
        unary("tanh", .tanh, "The hyperbolic tangent of each element."),
        unary("sigmoid", .sigmoid, "1 / (1 + exp(-x)) of each element."),
        unary("relu", .relu, "max(x, 0) of each element."),
        unary("sin", .sine, "The sine of each element."),
        unary("cos", .cosine, "The cosine of each element."),
        .method(
            "softmax", of: LuaTensor.self, result: .host("tensor"),
            help: "Exponentials along the last axis, scaled to a sum of 1."
        ) { tensor, arguments in
            let value = try tensor.value
            guard value.shape.rank > 0 else { throw TensorFault("softmax: a scalar has no axes") }
            return try arguments.evaluated("softmax", [value]) { try $0[0].softmax() }
        },
        .method(
            "clip", of: LuaTensor.self,
            [.required("low", .number, "the least value"), .required("high", .number, "the largest value")],
            result: .host("tensor"), help: "Each element, moved into the range from low to high."
        ) { tensor, arguments in
            let bounds = try [arguments.number("low"), arguments.number("high")].map { Tensor(Float($0)) }
            return try arguments.evaluated("clip", [tensor.value] + bounds) {
                try $0[0].combined(.maximum, $0[1]).combined(.minimum, $0[2])
            }
        },
        .method(
            "matmul", of: LuaTensor.self, [.required("other", .host("tensor"), "the right factor")],
            result: .host("tensor"),
            help:
                "The matrix product in the last two axes.\nEarlier axes are batches; "
                + "a matrix on the right serves them all."
        ) { tensor, arguments in
            let other = try arguments.host("other", LuaTensor.self).value
            return try arguments.evaluated("matmul", [tensor.value, other]) { try $0[0].matmul($0[1]) }
        },
    ]

    private static func unary(_ name: String, _ operation: UnaryOperation, _ help: String) -> Binding {
        .method(name, of: LuaTensor.self, result: .host("tensor"), help: help) { tensor, arguments in
            try arguments.evaluated(name, [tensor.value]) { try $0[0].applying(operation) }
        }
    }
}
