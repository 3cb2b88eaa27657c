package import PeriluneItems

// Options that several callbacks have.
extension ItemOption {
    static func monitor(_ path: any KeyPath<Item, String> & Sendable) -> Self {
        .optional("monitor", path, .string, "what is watched: loss, val_accuracy, …")
    }

    static func mode(_ path: any KeyPath<Item, Monitor.Mode> & Sendable) -> Self {
        .optional("mode", path, .choice(), "which way is better")
    }

    static func verbose(_ path: any KeyPath<Item, Bool> & Sendable) -> Self {
        .optional("verbose", path, .verbosity, "whether to say what it does")
    }

    /// How often a callback acts.
    package static func every(_ path: any KeyPath<Item, Frequency> & Sendable) -> Self {
        .optional("every", path, .frequency, "how often: epochs, or { steps = n }, { seconds = x }")
    }

    /// How often a callback with a monitor judges, or a schedule acts.
    static func judgedEvery(_ path: any KeyPath<Item, Frequency> & Sendable) -> Self {
        .optional("every", path, .epochsOrSteps, "how often: epochs, or { steps = n }")
    }
}

extension OptionForm where Value == Bool {
    /// Keras has 0 and 1 for what is a boolean here.
    static var verbosity: Self {
        Self(.either(.boolean, .integer(in: 0...1)), write: boolean.write) { input in
            try boolean.read(input) ?? input.integer.map { $0 == 1 }
        }
    }
}
