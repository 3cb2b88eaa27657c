import Synchronization
import Testing

@testable import PeriluneItems

@Suite struct KnownSpellingsTests {
    private static let countOfLooks = Atomic<Int>(0)

    private enum Fruits: ItemCatalogue {
        static let kind = "fruit"

        static var declarations: [ItemDeclaration<String>] {
            countOfLooks.add(1, ordering: .relaxed)
            return [
                ItemDeclaration("pear", aliases: ["nashi"], "pear", help: "A fruit.") { _ in "pear" },
                ItemDeclaration("apple", aliases: ["crab"], "apple", help: "A fruit.") { _ in "apple" },
            ]
        }
    }

    @Test func `the names that a catalogue takes are made once, names first`() {
        let first = Fruits.spellings
        let count = Self.countOfLooks.load(ordering: .relaxed)
        #expect(first == ["pear", "apple", "crab", "nashi"])
        #expect(count > 0)
        #expect(Fruits.spellings == first)
        #expect(Self.countOfLooks.load(ordering: .relaxed) == count)
    }
}
