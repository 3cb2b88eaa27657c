import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import Testing

@testable import PeriluneData
@testable import PeriluneTrain

/// Numbers of scripts and host programs that no machine has room for.
struct WeightMemoryTests {
    @Test func `weights that do not fit into memory are told before one is made`() throws {
        // 8.6 GB each, 860 GB in all.
        let input = Input([4], dtype: .int32)
        let tables = try (1...100).map { try Embedding(Int(Int32.max), 1, name: "table_\($0)")(input) }
        let model = try Model(inputs: [input], outputs: tables)
        let text = failure { try ModelState(model, seed: 1).build([TensorSpec([4], .int32)]) }
        #expect(text.contains("GB are needed, there are "), "\(text)")
        #expect(text.contains(": the weights of model '\(model.name)'; the largest is 'table_1/embeddings', float32["))
    }

    @Test func `a budget is asked for all weights at once`() throws {
        final class Budget: MemoryBudget {
            var asked: [Int] = []
            func take(_ byteCount: Int) throws(RuntimeError) {
                asked.append(byteCount)
                throw RuntimeError(.outOfMemory, "no room")
            }
            func giveBack(_ byteCount: Int) {}
        }
        let budget = Budget()
        let model = Sequential([Dense(3, name: "a"), Dense(2, name: "b")])
        #expect(
            failure { try ModelState(model, seed: 1, budget: budget).build([TensorSpec([2])]) }
                == "no room: the weights of model '\(model.name)'; the largest is 'a/kernel', float32[2, 3]")
        #expect(budget.asked == [4 * (6 + 3 + 6 + 2)])
    }

    @Test func `a loss of a host program may allow any numbers`() throws {
        let truth = Tensor([1, .greatestFiniteMagnitude] as [Float], shape: [2, 1])
        for range in [-1e30...1e30, -Float.infinity...1, 0.5...Float.infinity] as [ClosedRange<Float>] {
            let fault = FieldRule.within(range, loss: "mine").firstFault(in: truth, 0..<2, width: 1)
            #expect(
                range.upperBound == .infinity ? fault == nil : fault?.message.contains("mine takes numbers") == true)
        }
    }
}
