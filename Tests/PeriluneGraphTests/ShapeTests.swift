import PeriluneGraph
import Testing

@Suite struct ShapeTests {
    @Test(arguments: [
        ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [4], [4]), ([5, 1, 2], [3, 1], [5, 3, 2]),
    ]) func broadcasting(a: [Int], b: [Int], result: [Int]) {
        #expect(Shape(a).broadcast(with: Shape(b)) == Shape(result))
        #expect(Shape(b).broadcast(with: Shape(a)) == Shape(result))
    }

    @Test func shapesThatDoNotBroadcast() {
        #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
    }

    @Test func sameCeilsAndPutsTheOddElementAfter() {
        #expect(Padding.same(input: 5, window: 2, stride: 2) == Padding(before: 0, after: 1))
        #expect(Padding.same(input: 28, window: 3, stride: 1) == Padding(before: 1, after: 1))
        #expect(Padding.same(input: 4, window: 2, stride: 2) == .none)
    }
}

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
