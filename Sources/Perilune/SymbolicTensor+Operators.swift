public import PeriluneGraph

// The operators of symbolic tensors, for a host's own losses, layers and metrics. A type that is chosen by itself
// brings its members, but not its operators, and Swift has no way to choose those. Where a program imports
// PeriluneGraph too, the operators of that are taken.
extension SymbolicTensor {
    @_disfavoredOverload
    public static func + (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.add, b)
    }
    @_disfavoredOverload
    public static func - (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.subtract, b)
    }
    @_disfavoredOverload
    public static func * (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.multiply, b)
    }
    @_disfavoredOverload
    public static func / (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.divide, b)
    }

    @_disfavoredOverload
    public static func + (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a.combined(.add, b) }
    @_disfavoredOverload
    public static func - (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a.combined(.subtract, b) }
    @_disfavoredOverload
    public static func * (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a.combined(.multiply, b) }
    @_disfavoredOverload
    public static func / (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a.combined(.divide, b) }

    @_disfavoredOverload
    public static func + (a: Float, b: SymbolicTensor) throws -> SymbolicTensor {
        try b.builder.fill(a).combined(.add, b)
    }
    @_disfavoredOverload
    public static func - (a: Float, b: SymbolicTensor) throws -> SymbolicTensor {
        try b.builder.fill(a).combined(.subtract, b)
    }
    @_disfavoredOverload
    public static func * (a: Float, b: SymbolicTensor) throws -> SymbolicTensor {
        try b.builder.fill(a).combined(.multiply, b)
    }
    @_disfavoredOverload
    public static func / (a: Float, b: SymbolicTensor) throws -> SymbolicTensor {
        try b.builder.fill(a).combined(.divide, b)
    }

    @_disfavoredOverload
    public static prefix func - (a: SymbolicTensor) throws -> SymbolicTensor { try a.applying(.negate) }
}
