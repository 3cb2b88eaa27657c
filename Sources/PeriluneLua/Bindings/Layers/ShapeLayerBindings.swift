internal import PeriluneItems
internal import PeriluneNN

/// Layers that rearrange.
enum ShapeLayerBindings {
    static let functions: [Binding] = [
        .layer("flatten", help: "All axes of a sample as one.") { Flatten(name: $1) },
        .layer(
            "reshape",
            [.required("target_shape", .list(.integer(atLeast: -1)), "the shape of a sample; one extent may be -1")],
            help: "A sample under another shape: reshape { 2, 3 }."
        ) { Reshape(try $0.integers("target_shape"), name: $1) },
        .layer(
            "permute", [.required("dims", .list(.integer(atLeast: 1)), "axes of a sample from 1, in their new order")],
            help: "The axes of a sample in another order: permute { 2, 1 }."
        ) { Permute(try $0.integers("dims"), name: $1) },
        .layer("repeat_vector", [.required("n", .integer(atLeast: 1), "how often")], help: "A vector, n times over.") {
            RepeatVector(try $0.integer("n"), name: $1)
        },
        .layer(
            "cropping2d", [.optional("cropping", .borders2D, default: 1, bordersHelp)],
            help: "Cuts rows and columns off images."
        ) {
            let sides = try $0.borders2D("cropping")
            return Cropping2D(top: sides.top, bottom: sides.bottom, left: sides.left, right: sides.right, name: $1)
        },
        .layer(
            "zero_padding1d",
            [
                .optional(
                    "padding", .either(.integer(atLeast: 0), .list(.integer(atLeast: 0), count: 2)), default: 1,
                    "one number, or { before, after }")
            ], help: "Zeros before and after a sequence."
        ) {
            let sides = try $0.integers("padding")
            return ZeroPadding1D(before: sides.first ?? 1, after: sides.last ?? 1, name: $1)
        },
        .layer(
            "zero_padding2d", [.optional("padding", .borders2D, default: 1, bordersHelp)], help: "Zeros around images."
        ) {
            let sides = try $0.borders2D("padding")
            return ZeroPadding2D(top: sides.top, bottom: sides.bottom, left: sides.left, right: sides.right, name: $1)
        },
        .layer(
            "upsampling1d", [.optional("size", .integer(atLeast: 1), default: 2, "how often")], help: "Repeats steps."
        ) {
            UpSampling1D(try $0.integer("size"), name: $1)
        },
        .layer(
            "upsampling2d", [.optional("size", .extents, default: 2, "how often: one number, or rows and columns")],
            help: "Repeats rows and columns."
        ) { UpSampling2D(try $0.extents("size"), name: $1) },
    ]

    private static let bordersHelp = "one number, { rows, columns }, or { { top, bottom }, { left, right } }"
}

extension ParameterType {
    static var borders2D: Self {
        let count = Self.integer(atLeast: 0)
        return .either(count, .list(count, count: 2), .list(.list(count, count: 2), count: 2))
    }
}

extension Arguments {
    fileprivate func borders2D(_ name: String) throws -> (top: Int, bottom: Int, left: Int, right: Int) {
        let flat = try integers(name)
        if flat.count == 1 { return (flat[0], flat[0], flat[0], flat[0]) }
        if flat.count == 2 { return (flat[0], flat[0], flat[1], flat[1]) }
        let pairs = try list(name).map { $0.table?.array.compactMap(\.integer) ?? [] }
        guard pairs.count == 2, pairs.allSatisfy({ $0.count == 2 }) else {
            throw fault(name, "one number, two, or two pairs expected")
        }
        return (pairs[0][0], pairs[0][1], pairs[1][0], pairs[1][1])
    }
}
