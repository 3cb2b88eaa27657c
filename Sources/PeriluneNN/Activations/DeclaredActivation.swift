import PeriluneItems

/// An activation of the catalogue: its name and the ranges of its parameters are those of its declaration.
protocol DeclaredActivation: ActivationFunction {
    static var declaration: ActivationDeclaration { get }
}

extension DeclaredActivation {
    static var name: String { declaration.name }

    func validate() throws {
        do {
            try Self.declaration.validate(Activation(self))
        } catch let error as ItemError {
            throw ModelError(.invalidArgument, error.description)
        }
    }
}
