/// What each class counts in the loss.
public enum ClassWeights: Hashable, Sendable {
    /// By class number; classes that are not named weigh 1.
    case named([Int: Float])
    /// One for each class, from class 0 up.
    case list([Float])

    /// Whether nothing is weighted.
    public var isEmpty: Bool {
        switch self {
        case .named(let weights): weights.isEmpty
        case .list(let weights): weights.isEmpty
        }
    }

    /// The weights by class number.
    public var byClass: [Int: Float] {
        switch self {
        case .named(let weights): weights
        case .list(let weights):
            Dictionary(uniqueKeysWithValues: weights.enumerated().map { ($0.offset, $0.element) })
        }
    }

    /// - Parameter classes: how many there are; nil where that is not known.
    /// - Throws: `DataError` where a class does not exist, a list has not one weight a class, or a weight is negative
    ///   or not finite.
    func check(classes: Int?) throws {
        func fault(_ message: String) -> DataError { DataError(.invalidArgument, "class_weight: \(message)") }
        if case .list(let weights) = self, let classes, weights.count != classes {
            throw fault(
                "a list has one weight for each class from 0 up; there are \(classes) classes, and \(weights.count) "
                    + "weights; some classes are weighted by their numbers: { [0] = 1, [2] = 5 }")
        }
        // Sorted, so that the same mistake always gives the same message.
        for (number, weight) in byClass.sorted(by: { $0.key < $1.key }) {
            guard number >= 0, number < classes ?? .max else {
                let range = classes.map { "; there are \($0), 0...\($0 - 1)" } ?? ""
                throw fault("there is no class \(number)\(range)")
            }
            guard weight.isFinite, weight >= 0 else { throw fault("the weight of class \(number) is \(weight)") }
        }
    }
}

extension ClassWeights: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    public init(dictionaryLiteral elements: (Int, Float)...) {
        self = .named(Dictionary(elements) { _, last in last })
    }

    public init(arrayLiteral elements: Float...) { self = .list(elements) }
}
