/// Which examples each batch of each epoch holds: arithmetic alone, so that any batch can be made without the ones
/// before it, and a resumed run takes up where it stopped.
struct BatchPlan: Sendable {
    /// A batch of an epoch, both from 1.
    struct Position: Equatable, Sendable {
        var epoch: Int
        var batch: Int
    }

    let count: Int
    let batchSize: Int
    let isShuffled: Bool
    let seed: UInt64
    /// Batches that see every example once, or every one that makes a full batch.
    let batchesPerPass: Int
    /// A fixed number of batches per epoch; passes over the data then run on across epochs.
    let stepsPerEpoch: Int?

    /// - Parameter dropsLast: whether a pass leaves out the rows at its end that do not make a full batch.
    init(count: Int, batchSize: Int, isShuffled: Bool, seed: UInt64, stepsPerEpoch: Int?, dropsLast: Bool = false) {
        self.count = count
        self.batchSize = batchSize
        self.isShuffled = isShuffled
        self.seed = seed
        self.stepsPerEpoch = stepsPerEpoch
        batchesPerPass = dropsLast ? max(1, count / batchSize) : (count - 1) / batchSize + 1
    }

    var batchesPerEpoch: Int { stepsPerEpoch ?? batchesPerPass }

    /// The pass over the data (from 1) in which a batch falls, and the positions it takes of that pass's order.
    func examples(at position: Position) -> (pass: Int, positions: Range<Int>) {
        let batchesBefore = (position.epoch - 1) * batchesPerEpoch + position.batch - 1
        let start = batchesBefore % batchesPerPass * batchSize
        return (batchesBefore / batchesPerPass + 1, start..<min(start + batchSize, count))
    }

    func position(after position: Position) -> Position {
        position.batch < batchesPerEpoch
            ? Position(epoch: position.epoch, batch: position.batch + 1) : Position(epoch: position.epoch + 1, batch: 1)
    }
}
