/// What the results of an activation are to a loss of logits or probabilities.
public enum ActivationResult: Hashable, Sendable {
    /// Numbers that are no probabilities: a loss takes them for logits.
    case numbers
    /// Probabilities of one kind or another, which a loss takes as they are.
    case probabilities
    /// The logistic function of each element: probabilities whose logits are what it was applied to.
    case sigmoid
    /// Exponentials along an axis, scaled to a sum of 1: probabilities of classes that exclude each other, whose logits
    /// are what it was applied to.
    case softmax(axis: Int)
}

extension ActivationResult {
    /// Whether they are probabilities of one kind or another, so that a loss must not take them for logits.
    var isProbabilities: Bool {
        switch self {
        case .numbers: false
        case .probabilities, .sigmoid, .softmax: true
        }
    }

    /// Whether they are the softmax along the last axis of a tensor of this rank.
    func isSoftmax(rank: Int) -> Bool {
        switch self {
        case .softmax(let axis): axis == -1 || axis == rank - 1
        case .numbers, .probabilities, .sigmoid: false
        }
    }
}
