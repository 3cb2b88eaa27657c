import PeriluneBinding
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Axes and extents as a script may give them: too many, too few, twice, negative, out of range. Each call gives an
/// error or a tensor, and the same for int32, whose elements are moved by loops of their own, as for float32.
@Suite struct TensorAxisTests {
    private static let methods: [String] = {
        let tensor = PeriluneModule.binding.classes.first { $0.name == "tensor" }
        return tensor?.allMethods.map(\.name) ?? []
    }()

    @Test func `the methods are found`() {
        #expect(Set(Self.methods).isSuperset(of: ["transpose", "reshape", "sum", "argmax", "softmax"]))
    }

    @Test(arguments: methods)
    func `every list of axes gives the same shape for both types, or an error`(method: String) throws {
        let state = try lune()
        // What goes on in the method is not limited by the lists that are tried: they are of whole numbers all.
        let found = try state.run(
            """
            local numbers, lists = { -3, -2, -1, 0, 1, 2, 3 }, { {} }
            for _, a in ipairs(numbers) do
              lists[#lists + 1] = { a }
              for _, b in ipairs(numbers) do
                lists[#lists + 1] = { a, b }
                lists[#lists + 1] = { { a, b } }
                lists[#lists + 1] = { a, b, a }
              end
            end
            local function shape(t)
              return type(t) == "userdata" and tostring(t):match("^tensor") and table.concat(t.shape, " ") or type(t)
            end
            local differences, tried, worked = {}, 0, 0
            for _, extents in ipairs { {}, { 3 }, { 2, 3 }, { 2, 1, 3 } } do
              local float = #extents == 0 and lune.tensor(1.0) or lune.ones(extents)
              local int = float:to("int32")
              for _, list in ipairs(lists) do
                tried = tried + 1
                local okFloat, a = pcall(float["\(method)"], float, table.unpack(list))
                local okInt, b = pcall(int["\(method)"], int, table.unpack(list))
                if okFloat then worked = worked + 1 end
                if okFloat and okInt and shape(a) ~= shape(b) then
                  local given = {}
                  for i, v in ipairs(list) do given[i] = type(v) == "table" and table.concat(v, " ") or v end
                  differences[#differences + 1] = #extents .. ": " .. table.concat(given, ", ")
                    .. ": " .. shape(a) .. " and " .. shape(b)
                end
              end
            end
            return table.concat(differences, "\\n"), tried, worked
            """)
        #expect(found[0].string == "", "\(method)")
        #expect(found[1] == 620)
        if ["transpose", "reshape", "sum", "argmax"].contains(method) { #expect((found[2].integer ?? 0) > 10) }
    }
}
