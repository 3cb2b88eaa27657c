import PeriluneGraph
import PeriluneItems

/// A fault in a model, layer, loss, metric or one of their options: where, what, and what is allowed.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for programs that want to react to it.
    public enum Code: Hashable, Sendable {
        /// An option is out of its range.
        case invalidArgument
        /// A name that is not in a catalogue (activation, loss, …) or not in the model.
        case unknownName
        /// Shapes do not fit each other, or the layer.
        case shapeMismatch
        /// A tensor has an element type that is not taken here.
        case typeMismatch
        /// Two layers of one model have the same name.
        case duplicateName
        /// The model has no weights yet, because it has not seen an input shape.
        case notBuilt
        /// The combination of options is not there.
        case unsupported
    }

    public let code: Code
    /// `layer 'dense_1' (dense): expects the last axis of its input to be 128, got shape [32, 64]`.
    public let message: String
    /// The layer's path where the fault was found inside of a layer: `encoder/dense_1`.
    public let layerPath: String?

    public init(_ code: Code, _ message: String, layerPath: String? = nil) {
        self.code = code
        self.message = message
        self.layerPath = layerPath
    }

    public var description: String { message }
}

extension ModelError {
    /// An unknown `kind` (`activation`, `loss`, …) with the nearest of the known names, or all where none is near.
    static func unknown(_ kind: String, _ name: String, among candidates: [String]) -> ModelError {
        var hint = NearestName.hint(name, among: candidates)
        if hint.isEmpty { hint = "; known: \(candidates.joined(separator: ", "))" }
        return ModelError(.unknownName, "unknown \(kind) '\(name)'\(hint)")
    }
}

extension ModelError.Code {
    init(_ code: GraphError.Code) {
        self =
            switch code {
            case .shapeMismatch: .shapeMismatch
            case .typeMismatch: .typeMismatch
            case .invalidAttribute: .invalidArgument
            case .notDifferentiable: .unsupported
            }
    }
}
