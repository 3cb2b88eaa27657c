import Testing

@testable import PeriluneBinding
@testable import PeriluneLua

@Suite struct CatalogueNamesTests {
    @Test func `names of each catalogue that a parameter takes them from are looked up in scripts that are read`() {
        #expect(PeriluneModule.binding.kindsOfNames == Set(CatalogueNames.finders.keys))
    }

    @Test func `each catalogue tells a name that it does not have`() {
        for (kind, find) in CatalogueNames.finders {
            #expect(throws: (any Error).self, "\(kind)") { try find("no such name") }
        }
    }
}
