public import PeriluneItems

/// The metrics by name.
public enum MetricCatalogue: ItemCatalogue {
    public static let kind = "metric"

    public static let declarations: [MetricDeclaration] =
        [
            Accuracy.declaration, BinaryAccuracy.declaration, CategoricalAccuracy.declaration,
            SparseCategoricalAccuracy.declaration, TopKCategoricalAccuracy.declaration,
            SparseTopKCategoricalAccuracy.declaration, AUC.declaration, Precision.declaration, Recall.declaration,
            F1Score.declaration, FBetaScore.declaration, TruePositives.declaration, FalsePositives.declaration,
            TrueNegatives.declaration, FalseNegatives.declaration, PrecisionAtRecall.declaration,
            RecallAtPrecision.declaration, SensitivityAtSpecificity.declaration, SpecificityAtSensitivity.declaration,
            R2Score.declaration, RootMeanSquaredError.declaration, CosineSimilarityMetric.declaration,
            Crossentropy.declaration,
        ] + LossMetric.declarations

    /// The key in logs is the name as it was written, in snake_case: `mae` logs `mae`.
    public static func options(ofName written: String) -> [String: OptionValue] { ["name": .text(written)] }
}

/// What a metric is called, which options it takes and how it is made.
public typealias MetricDeclaration = ItemDeclaration<any Metric>

extension ItemOption {
    /// The option that every metric has.
    static func name(_ path: any KeyPath<Item, String> & Sendable) -> Self {
        .optional("name", path, .string, "the key in logs")
    }

    /// Of metrics that compare predictions with thresholds.
    static func thresholds(_ path: any KeyPath<Item, Int?> & Sendable) -> Self {
        .optional(
            "num_thresholds", path, .integer(atLeast: 3), shown: "every score",
            "how many evenly spaced thresholds are looked at, as Keras does with 200")
    }
}

extension Metric where Self == Accuracy { public static var accuracy: Self { Accuracy() } }
extension Metric where Self == AUC { public static var auc: Self { AUC() } }
extension Metric where Self == Precision { public static var precision: Self { Precision() } }
extension Metric where Self == Recall { public static var recall: Self { Recall() } }
extension Metric where Self == F1Score { public static var f1Score: Self { F1Score() } }
