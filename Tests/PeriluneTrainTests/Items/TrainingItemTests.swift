import PeriluneItems
import PeriluneTestSupport
import PeriluneTrain
import Testing

/// What the declarations of a run's items must be, whichever items there are.
struct TrainingItemTests {
    @Test func `every item has a name of its own and help`() {
        #expect(CatalogueCheck.faultsOfText(ScheduleCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(OptimizerCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(CallbackCatalogue.self) == [])
    }

    @Test func `every item is what its description says`() {
        #expect(CatalogueCheck.faultsOfDescriptions(ScheduleCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(OptimizerCatalogue.self) == [])
        // The sign of a margin does not matter, times add up, and there are two spellings of `every`.
        let margins = ["early_stopping", "keep_best_weights", "reduce_lr_on_plateau"].map { $0 + ".min_delta" }
        let times = ["seconds", "minutes", "hours"].map { "time_budget." + $0 }
        #expect(
            CatalogueCheck.faultsOfDescriptions(
                CallbackCatalogue.self, restated: Set(margins + times + ["model_checkpoint.save_freq"]), atLeast: 9)
                == [])
    }

    @Test func `every file declares one item, which is in its catalogue`() throws {
        #expect(
            try CatalogueCheck.faultsOfFiles(
                in: "PeriluneTrain/Schedules", of: ScheduleCatalogue.self, shared: ["ConstantSchedule", "Schedule"])
                == [])
        #expect(
            try CatalogueCheck.faultsOfFiles(
                in: "PeriluneTrain/Optimizers", of: OptimizerCatalogue.self,
                shared: [
                    "Hyperparameter", "MovingAverage", "Muon+Update", "NewtonSchulz", "Optimizer", "Optimizer+Emitting",
                    "Optimizer+Options", "OptimizerSettings", "SlotDeclaration", "TrainedParameter", "UpdateRule",
                ]) == [])
    }

    @Test func `every class of a callback declares one, which is in the catalogue`() throws {
        #expect(
            try CatalogueCheck.faultsOfClasses(
                of: "Callback", in: "PeriluneTrain/Callbacks", CallbackCatalogue.self,
                undeclared: [
                    "CombinedStopping", "CombinedStoppingMember", "FilteredCallback", "LambdaCallback", "NamedCallback",
                    "WeightAveraging",
                ], without: ["Loggers"]) == [])
    }

    @Test func `a callback takes functions and callbacks of a program, and is described without the functions`() throws
    {
        let schedule: HyperparameterScheduler.Schedule = { index, value in (value ?? 0) + Double(index) }
        let made = try HyperparameterScheduler.declaration.make([
            "name": .value(.text("momentum")), "schedule": .made(schedule),
            "every": .value(.record(["steps": .integer(3)])),
        ])
        #expect(
            CallbackCatalogue.describe(made)
                == ItemDescription(
                    "hyperparameter_scheduler",
                    [
                        "name": .text("momentum"), "every": .record(["steps": .integer(3)]), "verbose": .boolean(false),
                    ]))
        let either = try AnyStopping.declaration.make(["callbacks": .list([.made(try TimeBudget(5)), .made(made)])])
        #expect(either.hosted.map(\.name) == ["time_budget", "hyperparameter_scheduler"])
        // A function is no value, so this one could not be made again as it is.
        #expect(throws: ItemError.self) { try CallbackCatalogue.make(#require(CallbackCatalogue.describe(either))) }
    }

    @Test func `plans and patterns are described as they are given`() throws {
        let items: [ItemDescription] = [
            ItemDescription("batch_size_schedule", ["plan": .record(["1": .integer(32), "5": .integer(64)])]),
            ItemDescription(
                "freeze_schedule",
                [
                    "patterns": .record([
                        "conv*": .record(["from": .integer(2), "to": .integer(3)]),
                        "dense": .record(["from": .integer(4)]),
                    ])
                ]),
            ItemDescription("unfreeze", ["patterns": .record(["conv*": .integer(4), "dense": .integer(1)])]),
            ItemDescription("layer_learning_rates", ["patterns": .record(["conv*": .number(0.5)])]),
            ItemDescription("warm_up", ["epochs": .integer(2), "from": .number(0.5)]),
            ItemDescription(
                "all", ["callbacks": .list([.item(ItemDescription("time_budget", ["seconds": .number(5)]))])]),
        ]
        for item in items { #expect(try CallbackCatalogue.describe(CallbackCatalogue.make(item)) == item) }
        let list = try CallbackCatalogue.make(
            ItemDescription("gradient_accumulation_schedule", ["plan": .list([.integer(1), .integer(2)])]))
        #expect(
            CallbackCatalogue.describe(list)?.options["plan"] == .record(["1": .integer(1), "2": .integer(2)]))
    }

    @Test func `an optimizer is described with its schedule and what it has now`() throws {
        let optimizer = try Optimizer.adam(schedule: CosineDecay(initial: 0.1, decaySteps: 10))
        try optimizer.set("beta_1", 0.5)
        let description = try #require(OptimizerCatalogue.describe(optimizer))
        #expect(description.options["beta_1"] == .number(0.5))
        let again = try OptimizerCatalogue.make(description)
        #expect(again.schedule is CosineDecay)
        #expect(again.learningRate == 0.1)
        #expect(OptimizerCatalogue.describe(again) == description)
    }
}
