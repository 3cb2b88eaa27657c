import PeriluneGraph
import PeriluneTestSupport
import Testing

@Suite struct GraphBuilderTests {
    @Test func equalNodesAreShared() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([4]))
        let a = try (x + 1).exp()
        let b = try (x + 1).exp()
        #expect(a == b)
    }

    @Test func randomNodesAreNotShared() {
        let builder = GraphBuilder()
        #expect(builder.random(.uniform, [4]) != builder.random(.uniform, [4]))
    }

    @Test func trivialNodesAreSimplified() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([2, 3]))
        #expect(try x * 1 == x)
        #expect(try x / 1 == x)
        #expect(try -(-x) == x)
        #expect(try x.reshaped(to: [6]).reshaped(to: [2, 3]) == x)
        #expect(try x.transposed([1, 0]).transposed([1, 0]) == x)
        #expect(try x + 0 != x, "x may be -0")
        #expect(try x * 0 != builder.fill(0, [2, 3]), "x may be NaN")
    }

    @Test func deadNodesAreNotLive() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([4]))
        _ = try x.exp()
        builder.addOutput("y", try x.log())
        #expect(builder.graph.liveNodes.count == 2)
        #expect(builder.graph.description == "%0 = input 0 : float32[4]\n%2 = log(%0) : float32[4]\ny = %2")
    }

    @Test func shapeErrorsNameTheOperationAndTheShapes() throws {
        let builder = GraphBuilder()
        let a = builder.input(0, TensorSpec([32, 64]))
        let b = builder.input(1, TensorSpec([128, 10]))
        #expect(throws: GraphError(.shapeMismatch, "matmul: inner extents 64 and 128 differ: [32, 64] x [128, 10]")) {
            try a.matmul(b)
        }
        #expect(throws: GraphError(.shapeMismatch, "add: shapes [32, 64] and [128, 10] do not broadcast")) { try a + b }
        #expect(throws: GraphError(.shapeMismatch, "reshape: [32, 64] does not have the elements of [7]")) {
            try a.reshaped(to: [7])
        }
        let labels = builder.input(2, TensorSpec([32], .int32))
        #expect(throws: GraphError(.typeMismatch, "exp: takes float32, got int32[32]")) { try labels.exp() }
    }

    @Test func matmulOfBatchesWithAMatrixIsOneProduct() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([2, 3, 4]))
        let y = try x.matmul(builder.input(1, TensorSpec([4, 5])))
        #expect(y.shape == [2, 3, 5])
    }

    @Test func gradientOfWhatIsNotUsedIsZero() throws {
        let x = Tensor([1, 2, 3] as [Float], shape: [3])
        let z = Tensor([4, 5] as [Float], shape: [2])
        let gradients = try evaluate([x, z]) { builder, x in
            // What only stopped gradients lead to is not used either.
            let target = try x[0].sum() + x[1].stoppingGradient().sum() * 7
            return try builder.gradients(of: target, withRespectTo: x)
        }
        #expect(gradients[0] == Tensor([1, 1, 1] as [Float], shape: [3]))
        #expect(gradients[1] == Tensor([0, 0] as [Float], shape: [2]))
    }

    @Test func reluMovesBehindMaximumPooling() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([1, 4, 4, 2]))
        let pool = PoolingAttributes(.maximum, window: [2, 2], strides: [2, 2], padding: [.none, .none])
        #expect(try x.relu().pooled(pool) == x.pooled(pool).relu())
        let mean = PoolingAttributes(.average, window: [2, 2], strides: [2, 2], padding: [.none, .none])
        #expect(try x.relu().pooled(mean) != x.pooled(mean).relu(), "an average does not commute with relu")
    }

    @Test func nodesRememberWhereTheyAreFrom() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([4]))
        let y = try builder.within("encoder") {
            let y = try x.exp()
            return try builder.within("encoder/inner") { try y.tanh() }
        }
        let same = try builder.within("decoder") { try x.exp() }
        let gradient = try builder.gradients(of: y.sum(), withRespectTo: [x])[0]
        func origin(_ tensor: SymbolicTensor) -> String? { builder.graph[tensor.value.node].origin }
        #expect(origin(x) == nil && origin(y) == "encoder/inner" && builder.origin == nil)
        #expect(origin(same) == "encoder", "equal nodes are shared, and from where they were made first")
        #expect(origin(gradient) == "encoder", "what differentiates a node is from where the node is")
    }
}
