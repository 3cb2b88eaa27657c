// Made with Keras 3.15.1 (tensorflow).
/// Keras 3's losses of `LossFixture`'s tensors, without and with sample weights.
let lossFixtures: [(name: String, truth: String, prediction: String, value: Float, weighted: Float)] = [
    ("mean_squared_error", "real", "unit", 0.099631116, 0.10112137),
    ("mean_absolute_error", "real", "unit", 0.24741971, 0.25934795),
    ("mean_absolute_percentage_error", "real", "unit", 102.97043, 107.99004),
    ("mean_squared_logarithmic_error", "real", "unit", 0.046940438, 0.048174214),
    ("log_cosh", "real", "unit", 0.047764853, 0.048693925),
    ("kl_divergence", "real", "unit", 0.19791117, 0.34481674),
    ("poisson", "real", "unit", 0.82279664, 0.83612776),
    ("cosine_similarity", "real", "unit", -0.83590329, -0.84218311),
    ("huber", "real", "unit", 0.041329674, 0.043133434),
    ("hinge", "binary", "logits", 0.89587748, 1.1081038),
    ("squared_hinge", "binary", "logits", 1.9167237, 2.6429529),
    ("categorical_hinge", "oneHot", "logits", 2.2719963, 1.7612867),
    ("categorical_crossentropy", "oneHot", "logits", 1.6742792, 1.3738785),
    ("categorical_crossentropy:probabilities", "oneHot", "unit", 1.1154752, 1.1132296),
    ("categorical_crossentropy:smooth", "oneHot", "logits", 1.7008649, 1.5060399),
    ("sparse_categorical_crossentropy", "sparse", "logits", 1.6742792, 1.3738785),
    ("sparse_categorical_crossentropy:probabilities", "sparse", "unit", 1.1154752, 1.1132296),
    ("binary_crossentropy", "binary", "logits", 0.69219136, 0.86262202),
    ("binary_crossentropy:probabilities", "binary", "unit", 1.1429935, 1.2042319),
    ("binary_crossentropy:smooth", "binary", "logits", 0.74399513, 0.88719237),
]
