/// The metrics by name.
public enum MetricCatalogue {
    public static let names = [
        "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
        "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "auc", "precision", "recall", "f1_score",
        "fbeta_score", "true_positives", "false_positives", "true_negatives", "false_negatives", "r2_score",
        "root_mean_squared_error", "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error", "log_cosh", "huber", "cosine_similarity", "hinge", "squared_hinge",
        "categorical_hinge", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
        "kl_divergence", "poisson",
    ]

    /// Short names, those of Keras's and some that people type.
    public static let aliases = LossCatalogue.aliases.merging([
        "acc": "accuracy", "rmse": "root_mean_squared_error", "f1": "f1_score", "r2": "r2_score",
        "log_cosh_error": "log_cosh", "logcosh_error": "log_cosh",
    ]) { $1 }

    /// The metric of this name with Keras's defaults. Its key in logs is the name as it was written, in snake_case: `mae`
    /// logs `mae`. `crossentropy`, like `accuracy`, is one of three by the loss.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> any Metric {
        let written = CatalogueName.normalized(name)
        let key = aliases[written] ?? written
        if let metric = make(key, written) { return metric }
        if let metric = LossMetric(named: key, name: written) { return metric }
        throw ModelError.unknown("metric", name, among: names + aliases.keys.sorted())
    }

    private static func make(_ key: String, _ name: String) -> (any Metric)? {
        switch key {
        case "accuracy": Accuracy(name: name)
        case "crossentropy", "ce": Crossentropy(name: name)
        case "binary_accuracy": BinaryAccuracy(name: name)
        case "categorical_accuracy": CategoricalAccuracy(name: name)
        case "sparse_categorical_accuracy": SparseCategoricalAccuracy(name: name)
        case "top_k_categorical_accuracy": TopKCategoricalAccuracy(name: name)
        case "sparse_top_k_categorical_accuracy": SparseTopKCategoricalAccuracy(name: name)
        case "auc": AUC(name: name)
        case "precision": Precision(name: name)
        case "recall": Recall(name: name)
        case "f1_score": FBetaScore.f1(name: name)
        case "fbeta_score", "f_beta_score": FBetaScore(name: name)
        case "r2_score": R2Score(name: name)
        case "root_mean_squared_error": RootMeanSquaredError(name: name)
        case "cosine_similarity": CosineSimilarityMetric(name: name)
        default: ConfusionCount.Kind(rawValue: key).map { ConfusionCount($0, name: name) }
        }
    }
}

extension Metric where Self == Accuracy { public static var accuracy: Self { Accuracy() } }
extension Metric where Self == AUC { public static var auc: Self { AUC() } }
extension Metric where Self == Precision { public static var precision: Self { Precision() } }
extension Metric where Self == Recall { public static var recall: Self { Recall() } }
extension Metric where Self == FBetaScore { public static var f1Score: Self { .f1() } }
