public import PeriluneItems

/// The initializers by name. `stft` is not among them: it makes the kernel of a spectrogram layer that is not there.
public enum InitializerCatalogue: ItemCatalogue {
    public static let kind = "initializer"

    public static let declarations: [InitializerDeclaration] = [
        Zeros.declaration, Ones.declaration, Constant.declaration, Identity.declaration, Orthogonal.declaration,
        RandomNormal.declaration, TruncatedNormal.declaration, RandomUniform.declaration, VarianceScaling.declaration,
        GlorotUniform.declaration, GlorotNormal.declaration, HeUniform.declaration, HeNormal.declaration,
        LecunUniform.declaration, LecunNormal.declaration,
    ]
}

/// What an initializer is called, which options it takes and how it is made.
public typealias InitializerDeclaration = ItemDeclaration<any Initializer>

extension ItemDeclaration where Product == any Initializer {
    /// An initializer without options.
    init<Item: Initializer & SendableMetatype>(
        _ name: String, aliases: [String] = [], _ item: @escaping @autoclosure @Sendable () -> Item, help: String
    ) {
        self.init(name, aliases: aliases, item(), help: help) { _ in item() }
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
