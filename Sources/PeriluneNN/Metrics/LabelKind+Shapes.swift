import PeriluneGraph

extension LabelKind {
    /// What labels these shapes have: by the loss where it says so, otherwise by the shapes as in Keras.
    static func of(loss: (any Loss)?, yTrue: Shape, yPred: Shape) -> LabelKind {
        let classes = yPred.dimensions.last ?? 1
        let isSparse = classes > 1 && (yTrue.rank < yPred.rank || yTrue.dimensions.last == 1)
        if classes <= 1 { return .binary }
        if isSparse { return .sparse }
        return loss?.labels == .binary ? .binary : .categorical
    }
}
