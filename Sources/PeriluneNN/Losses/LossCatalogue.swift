/// The losses by name.
public enum LossCatalogue {
    public static let names = [
        "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mean_squared_error",
        "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "huber", "log_cosh",
        "kl_divergence", "poisson", "cosine_similarity", "hinge", "squared_hinge", "categorical_hinge",
    ]

    /// Keras's short names.
    public static let aliases = [
        "bce": "binary_crossentropy", "mse": "mean_squared_error", "mae": "mean_absolute_error",
        "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error", "kld": "kl_divergence",
        "logcosh": "log_cosh", "kullback_leibler_divergence": "kl_divergence",
    ]

    /// The loss of this name with Keras's defaults. Class names (`MeanSquaredError`) are accepted.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> any Loss {
        let key = CatalogueName.normalized(name)
        guard let loss = make(aliases[key] ?? key) else {
            throw ModelError.unknown("loss", name, among: names + aliases.keys.sorted())
        }
        return loss
    }

    static func make(_ key: String) -> (any Loss)? {
        switch key {
        case "binary_crossentropy": BinaryCrossentropy()
        case "categorical_crossentropy": CategoricalCrossentropy()
        case "sparse_categorical_crossentropy": SparseCategoricalCrossentropy()
        case "mean_squared_error": MeanSquaredError()
        case "mean_absolute_error": MeanAbsoluteError()
        case "mean_absolute_percentage_error": MeanAbsolutePercentageError()
        case "mean_squared_logarithmic_error": MeanSquaredLogarithmicError()
        case "huber": Huber()
        case "log_cosh": LogCosh()
        case "kl_divergence": KLDivergence()
        case "poisson": Poisson()
        case "cosine_similarity": CosineSimilarity()
        case "hinge": Hinge()
        case "squared_hinge": SquaredHinge()
        case "categorical_hinge": CategoricalHinge()
        default: nil
        }
    }
}

extension Loss where Self == MeanSquaredError { public static var meanSquaredError: Self { MeanSquaredError() } }
extension Loss where Self == MeanAbsoluteError { public static var meanAbsoluteError: Self { MeanAbsoluteError() } }
extension Loss where Self == Huber {
    public static func huber(delta: Float = 1) -> Self { Huber(delta: delta) }
}
extension Loss where Self == BinaryCrossentropy {
    public static var binaryCrossentropy: Self { BinaryCrossentropy() }
}
extension Loss where Self == CategoricalCrossentropy {
    public static var categoricalCrossentropy: Self { CategoricalCrossentropy() }
}
extension Loss where Self == SparseCategoricalCrossentropy {
    public static var sparseCategoricalCrossentropy: Self { SparseCategoricalCrossentropy() }
}
