public import PeriluneGraph

/// A stack of layers, each applied to the output of the one before.
///
/// Headed by an `Input` it can be built at once with `buildIfPossible`; otherwise the first batch builds it.
/// ```swift
/// let model = Sequential {
///     Dense(128, activation: .relu)
///     Dense(10)
/// }
/// ```
public final class Sequential: Model {
    public override class var kind: String { "sequential" }

    private var stack: [any Layer]
    /// The input that heads the stack, if one does.
    public let input: ModelTensor?

    public init(_ layers: [any Layer], input: ModelTensor? = nil, name: String? = nil) {
        stack = layers
        self.input = input
        super.init(core: LayerCore(name: name))
        own(layers)
    }

    public convenience init(name: String? = nil, @SequentialBuilder _ parts: () -> [SequentialPart]) {
        let parts = parts()
        self.init(parts.compactMap(\.layer), input: parts.lazy.compactMap(\.input).first, name: name)
    }

    private func own(_ layers: [any Layer]) {
        core.extent = LayerExtent(calling: layers)
        for layer in layers { layer.core.owner = core }
        // One that is too large is refused where it is used.
        if core.extent.isAllowed { LayerNames.assign(layers) }
    }

    public override var layers: [any Layer] { stack }

    public override var inputNames: [String] { [input?.name ?? "input"] }

    /// Puts `layer` on top of the stack.
    /// - Throws: `ModelError` where the model is built already or part of another one, the layer contains the model, or
    ///   models are nested too deep.
    public func add(_ layer: any Layer) throws {
        guard !layer.contains(self) else {
            throw ModelError(.invalidArgument, "model '\(name)' cannot be added to itself")
        }
        guard !isBuilt, !core.isBuilt else {
            throw ModelError(.unsupported, "model '\(name)' is built: layers cannot be added any more")
        }
        guard core.owner == nil else {
            throw ModelError(.unsupported, "model '\(name)' is part of another model: layers cannot be added any more")
        }
        try LayerExtent(calling: stack + [layer]).check()
        stack.append(layer)
        own(stack)
    }

    /// Builds the model where an `Input` heads it and it is not built yet.
    /// - Throws: `ModelError` where a layer does not fit its input.
    public func buildIfPossible() throws {
        if let input, !isBuilt { try build(inputs: [input.spec]) }
    }

    public override var outline: ModelOutline {
        var outline = ModelOutline(self, inputs: [input?.spec ?? core.inputs?.first], isSequential: true)
        var sources = outline.inputs.map(\.name)
        for layer in stack { sources = outline.call(layer, sources) }
        outline.end(with: sources)
        return outline
    }

    public override func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        guard inputs.count == 1 else {
            throw ModelError(.shapeMismatch, "a sequential model takes one input, got \(inputs.count)")
        }
        guard !stack.isEmpty else { throw ModelError(.invalidArgument, "a sequential model needs at least one layer") }
        if let input, input.shape.rank != inputs[0].rank - 1 || input.dtype != inputs[0].dtype {
            throw ModelError(
                .shapeMismatch, "the input takes \(input.spec) without the batch, got \(inputs[0].spec) with it")
        }
        return try stack.reduce(inputs) { try context.call($1, $0) }
    }
}

/// A part of a `Sequential`: its input or a layer.
public struct SequentialPart {
    let layer: (any Layer)?
    let input: ModelTensor?
}

/// Lets a `Sequential` be written as a list of layers, with `if` and `for`.
@resultBuilder
public enum SequentialBuilder {
    public static func buildExpression(_ layer: any Layer) -> [SequentialPart] {
        [SequentialPart(layer: layer, input: nil)]
    }

    public static func buildExpression(_ input: ModelTensor) -> [SequentialPart] {
        [SequentialPart(layer: nil, input: input)]
    }

    public static func buildBlock(_ parts: [SequentialPart]...) -> [SequentialPart] { parts.flatMap { $0 } }
    public static func buildArray(_ parts: [[SequentialPart]]) -> [SequentialPart] { parts.flatMap { $0 } }
    public static func buildOptional(_ parts: [SequentialPart]?) -> [SequentialPart] { parts ?? [] }
    public static func buildEither(first parts: [SequentialPart]) -> [SequentialPart] { parts }
    public static func buildEither(second parts: [SequentialPart]) -> [SequentialPart] { parts }
}
