/// The initializers by name. `stft` is not among them: it makes the kernel of a spectrogram layer that is not there.
public enum InitializerCatalogue {
    public static let names = [
        "zeros", "ones", "constant", "identity", "orthogonal", "random_normal", "random_uniform", "truncated_normal",
        "variance_scaling", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "lecun_normal",
        "lecun_uniform",
    ]

    /// Keras's short names.
    public static let aliases = ["eye", "normal", "one", "uniform", "zero"]

    /// The initializer of this name with Keras's defaults. Keras's class names and its aliases (`normal`, `uniform`,
    /// `zero`, `one`, `eye`) are accepted.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> any Initializer {
        switch CatalogueName.normalized(name) {
        case "zeros", "zero": Zeros()
        case "ones", "one": Ones()
        case "constant": Constant()
        case "identity", "eye", "identity_initializer": Identity()
        case "orthogonal", "orthogonal_initializer": Orthogonal()
        case "random_normal", "normal": RandomNormal()
        case "random_uniform", "uniform": RandomUniform()
        case "truncated_normal": TruncatedNormal()
        case "variance_scaling": VarianceScaling()
        case "glorot_normal": GlorotNormal()
        case "glorot_uniform": GlorotUniform()
        case "he_normal": HeNormal()
        case "he_uniform": HeUniform()
        case "lecun_normal": LecunNormal()
        case "lecun_uniform": LecunUniform()
        default: throw ModelError.unknown("initializer", name, among: names)
        }
    }
}

extension Initializer where Self == Zeros { public static var zeros: Zeros { Zeros() } }
extension Initializer where Self == Ones { public static var ones: Ones { Ones() } }
extension Initializer where Self == GlorotUniform { public static var glorotUniform: GlorotUniform { GlorotUniform() } }
extension Initializer where Self == GlorotNormal { public static var glorotNormal: GlorotNormal { GlorotNormal() } }
extension Initializer where Self == HeUniform { public static var heUniform: HeUniform { HeUniform() } }
extension Initializer where Self == HeNormal { public static var heNormal: HeNormal { HeNormal() } }
extension Initializer where Self == LecunNormal { public static var lecunNormal: LecunNormal { LecunNormal() } }
extension Initializer where Self == Orthogonal {
    public static func orthogonal(gain: Float = 1) -> Orthogonal { Orthogonal(gain: gain) }
}
extension Initializer where Self == RandomNormal {
    public static func randomNormal(mean: Float = 0, standardDeviation: Float = 0.05) -> RandomNormal {
        RandomNormal(mean: mean, standardDeviation: standardDeviation)
    }
}
