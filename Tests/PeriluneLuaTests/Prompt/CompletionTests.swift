import Foundation
import PeriluneData
import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

@Suite struct PromptCompletionTests {
    private static let session =
        smallModel + """
             settings = { learning = { rate = 1, rhythm = 2 }, run = function() end, list = { { deep = 1 } } }
            setmetatable(settings, { __index = { inherited = 1 } })
            Base = {} Base.__index = Base function Base:greet() end function Base:grow() end
            thing = setmetatable({ name = 1 }, Base)
            trap = setmetatable({}, { __index = function() trapped = true end, \
            __pairs = function() trapped = true end })
            """

    @Test(
        arguments: [
            ("pri", ["print"]), ("x = pri", ["print"]), ("settings.", ["inherited", "learning", "list", "run"]),
            ("settings.l", ["learning", "list"]), ("settings.learning.r", ["rate", "rhythm"]),
            ("settings['learning'].ra", ["rate"]), ("settings.list[1].", ["deep"]), ("settings:", ["run"]),
            ("thing:gr", ["greet", "grow"]), ("thing:g", ["greet", "grow"]), ("string.re", ["rep", "reverse"]),
            ("('x'):re", ["rep", "reverse"]), ("io.stdout:se", ["seek", "setvbuf"]), ("lune.dens", ["dense"]),
            ("lune.data.cs", ["csv"]), ("require('perilune').dens", ["dense"]), ("require 'perilune'.dens", ["dense"]),
            ("model:fi", ["find_lr", "fit"]), ("model.layers[1].ker", ["kernel"]),
            ("model.layers[1].kernel:nor", ["norm"]), ("model.optimizer.beta", ["beta_1", "beta_2"]),
            ("data:spl", ["split"]),
            ("lune.data.digits():spl", ["split"]),
            ("lune.sequential{}:compi", ["compile"]), ("model.", nil), ("nothing.at.all", []), ("1.", []),
            ("x..pri", ["print"]),
            ("-- pri", []), ("local pri", []), ("goto pri", []), ("whi", ["while"]), ("a = { pri", ["print"]),
            ("function f(argument) return arg", ["argument"]), ("_VER", ["_VERSION"]), ("", nil),
            ("lune.randn(3):su", ["sum"]), ("model:predict(x):su", ["sum"]), ("print(model.stop_tr", ["stop_training"]),
        ] as [(String, [String]?)])
    func `names are completed`(line: String, expected: [String]?) throws {
        let typed = try TypedPrompt(lune(Self.session))
        guard let expected else {
            #expect(typed.tab(line).count > 5)
            return
        }
        #expect(typed.tab(line) == expected)
    }

