import PeriluneItems
import PeriluneLoggers
import PeriluneTestSupport
import PeriluneTrain
import Testing

/// What the declarations of loggers must be, whichever loggers there are.
struct LoggerItemTests {
    @Test func `every logger has a name of its own and help`() {
        #expect(CatalogueCheck.faultsOfText(LoggerCatalogue.self) == [])
        let names = CallbackCatalogue.declarations.flatMap(\.allNames)
        #expect(LoggerCatalogue.declarations.flatMap(\.allNames).filter(names.contains) == [])
    }

    @Test func `every logger is what its description says`() {
        // A file for all layers is one for the pattern *, and no other batches than 0 can be profiled.
        #expect(
            CatalogueCheck.faultsOfDescriptions(
                LoggerCatalogue.self, restated: ["tensorboard.embeddings_metadata", "tensorboard.profile_batch"],
                atLeast: 8) == [])
    }

    @Test func `every class of a logger declares one, which is in the catalogue`() throws {
        #expect(
            try CatalogueCheck.faultsOfClasses(
                of: "Callback", in: "PeriluneLoggers", LoggerCatalogue.self, undeclared: []) == [])
    }
}
