import PeriluneItems
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("epohcs", "epochs"), ("learning_rat", "learning_rate"), ("Adam", "adam"), ("accurac", "accuracy"),
        ("dens", "dense"),
    ]) func typingMistakes(typed: String, meant: String) {
        #expect(NearestName.find(typed, among: ["epochs", "learning_rate", "adam", "accuracy", "dense"]) == meant)
    }

    @Test func nothingNear() {
        #expect(NearestName.find("banana", among: ["epochs", "adam"]) == nil)
        #expect(NearestName.hint("epoch", among: ["epochs"]) == "; did you mean 'epochs'?")
    }

    /// The distance takes the product of the lengths: asked for each candidate this would take minutes.
    @Test func `A name of a million letters is nobody's typing mistake`() {
        let names = (0..<1000).map { String(repeating: "adam", count: 25) + "\($0)" }
        #expect(NearestName.find(String(repeating: "a", count: 1_000_000), among: names) == nil)
        var looked = 0
        let counted = names.lazy.map { name in
            looked += 1
            return name
        }
        #expect(NearestName.find(String(repeating: "x", count: 20_000_000), among: counted) == nil)
        #expect(looked == 0)
        #expect(NearestName.find("adamadam", among: counted) == names[0])
        #expect(looked > 0)
    }
}
