import PeriluneItems
import PeriluneTestSupport
import PeriluneTrain
import Testing

/// What the declarations of a run's items must be, whichever items there are.
struct TrainingItemTests {
    @Test func `every item has a name of its own and help`() {
        #expect(CatalogueCheck.faultsOfText(ScheduleCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(OptimizerCatalogue.self) == [])
    }

    @Test func `every item is what its description says`() {
        #expect(CatalogueCheck.faultsOfDescriptions(ScheduleCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(OptimizerCatalogue.self) == [])
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
                    "Hyperparameter", "Optimizer", "Optimizer+Emitting", "OptimizerSettings", "UpdateRule",
                ]) == [])
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
