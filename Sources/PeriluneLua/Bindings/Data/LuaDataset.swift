package import PeriluneData
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// A data set as scripts hold it. Views share the examples; every method that changes something gives a new data set.
package final class LuaDataset {
    package let dataset: Dataset
    private var charge: MemoryCharge?

    init(_ dataset: Dataset) {
        self.dataset = dataset
    }

    /// Examples that several data sets share count once.
    func chargeMemory(to budget: ScriptBudget) throws {
        guard charge == nil, let storage = dataset.storage else { return }
        charge = try budget.charge(storage.byteCount, sharedBy: storage.identifier)
    }

    /// `dataset: 1437 examples, x float32[64], y int32[]`
    package var text: String {
        let count = dataset.count.map { "\($0) examples" } ?? "a generator"
        guard let layout = dataset.layout else { return "dataset: \(count)" }
        let fields = (layout.inputs + layout.targets).map { "\($0.name) \($0.spec)" }
        let weights = layout.hasSampleWeights ? ["sample weights"] : []
        return "dataset: " + ([count] + fields + weights).joined(separator: ", ")
    }
}
