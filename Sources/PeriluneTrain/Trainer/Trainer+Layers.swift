import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

// What callbacks do to single layers, and how they look at weights without copying them.
extension Trainer {
    /// What the learning rate of a weight is multiplied with: what is set for the innermost layer that holds it.
    func rateFactor(of variable: ModelVariable) -> Float {
        guard !rateFactors.isEmpty else { return 1 }
        for owner in variable.owners.reversed() {
            if let factor = rateFactors[owner.name] { return factor }
        }
        return 1
    }

    /// Shows each float32 weight, in Keras's order.
    func visitWeights(_ body: (_ index: Int, _ elements: UnsafeBufferPointer<Float>) -> Void) {
        let entries = model.variables.entries
        for index in entries.indices where entries[index].spec.dtype == .float32 {
            state.store.withElements(of: entries[index].id) { body(index, $0) }
        }
    }
}
