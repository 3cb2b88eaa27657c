internal import PeriluneItems
internal import PeriluneNN

/// `lune.metrics`: numbers that tell how good predictions are.
enum MetricBindings {
    typealias Box = LuaBox<any Metric>

    static let binding = ClassBinding.box("metric", Box.self, help: "A number that tells how good predictions are.")
    static var catalogue: Catalogue<any Metric> {
        Catalogue(
            kind: "metric", names: MetricCatalogue.names + ["crossentropy"] + MetricCatalogue.aliases.keys.sorted()
        ) { try MetricCatalogue.named($0) }
    }

    static let functions: [Binding] =
        [
            make("binary_accuracy", options: [cut], help: "The share of outputs on the right side of a threshold.") {
                BinaryAccuracy(threshold: try $0.optionalFloat("threshold") ?? 0.5, name: $1)
            },
            make("top_k_categorical_accuracy", [count], help: "Whether the right class is among the k best; one-hot.") {
                TopKCategoricalAccuracy(k: try $0.integer("k"), name: $1)
            },
            make("sparse_top_k_categorical_accuracy", [count], help: "Whether the right class is among the k best.") {
                SparseTopKCategoricalAccuracy(k: try $0.integer("k"), name: $1)
            },
            make(
                "auc",
                options: [
                    .optional("curve", .enumeration(AUC.Curve.allCases.map(\.rawValue)), default: "ROC", "the curve"),
                    thresholds,
                ], help: "The area under the ROC or precision-recall curve."
            ) {
                let curve = AUC.Curve(rawValue: try $0.string("curve")) ?? .roc
                return AUC(curve: curve, thresholdCount: try $0.integer("num_thresholds"), name: $1)
            },
            make("precision", options: decision, help: "The share of true ones among those called true.") {
                Precision(
                    threshold: try $0.optionalFloat("thresholds"), topK: try $0.optionalInteger("top_k"),
                    classID: try $0.optionalInteger("class_id"), name: $1)
            },
            make("recall", options: decision, help: "The share of those called true among the true ones.") {
                Recall(
                    threshold: try $0.optionalFloat("thresholds"), topK: try $0.optionalInteger("top_k"),
                    classID: try $0.optionalInteger("class_id"), name: $1)
            },
            make("f1_score", options: [average, cut], help: "The harmonic mean of precision and recall.") {
                FBetaScore(average: try averaging($0), threshold: try $0.optionalFloat("threshold"), name: $1)
            },
            make(
                "fbeta_score",
                options: [
                    .optional("beta", .number(.above(0)), default: 1, "how much more recall counts"), average, cut,
                ],
                help: "The weighted harmonic mean of precision and recall."
            ) {
                FBetaScore(
                    beta: try $0.float("beta"), average: try averaging($0),
                    threshold: try $0.optionalFloat("threshold"),
                    name: $1)
            },
            make(
                "r2_score",
                options: [
                    .optional(
                        "class_aggregation", .enumeration(R2Score.Aggregation.allCases.map(\.rawValue)),
                        default: "uniform_average", "how the outputs' scores become one")
                ], help: "The share of variance that is explained."
            ) {
                let aggregation = R2Score.Aggregation(rawValue: try $0.string("class_aggregation"))
                return R2Score(aggregation: aggregation ?? .uniformAverage, name: $1)
            },
        ]
        + ConfusionCount.Kind.allCases.map { kind in
            make(kind.rawValue, options: [cut], help: "How many there are.") {
                ConfusionCount(kind, threshold: try $0.optionalFloat("threshold"), name: $1)
            }
        }
        + OperatingPoint.Kind.allCases.map { kind in
            make(
                kind.rawValue, [.required("value", .number(.within(0...1)), "what the other rate must reach")],
                options: [thresholds], help: "The best of one rate where another is good enough."
            ) {
                OperatingPoint(kind, try $0.float("value"), thresholdCount: try $0.integer("num_thresholds"), name: $1)
            }
        }
        + MetricCatalogue.names.filter { !withOptions.contains($0) }.map { name in
            make(name, help: plainHelp[name] ?? "The loss of this name, averaged.") { arguments, given in
                guard try arguments.isGiven("name") else { return try MetricCatalogue.named(name) }
                return RenamedMetric(try MetricCatalogue.named(name), name: given)
            }
        }

    private static let withOptions =
        Set([
            "binary_accuracy", "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "auc", "precision",
            "recall", "f1_score", "fbeta_score", "r2_score",
        ]).union(ConfusionCount.Kind.allCases.map(\.rawValue))

    private static let plainHelp = [
        "accuracy": "Binary, categorical or sparse accuracy, as the loss and the shapes say.",
        "categorical_accuracy": "The share of rows whose largest output is at the one of the one-hot row.",
        "sparse_categorical_accuracy": "The share of rows whose largest output is at the class number.",
        "root_mean_squared_error": "The square root of the mean squared error.",
        "cosine_similarity": "1 where directions agree, -1 where they are opposite.",
    ]

    private static let count = Parameter.optional("k", .integer(atLeast: 1), default: 5, "how many count as best")
    private static let thresholds = Parameter.optional(
        "num_thresholds", .integer(atLeast: 3), default: 200, "how many thresholds are looked at")
    private static let cut = Parameter.optional(
        "threshold", .number(.within(0...1)), "outputs above it are positive")
    private static let decision: [Parameter] = [
        .optional("thresholds", .number(.within(0...1)), aliases: ["threshold"], "outputs above it are positive"),
        .optional("top_k", .integer(atLeast: 1), "the k largest outputs are positive"),
        .optional("class_id", .integer(atLeast: 0), "count this class alone, from 0"),
    ]
    private static let average = Parameter.optional(
        "average", .enumeration(FBetaScore.Average.allCases.map(\.rawValue)), default: "macro",
        "how the classes' scores become one")

    private static func averaging(_ arguments: Arguments) throws -> FBetaScore.Average {
        FBetaScore.Average(rawValue: try arguments.string("average")) ?? .macro
    }

    private static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments, _ name: String) throws -> any Metric
    ) -> Binding {
        let named = Parameter.optional("name", .string, default: .string(name), "the key in logs")
        return Binding(name, positional, options: options + [named], result: .host("metric"), help: help) { arguments in
            let key = try arguments.string("name")
            return [.object(Box(try body(arguments, key), key))]
        }
    }
}
