package import PeriluneBinding
internal import PeriluneItems
public import PeriluneLuaRuntime
internal import PeriluneNN
import PeriluneProcess
internal import PeriluneTrain

/// The module that scripts get from `require "perilune"`.
public enum PeriluneModule {
    /// The version of the library, as `lune.version` tells.
    public static let version = "0.1.0"

    /// What scripts `require`.
    public static let packageName = "perilune"

    /// Everything that is in the module: the source of registration, checks, help, completion and stubs.
    package static let binding: ModuleBinding = {
        var module = ModuleBinding(
            "lune", help: "Perilune: train neural networks from Lua.", functions: functions,
            constants: [.init("version", .string(version), help: "The version of the library.")], classes: classes,
            modules: modules,
            topics: [
                .init("events", EventsTopic.text), .init("directives", DirectivesTopic.text),
            ])
        module.functions.append(module.helpFunction())
        module.missing = Dictionary(
            uniqueKeysWithValues: missingLayers.map {
                ($0, "there is no layer '\($0)' yet; lune.layers has those there are")
            })
        return module
    }()

    /// Lets scripts of `state` say `require "perilune"`.
    public static func install(in state: LuaState) throws(LuaError) {
        state.willPrint = { Terminal.beginLine() }
        try state.preload(packageName) { state in .table(table(in: state)) }
        try state.addObjectFunctions()
        // As the library's own numbers, those of `math.random` are the same in each process.
        try state.session.setSeed(0, in: state)
    }

    /// The module's table, made at the first call: what `require "perilune"` returns.
    public static func table(in state: LuaState) -> LuaTable {
        let holder = state.attachment(Holder.self) { Holder() }
        if let table = holder.table { return table }
        let table = state.register(binding)
        holder.table = table
        return table
    }

    private final class Holder {
        var table: LuaTable?
    }

    /// Layers of Keras that people look for.
    private static let missingLayers = [
        "conv_lstm2d", "multi_head_attention", "attention",
        "conv3d_transpose", "conv1d_transpose", "masking", "lambda",
    ]

    private static let functions: [Binding] =
        GeneralBindings.functions + TensorConstructors.functions + FunctionalBindings.functions
        + LayerBindings.functions
        + .items(LossCatalogue.self) + OptimizerBindings.functions + .items(ScheduleCatalogue.self)
        + .items(ConstraintCatalogue.self) + CallbackBindings.functions
        + [OnBinding.function, CallbackClass.function, ScriptBinding.function]
        + withoutTaken(.items(InitializerCatalogue.self), .items(RegularizerCatalogue.self), ItemClasses.metrics)

    /// Items whose names mean nothing else at the top level: `zeros` makes a tensor, `orthogonal` is an initializer,
    /// `hinge` is a loss.
    private static func withoutTaken(_ lists: [Binding]...) -> [Binding] {
        var taken = Set(
            (TensorConstructors.functions + LayerBindings.functions + .items(LossCatalogue.self)).map(\.name))
        return lists.flatMap { $0 }.filter { taken.insert($0.name).inserted }
    }

    private static let modules: [ModuleBinding] = [
        DataModule.module,
        ModuleBinding("layers", help: "Layers; each is in lune itself too.", functions: LayerBindings.functions),
        ModuleBinding("losses", help: "Losses; each is in lune itself too.", functions: .items(LossCatalogue.self)),
        ModuleBinding(
            "metrics", help: "Metrics; in lune itself where no loss has the name.", functions: ItemClasses.metrics),
        ModuleBinding(
            "optimizers", help: "Optimizers; each is in lune itself too.", functions: OptimizerBindings.functions),
        ModuleBinding("schedules", help: "Learning rates over time.", functions: .items(ScheduleCatalogue.self)),
        ModuleBinding(
            "initializers", help: "How weights begin; in lune itself where nothing else has the name.",
            functions: .items(InitializerCatalogue.self)),
        ModuleBinding(
            "regularizers", help: "Penalties on weights.",
            functions: .items(RegularizerCatalogue.self)),
        ModuleBinding(
            "constraints", help: "What weights are brought back to.", functions: .items(ConstraintCatalogue.self)),
        ModuleBinding(
            "callbacks", help: "Callbacks that come with the library.", functions: CallbackBindings.functions),
    ]

    private static let classes: [ClassBinding] =
        [
            LuaTensor.binding, FunctionalBindings.tensorClass, LuaLayer.binding, LuaModel.modelBinding,
            LuaDataset.binding,
            LuaDataset.normalization, OptimizerClass.binding, ScheduleClass.binding,
        ] + ItemClasses.bindings + [
            CallbackBox.binding, HistoryClass.binding, LuaRun.binding,
        ]
}

/// Functions of the module that belong to nothing else.
enum GeneralBindings {
    static let functions: [Binding] = [
        Binding(
            "seed", [.required("seed", .integer(in: 0 ... .max), "any whole number of 0 or more")],
            help: """
                Chooses the random numbers that follow: weights, shuffling, dropout, tensors, math.random.
                Each model, fit, shuffle and random tensor draws from a stream of its own, numbered in the order in
                which the script makes them: two of a kind differ, and the script repeats. Without it a script has \
                seed 0.
                """
        ) { arguments in
            try arguments.state.session.setSeed(UInt64(arguments.integer("seed")), in: arguments.state)
            return []
        },
        Binding(
            "prompt",
            help: """
                Opens a prompt right here: a breakpoint. Needs a terminal.
                In a callback it is the live prompt of the run: run, model, optimizer, history and logs are there, and
                `continue` goes on.
                """
        ) { arguments in
            let state = arguments.state
            if let run = state.session.runs.last(where: { $0.run.isTraining }) {
                try state.withClockStopped(forEvents: true) { try run.run.pause() }
            } else if let open = state.runHooks.onPrompt {
                try state.withClockStopped(forEvents: true) { try open() }
            } else {
                throw TrainingError(.noPrompt, "a breakpoint \(TrainingError.needsPrompt)")
            }
            return []
        },
    ]
}