    @Test(
        arguments: [
            ("model:fit(data, { ep", ["epochs"]), ("model:fit(data, { epochs = 3, ep", []),
            ("model:fit(data, {\n  epochs = 3,\n  batch_s", ["batch_size"]),
            ("lune.adam { l", ["learning_rate", "loss_scale_factor", "lr"]),
            ("lune.adam { lr = 1, loss_scale_factor = 8, l", ["load", "loadfile", "local", "lune"]),
            ("m = lune.dense(10, { activ", ["activation", "activity_regularizer"]),
            ("model:compile { opt", ["optimizer"]), ("model:compile{lo", ["loss", "loss_weights"]),
            ("model:fit(data, { validation_every = { st", ["steps"]), ("lune.early_stopping { pat", ["patience"]),
            ("model:fit(data, { callbacks = { { on_epoch_e", ["on_epoch_end"]),
            ("model:fit(data, { callbacks = { lune.early_stopping { pat", ["patience"]),
            ("c = { on_train_e", ["on_train_end"]), ("lune.on('epoch_end', { ev", ["every"]),
            ("model:fit(data, { epochs = pri", ["print"]), ("lune.data.csv('x', { hea", nil),
            ("lune.sequential { lune.dense(10, { use_b", ["use_bias"]), ("local d = lune.dense d { unit", []),
        ] as [(String, [String]?)])
    func `options are completed`(line: String, expected: [String]?) throws {
        let typed = try TypedPrompt(lune(Self.session))
        if let expected { #expect(typed.tab(line) == expected) } else { #expect(!typed.tab(line).isEmpty) }
    }

    @Test(
        arguments: [
            ("lune.dense(10, { activation = \"rel", ["relu", "relu6"]), ("lune.activation('rel", ["relu", "relu6"]),
            ("model:compile { loss = 'sparse_c", ["sparse_categorical_crossentropy"]),
            ("model:compile { metrics = { 'accu", ["accuracy"]), ("model:compile { optimizer = \"ada", nil),
            ("lune.dense(1, { kernel_initializer = 'glorot_n", ["glorot_normal"]),
            ("lune.on('epoch_e", ["epoch_end"]), ("lune.on('on_epoch_e", ["on_epoch_end"]),
            ("require 'peri", ["perilune"]),
            ("require('peri", ["perilune"]), ("settings['lea", ["learning"]),
            ("model:fit(data, { verbose = 'a", ["auto"]), ("lune.full({ 1 }, 0, { dtype = 'in", ["int32"]),
        ] as [(String, [String]?)])
    func `strings are completed`(line: String, expected: [String]?) throws {
        let typed = try TypedPrompt(lune(Self.session))
        if let expected { #expect(typed.tab(line) == expected) } else { #expect(typed.tab(line).count > 1) }
    }

    @Test func `locals, given values and commands are completed`() throws {
        let typed = try TypedPrompt()
        _ = typed.type("local mine_own = { field = 1 }")
        typed.prompt.values["mine_given"] = 1
        typed.prompt.commands = [
            PromptCommand("mine_command", help: "") { _, _ in .done },
            PromptCommand(":mine", help: "") { _, _ in .done },
        ]
        #expect(typed.tab("mine_") == ["mine_command", "mine_given", "mine_own"])
        #expect(typed.tab("x = mine_") == ["mine_given", "mine_own"])
        #expect(typed.tab("mine_own.fi") == ["field"])
        #expect(typed.tab(":mi") == [":mine"])
        #expect(typed.tab(":re") == [":reload"])
        #expect(typed.tab(":time pri") == ["print"])
        #expect(typed.tab("?earl") == ["early_stopping"])
        #expect(typed.tab("? lune.earl") == ["lune.early_stopping"])
        #expect(typed.tab(":help model:fi") == ["model:find_lr", "model:fit"])
    }

    @Test func `files are completed in other strings`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("perilune-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        for name in ["digits.csv", ".hidden"] { try Data().write(to: folder.appendingPathComponent(name)) }
        let (path, typed) = (folder.path, try TypedPrompt())
        #expect(typed.tab("lune.data.csv('\(path)/d") == ["\(path)/data/", "\(path)/digits.csv"])
        #expect(typed.tab("io.open(\"\(path)/") == ["\(path)/data/", "\(path)/digits.csv"])
        #expect(typed.tab(":load \(path)/di") == ["\(path)/digits.csv"])
        #expect(typed.tab("io.open '\(path)/.h") == ["\(path)/.hidden"])
        #expect(typed.tab("io.open '\(path)/nowhere/") == [])
    }

    @Test func `no code of a script runs`() throws {
        let typed = try TypedPrompt(lune(Self.session))
        for line in ["trap.", "trap.x.", "trap:", "trap[1].", "trap['", "trap.x.y.z", "trap().", "print(trap."] {
            _ = typed.tab(line)
        }
        #expect(typed.prompt.state[global: "trapped"].isNil)
    }

    @Test func `the word to replace is the one before the cursor`() throws {
        let typed = try TypedPrompt(lune(Self.session))
        #expect(typed.prompt.completions(of: "x = settings.le").word == "le")
        #expect(typed.prompt.completions(of: "lune.dense(1, { activation = 're").word == "re")
        #expect(typed.prompt.completions(of: "?mod").word == "mod")
        #expect(typed.prompt.completions(of: "settings.").word == "")
    }

    @Test func `any beginning of a line can be completed`() throws {
        let typed = try TypedPrompt(lune(Self.session))
        let lines = [
            "model:fit(data, { callbacks = { { on_epoch_end = function(e, l) return { lr = l.lr } end } } })"
                + "[1](\"x\").y",
            "local t <const>, u = { [1] = 'a\\'b', [[long]] }, ((settings))[\"learning\"]:x{ }{ } '' :load \\ ]]}}))",
        ]
        for line in lines {
            for length in 0...line.count {
                let part = String(line.prefix(length))
                let found = typed.prompt.completions(of: part)
                #expect(part.hasSuffix(found.word))
            }
        }
    }

    @Test(arguments: ["{", "(", "lune.dense(1, {", "f[", "{ a = "])
    func `a line of nothing but brackets can be completed`(part: String) throws {
        let typed = try TypedPrompt(lune(Self.session))
        #expect(typed.prompt.completions(of: String(repeating: part, count: 5000)).word == "")
    }
}
