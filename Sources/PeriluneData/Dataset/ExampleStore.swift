import PeriluneGraph

/// The examples of a data set in memory: immutable, and shared by every view of it.
final class ExampleStore: Sendable {
    /// The file that the examples came from; nil for tensors.
    let file: String?
    /// The file of the targets, where that is another one.
    let targetFile: String?
    /// The line of each example in `file`; empty where examples are counted instead.
    let lines: [Int32]
    let count: Int
    /// Each with the examples along the first axis.
    let inputs: [Tensor]
    /// For each input, the elements that float32 cannot tell apart, by their flat index: their values in all examples.
    /// Empty where there are none.
    let preciseInputs: [[Int: [Double]]]
    let targets: [Tensor]
    /// Of shape [count].
    let sampleWeights: Tensor?

    /// All tensors have the same extent along their first axis; the callers check that.
    init(
        file: String?, targetFile: String? = nil, lines: [Int32] = [], inputs: [Tensor],
        preciseInputs: [[Int: [Double]]] = [], targets: [Tensor], sampleWeights: Tensor?
    ) {
        self.file = file
        self.targetFile = targetFile ?? file
        self.lines = lines
        self.count = inputs[0].shape[0]
        self.inputs = inputs
        self.preciseInputs = preciseInputs
        self.targets = targets
        self.sampleWeights = sampleWeights
    }

    /// The same examples with some parts exchanged; what stays is shared, not copied.
    func replacing(targets: [Tensor]? = nil, sampleWeights: Tensor? = nil) -> ExampleStore {
        ExampleStore(
            file: file, targetFile: targetFile, lines: lines, inputs: inputs, preciseInputs: preciseInputs,
            targets: targets ?? self.targets, sampleWeights: sampleWeights ?? self.sampleWeights)
    }

    /// Inputs, targets, then weights, as in `DataLayout.slots`.
    var slots: [Tensor] { inputs + targets + (sampleWeights.map { [$0] } ?? []) }

    /// The elements of an input that float32 cannot tell apart, with their values in all examples.
    func precise(input: Int) -> [Int: [Double]] { preciseInputs.indices.contains(input) ? preciseInputs[input] : [:] }

    /// An error about one value of an input or target, placed where its example came from.
    func error(_ message: String, row: Int, column: String, isTarget: Bool = false) -> DataError {
        DataError(
            .invalidValue, message, file: isTarget ? targetFile : file, row: lines.isEmpty ? row + 1 : Int(lines[row]),
            column: column)
    }
}
