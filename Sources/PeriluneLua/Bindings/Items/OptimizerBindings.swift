internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneTrain

/// `lune.optimizers`: how gradients change weights.
enum OptimizerBindings {
    static let functions: [Binding] = OptimizerCatalogue.declarations.map { declaration in
        .item(declaration, kind: OptimizerCatalogue.kind) { optimizer, _ in optimizer }
    }
}
