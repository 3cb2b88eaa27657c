import PeriluneBinding
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeHelpTests {
    @Test func `Help comes from the table`() throws {
        let page = try #require(BindingFixture.module.page("dense"))
        #expect(
            page == """
                lune.dense(units, { activation, shape }) -> layer

                A fully connected layer.
                Each output sees each input.

                Arguments:
                  units: integer of at least 1, required
                      number of outputs

                Options:
                  activation (or act): 'relu', 'tanh' or function
                      non-linearity
                  shape: list of integers of at least 1
                      input shape

                """)
        #expect(
            BindingFixture.module.page("lune.adam")?.contains("learning_rate (or lr): number above 0, default 0.001")
                == true)
        #expect(BindingFixture.module.page("box:grow")?.hasPrefix("box:grow(by, { times }) -> box\n") == true)
        #expect(
            BindingFixture.module.page("box.value")
                == "box.value or content: number of at least 0, can be set\n\nThe number.\n")
        #expect(BindingFixture.module.page("events") == "Order of events\nfirst this, then that\n")
        #expect(BindingFixture.module.page("nonsense") == nil)
        #expect(BindingFixture.module.helpText("densee") == "no help on 'densee'; did you mean 'dense'?\n")
        #expect(BindingFixture.module.overview.contains("  dense"))
        let state = try BindingFixture.state()
        state[global: "help"] = .function(state.makeFunction(BindingFixture.module.helpFunction()))
        var printed: [String] = []
        state[global: "print"] = .function(
            state.makeFunction { call in
                printed.append(call[1].string ?? "")
                return []
            })
        try state.run("help('dense')")
        #expect(printed == [String(page.dropLast())])
    }

    @Test func `Completion comes from the table`() throws {
        #expect(BindingFixture.module.completions(of: "lune.d") == ["data", "dense"])
        #expect(BindingFixture.module.completions(of: "a") == ["adam", "arange"])
        #expect(BindingFixture.module.optionCompletions(of: "lune.adam", prefix: "l") == ["learning_rate", "lr"])
        #expect(BindingFixture.module.optionCompletions(of: "box:grow", prefix: "") == ["by", "times"])
        #expect(BindingFixture.module.optionCompletions(of: "grow", prefix: "t") == ["times"])
        let state = try BindingFixture.state()
        let box = try #require(state.run("return box(1)").first)
        #expect(state.members(of: box) == ["content", "double", "extra", "grow", "value"])
    }

    @Test func `Stubs come from the table, and are Lua`() throws {
        let stubs = BindingFixture.module.stubs(package: "fixture", mark: "-- made")
        #expect(stubs.hasPrefix("---@meta fixture\n"))
        #expect(
            stubs.contains(
                """
                --- A fully connected layer.
                --- Each output sees each input.
                ---@param units integer # number of outputs
                ---@param options? lune.dense.options
                ---@return lune.layer
                ---@overload fun(arguments: lune.dense.arguments): lune.layer
                function lune.dense(units, options) end
                """))
        #expect(stubs.contains("---@field learning_rate? number # step size\n---@field lr? number # step size\n"))
        #expect(stubs.contains("function box:grow(by, options) end"))
        let state = try LuaState()
        #expect(try state.load(text: stubs, name: "stubs").run().first?.table?["dense"].function != nil)
    }
}
