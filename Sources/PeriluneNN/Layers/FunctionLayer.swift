import PeriluneGraph

/// A layer that is an activation of its own name: `ReLU`, `Softmax`. Its parameters are the
/// activation's, and so are their ranges.
protocol FunctionLayer: SingleInputLayer {
    associatedtype Function: ActivationFunction

    var function: Function { get }
}

extension FunctionLayer {
    public func validate() throws { try function.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, Activation(function))
    }
}
