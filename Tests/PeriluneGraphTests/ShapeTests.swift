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
