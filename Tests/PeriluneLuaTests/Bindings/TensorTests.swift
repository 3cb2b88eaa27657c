import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct TensorTests {
    @Test(
        arguments: [
            ("lune.tensor{{1,2},{3,4}} + 1", "{{2,3},{4,5}}"),
            ("1 - lune.tensor{1,2}", "{0,-1}"),
            ("lune.tensor{{1,2},{3,4}} * lune.tensor{10,100}", "{{10,200},{30,400}}"),
            ("lune.tensor{1,2} / 2", "{0.5,1}"),
            ("-lune.tensor{1,2}", "{-1,-2}"),
            ("lune.tensor{1,2,3}^2", "{1,4,9}"),
            ("lune.tensor{{1,2},{3,4}}:matmul(lune.tensor{{1,0},{1,1}})", "{{3,2},{7,4}}"),
            ("lune.tensor{{1,2},{3,4}}:sum(1)", "{4,6}"),
            ("lune.tensor{{1,2},{3,4}}:sum(-1)", "{3,7}"),
            ("lune.tensor{{1,2},{3,4}}:sum({1,2})", "10"),
            ("lune.tensor{{1,2},{3,4}}:sum()", "10"),
            ("lune.tensor{{1,2},{3,4}}:sum(2, { keepdims = true })", "{{3},{7}}"),
            ("lune.tensor{{1,2},{3,4}}:mean(1)", "{2,3}"),
            ("lune.tensor{{1,2},{3,4}}:max()", "4"),
            ("lune.tensor{{1,2},{3,4}}:min(2)", "{1,3}"),
            ("lune.tensor{3,4}:norm()", "5"),
            ("lune.tensor{{1,5,2},{7,3,4}}:argmax(2)", "{1,0}"),
            ("lune.tensor{{1,5,2},{7,3,4}}:argmax(1)", "{1,0,1}"),
            ("lune.tensor{{1,5,2},{7,3,4}}:argmax()", "3"),
            ("lune.tensor{1,2,3}:gt(2)", "{0,0,1}"),
            ("lune.tensor{1,2,3}:eq(lune.tensor{1,5,3})", "{1,0,1}"),
            ("lune.tensor{-1,0,2}:relu()", "{0,0,2}"),
            ("lune.tensor{4,9}:sqrt()", "{2,3}"),
            ("lune.tensor{-1,2}:abs()", "{1,2}"),
            ("lune.tensor{0}:exp()", "{1}"),
            ("lune.tensor{0}:sigmoid()", "{0.5}"),
            ("lune.arange(6):reshape(2, 3)", "{{1,2,3},{4,5,6}}"),
            ("lune.arange(6):reshape({ 3, -1 })", "{{1,2},{3,4},{5,6}}"),
            ("lune.tensor{{1,2,3},{4,5,6}}:transpose()", "{{1,4},{2,5},{3,6}}"),
            ("lune.tensor({{1,2,3},{4,5,6}}, { dtype = 'int32' }):transpose(2, 1)", "{{1,4},{2,5},{3,6}}"),
            ("lune.tensor{{1,2,3},{4,5,6}}[2]", "{4,5,6}"),
            ("lune.tensor{{1,2,3},{4,5,6}}[{ {}, 2 }]", "{2,5}"),
            ("lune.tensor{{1,2,3},{4,5,6}}[{ {1,1}, {2,-1} }]", "{{2,3}}"),
            ("lune.tensor{{1,2,3},{4,5,6}}[{ -1, -1 }]", "6"),
            ("lune.zeros(2, 2)", "{{0,0},{0,0}}"), ("lune.ones({2})", "{1,1}"), ("lune.full({2}, 7)", "{7,7}"),
            ("lune.full(2, 7, { dtype = 'int32' })", "{7,7}"),
            ("lune.arange(3)", "{1,2,3}"), ("lune.arange(0, 1, 0.5)", "{0,0.5,1}"),
            ("lune.arange(3, 1, -1)", "{3,2,1}"),
            ("lune.arange(2, { dtype = 'int32' })", "{1,2}"),
            ("lune.one_hot({0, 2}, 3)", "{{1,0,0},{0,0,1}}"),
            ("lune.tensor{1.7}:to('int32')", "{1}"), ("lune.tensor(5)", "5"), ("lune.tensor{true,false}", "{1,0}"),
            ("lune.tensor{1,2,3}:clip(2, 2.5)", "{2,2,2.5}"),
            ("lune.tensor{0,0}:softmax()", "{0.5,0.5}"),
            ("lune.tensor{1,3}:std()", "1"),
        ])
    func `An expression has its value`(expression: String, expected: String) throws {
        let state = try lune()
        let same = try state.run(
            """
            local function same(a, b)
              if type(a) ~= "table" then return type(b) == "number" and math.abs(a - b) < 1e-5 end
              if type(b) ~= "table" or #a ~= #b then return false end
              for i = 1, #a do if not same(a[i], b[i]) then return false end end
              return true
            end
            local value = \(expression)
            local got = type(value) == "number" and value or value:totable()
            return same(got, \(expected)), tostring(value)
            """)
        #expect(same[0] == true, "\(same[1])")
    }

    @Test(
        arguments: [
            ("lune.tensor{{1,2},{3}}", "bad argument #1 to 'tensor' (row 2: ragged rows: 2 values expected, got 1)"),
            ("lune.tensor{1,'x'}", "bad argument #1 to 'tensor' (row 2: number expected, got 'x')"),
            ("lune.tensor{}", "bad argument #1 to 'tensor' (an empty table has no numbers)"),
            (
                "lune.tensor{1,2} + lune.tensor{1,2,3}",
                "add: shapes [2] and [3] do not broadcast"
            ),
            ("lune.tensor{1} + 'x'", "cannot add: tensor or number expected, got 'x'"),
            ("lune.tensor{1,2}:sum(2)", "bad argument #1 to 'sum' (a tensor of shape [2] has axes 1 to 1, got 2)"),
            ("lune.tensor{1,2}:sum(0)", "bad argument #1 to 'sum' (a tensor of shape [2] has axes 1 to 1, got 0)"),
            ("lune.tensor{1,2}[3]", "index 3 is out of range of axis 1, which has 1 to 2"),
            ("lune.tensor{1,2}[0]", "index 0 is out of range of axis 1, which has 1 to 2"),
            ("lune.tensor{1,2}[{1,1}]", "2 indices given to a tensor of shape [2]"),
            ("lune.tensor{1,2}:item()", "item: a tensor of shape [2] has 2 elements, not one"),
            ("lune.tensor{1,2}:reshape(3)", "cannot reshape 2 elements of [2] to [3]"),
            (
                "lune.zeros(100000, 100000)",
                "a tensor of shape [100000, 100000] is too large; at most 268435456 elements are allowed"
            ),
            (
                "lune.zeros(20000, 1) + lune.zeros(1, 20000)",
                "a tensor of shape [20000, 20000] is too large; at most 268435456 elements are allowed"
            ),
            ("lune.tensor{1,2}:smu()", "unknown field 'smu' of tensor; did you mean 'sum'?"),
            ("lune.tensor{1,2}:assign(lune.tensor{1})", "cannot assign a tensor of shape [1] to one of shape [2]"),
            ("lune.one_hot({3}, 3)", "bad argument #1 to 'one_hot' (element 1 is 3.0; class numbers are 0 to 2)"),
            ("lune.tensor{1}.grad", "only weights of layers have a gradient, and only within on_backward_end"),
            ("lune.zeros(1,1,1,1,1,1,1,1,1)", "a tensor has at most 8 axes, got 9"),
            ("lune.arange(1, 5, 0)", "bad argument #3 to 'arange' (a step of 0 never ends)"),
        ])
    func `A mistake has its message`(expression: String, message: String) throws {
        let state = try lune()
        #expect(state.failure("local x = \(expression)")?.message == "script.lua:1: \(message)")
    }

    @Test func `Printing never floods`() throws {
        let state = try lune()
        #expect(
            try state.run("return tostring(lune.tensor{{1,2},{3,4.5}})") == [
                "tensor float32[2, 2]\n[[1.0000, 2.0000],\n [3.0000, 4.5000]]"
            ])
        #expect(try state.run("return tostring(lune.arange(3, { dtype = 'int32' }))") == ["tensor int32[3]\n[1, 2, 3]"])
        let large = try #require(try state.run("return tostring(lune.zeros(500, 500, 3))")[0].string)
        #expect(large.count < 2000)
        #expect(large.contains("…"))
    }

    @Test func `Elements can be assigned`() throws {
        let state = try lune()
        try state.run(
            """
            local t = lune.zeros(2, 2)
            t[1] = 5
            t[{ 2, 2 }] = 7
            assert(t[{1,2}] == 5 and t[{2,2}] == 7 and t[{2,1}] == 0)
            t:assign(3)
            assert(t:sum():item() == 12)
            local u = t:clone()
            u:assign(0)
            assert(t:sum():item() == 12 and #t == 2 and t.rank == 2 and t.size == 4 and t.shape[1] == 2)
            """)
    }

    @Test func `Random tensors follow the seed`() throws {
        let state = try lune()
        try state.run(
            """
            lune.seed(7) local a, b, m = lune.randn(50), lune.randn(50), math.random()
            lune.seed(7) local c = lune.randn(50)
            assert(a:eq(c):sum():item() == 50 and a:eq(b):sum():item() < 50)
            local n = lune.randn(10000)
            assert(math.abs(n:mean():item()) < 0.05 and math.abs(n:std():item() - 1) < 0.05)
            local u = lune.uniform(1000)
            assert(u:min():item() >= 0 and u:max():item() < 1)
            """)
    }
}
