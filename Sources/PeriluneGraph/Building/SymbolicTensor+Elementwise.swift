// Arithmetic, element by element, with broadcasting.
extension SymbolicTensor {
    public static func + (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor { try a.combined(.add, b) }
    public static func - (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.subtract, b)
    }
    public static func * (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.multiply, b)
    }
    public static func / (a: SymbolicTensor, b: SymbolicTensor) throws -> SymbolicTensor { try a.combined(.divide, b) }

    public static func + (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a + a.builder.fill(b) }
    public static func - (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a - a.builder.fill(b) }
    public static func * (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a * a.builder.fill(b) }
    public static func / (a: SymbolicTensor, b: Float) throws -> SymbolicTensor { try a / a.builder.fill(b) }

    public static func + (a: Float, b: SymbolicTensor) throws -> SymbolicTensor { try b.builder.fill(a) + b }
    public static func - (a: Float, b: SymbolicTensor) throws -> SymbolicTensor { try b.builder.fill(a) - b }
    public static func * (a: Float, b: SymbolicTensor) throws -> SymbolicTensor { try b.builder.fill(a) * b }
    public static func / (a: Float, b: SymbolicTensor) throws -> SymbolicTensor { try b.builder.fill(a) / b }

    public static prefix func - (a: SymbolicTensor) throws -> SymbolicTensor { try a.applying(.negate) }

    /// `operation(self, other)` for each element.
    public func combined(_ operation: BinaryOperation, _ other: SymbolicTensor) throws -> SymbolicTensor {
        let (a, b) = try SymbolicTensor.broadcastTogether(self, other, for: operation.rawValue)
        return try builder.emit(.binary(operation), [a, b])[0]
    }

    /// `operation(self, other)` for each element and one number.
    public func combined(_ operation: BinaryOperation, _ other: Float) throws -> SymbolicTensor {
        try combined(operation, builder.fill(other))
    }

    /// `operation(self)` for each element.
    public func applying(_ operation: UnaryOperation) throws -> SymbolicTensor {
        try builder.emit(.unary(operation), [self])[0]
    }

    private static func broadcastTogether(
        _ a: SymbolicTensor, _ b: SymbolicTensor, for name: String
    ) throws -> (SymbolicTensor, SymbolicTensor) {
        guard let shape = a.shape.broadcast(with: b.shape) else {
            throw GraphError(.shapeMismatch, "\(name): shapes \(a.shape) and \(b.shape) do not broadcast")
        }
        return try (a.broadcast(to: shape), b.broadcast(to: shape))
    }
}

// Named functions.
extension SymbolicTensor {
    public func exp() throws -> SymbolicTensor { try applying(.exp) }
    public func log() throws -> SymbolicTensor { try applying(.log) }
    public func squareRoot() throws -> SymbolicTensor { try applying(.squareRoot) }
    public func squared() throws -> SymbolicTensor { try applying(.square) }
    public func absolute() throws -> SymbolicTensor { try applying(.absolute) }
    public func tanh() throws -> SymbolicTensor { try applying(.tanh) }
    public func sigmoid() throws -> SymbolicTensor { try applying(.sigmoid) }
    public func softplus() throws -> SymbolicTensor { try applying(.softplus) }
    public func relu() throws -> SymbolicTensor { try applying(.relu) }

    public func maximum(_ other: Float) throws -> SymbolicTensor { try combined(.maximum, other) }
    public func minimum(_ other: Float) throws -> SymbolicTensor { try combined(.minimum, other) }
    public func clipped(_ low: Float, _ high: Float) throws -> SymbolicTensor { try maximum(low).minimum(high) }
    public func power(_ exponent: Float) throws -> SymbolicTensor { try combined(.power, exponent) }

    /// `a` where this mask is not 0, `b` elsewhere; all three broadcast together.
    public func select(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor {
        guard let both = a.shape.broadcast(with: b.shape), let all = both.broadcast(with: shape) else {
            throw GraphError(.shapeMismatch, "select: shapes \(shape), \(a.shape) and \(b.shape) do not broadcast")
        }
        return try builder.emit(
            .select, [broadcast(to: all), a.broadcast(to: all), b.broadcast(to: all)])[0]
    }

    /// The same values with another element type.
    public func cast(to dtype: DType) throws -> SymbolicTensor {
        dtype == self.dtype ? self : try builder.emit(.cast(dtype), [self])[0]
    }

    /// The same values, through which no gradient flows.
    public func stoppingGradient() throws -> SymbolicTensor { try builder.emit(.stopGradient, [self])[0] }
}
