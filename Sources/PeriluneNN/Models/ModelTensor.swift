public import PeriluneGraph

/// A tensor between the layers of a functional model: the input of the model, or what a layer makes of others.
///
/// Shapes have no batch axis: `Input([28, 28, 1])` stands for batches [n, 28, 28, 1].
public final class ModelTensor {
    public let spec: TensorSpec
    /// The name of an input, nil where none was given and for all other tensors.
    public let name: String?
    /// The call that makes this tensor and the number of its output; nil for inputs.
    private(set) var producer: (call: LayerCall, output: Int)?

    /// An input of a model.
    /// - Parameters:
    ///   - shape: the shape of one sample, without the batch axis.
    ///   - name: the key by which a batch of several inputs names this one.
    public init(_ shape: Shape, dtype: DType = .float32, name: String? = nil) {
        self.spec = TensorSpec(shape, dtype)
        self.name = name
        self.producer = nil
    }

    init(_ spec: TensorSpec, from call: LayerCall, output: Int) {
        self.spec = spec
        self.name = nil
        self.producer = (call, output)
    }

    /// Lets go of the call, and returns it where nothing else holds it.
    fileprivate func releaseProducer() -> LayerCall? {
        guard var call = producer?.call else { return nil }
        producer = nil
        return isKnownUniquelyReferenced(&call) ? call : nil
    }

    public var shape: Shape { spec.shape }
    public var dtype: DType { spec.dtype }
}

/// Heads a `Sequential` or a functional model: `Input([28, 28, 1])`.
public typealias Input = ModelTensor

/// A layer applied to tensors of a functional model.
final class LayerCall {
    let layer: any Layer
    private(set) var inputs: [ModelTensor]

    init(_ layer: any Layer, _ inputs: [ModelTensor]) {
        self.layer = layer
        self.inputs = inputs
    }

    /// Releases a chain of calls one after the other: each releasing the one before it would fill the stack where the
    /// chain is long.
    deinit {
        var pending = inputs
        inputs = []
        while var tensor = pending.popLast() {
            guard isKnownUniquelyReferenced(&tensor), let call = tensor.releaseProducer() else { continue }
            pending += call.inputs
            call.inputs = []
        }
    }
}

extension Layer {
    /// Applies this layer in a functional model; builds it where this is its first call.
    /// - Throws: `ModelError` where the input does not fit.
    @discardableResult
    public func callAsFunction(_ input: ModelTensor) throws -> ModelTensor { try callAsFunction([input]) }

    /// Applies this layer to several tensors, as merging layers and models of several inputs take them.
    /// - Returns: the first output.
    /// - Throws: `ModelError` where the inputs do not fit.
    @discardableResult
    public func callAsFunction(_ inputs: [ModelTensor]) throws -> ModelTensor {
        guard let first = try outputs(of: inputs).first else {
            throw ModelError(.unsupported, "layer '\(name)' (\(type(of: self).kind)): has no output")
        }
        return first
    }

    /// Applies this layer and returns all of its outputs.
    /// - Throws: `ModelError` where the inputs do not fit.
    public func outputs(of inputs: [ModelTensor]) throws -> [ModelTensor] {
        let probe = Emission()
        let symbols = inputs.enumerated().map { probe.builder.input($0.offset, $0.element.spec.withProbeBatch) }
        for input in inputs where !input.shape.isValid {
            throw ModelError(.invalidArgument, "input: shape \(input.shape) is not one of whole numbers from 1")
        }
        let outputs = try ModelError.namingProbeBatch { try probe.call(self, symbols, owners: []) }
        let call = LayerCall(self, inputs)
        return outputs.enumerated().map { ModelTensor($0.element.spec.withoutBatch, from: call, output: $0.offset) }
    }
}

extension Shape {
    /// Whether every extent is 1 or more and the product is of a size that fits a machine.
    var isValid: Bool {
        dimensions.allSatisfy { (1...Argument.largest).contains($0) } && elementCount <= Shape.largestElementCount
    }
}
