import PeriluneLua
import PeriluneLuaRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct BridgeLoadTests {
    /// A file that is gone after the test.
    private func withFile(_ content: String, _ body: (String) throws -> Void) throws {
        var template = Array((P_tmpdir + "/perilune-bridge-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        #expect(write(descriptor, content, content.utf8.count) == content.utf8.count)
        close(descriptor)
        try body(path)
    }

    @Test func `Files may start with a shebang or a byte-order mark`() throws {
        let state = try LuaState()
        for head in ["#!/usr/bin/env perilune\n", "\u{FEFF}", "\u{FEFF}#!x\n"] {
            try withFile(head + "return debug.getinfo(1, 'l').currentline, ...") { (path: String) throws in
                #expect(try state.load(path: path).run(["a"]) == [head.hasSuffix("\n") ? 2 : 1, "a"])
            }
            let text = try state.load(text: head + "return 7", name: "(command line)").run()
            #expect(text == [7])
        }
    }

    @Test func `Syntax errors show the line and a caret`() throws {
        let state = try LuaState()
        try withFile("local a = 1\nlocal b = = 2\n") { (path: String) throws in
            let error = #expect(throws: LuaError.self) { try state.load(path: path) }
            #expect(error?.kind == .syntax)
            #expect(error?.line == 2)
            #expect(error?.script == path)
            #expect(error?.message == "\(path):2: unexpected symbol near '='")
            #expect(error?.excerpt == "2 | local b = = 2\n  |         ^")
        }
        let text = #expect(throws: LuaError.self) { try state.load(text: "for i = 1, 2 do\n  print(i)", name: "stdin") }
        #expect(text?.excerpt == "2 |   print(i)\n  |           ^")
        #expect(text?.script == "stdin")
    }

    @Test func `The caret takes no part of a name or a string for the word that is at fault`() throws {
        let state = try LuaState()
        let error = #expect(throws: LuaError.self) {
            try state.load(text: "function on_epoch_end() print('end' end", name: "stdin")
        }
        #expect(error?.message == "stdin:1: ')' expected near 'end'")
        let line = "function on_epoch_end() print('end' end"
        #expect(error?.excerpt == "1 | \(line)\n  | \(String(repeating: " ", count: line.count - 3))^")
    }

    @Test func `Files that cannot be read, and bytecode, are refused`() throws {
        let state = try LuaState()
        let missing = #expect(throws: LuaError.self) { try state.load(path: "/nowhere/x.lua") }
        #expect(missing?.kind == .file)
        #expect(missing?.message == "cannot open /nowhere/x.lua: No such file or directory")
        #expect(throws: LuaError.self) { try state.load(path: "/tmp") }
        let code = try state.run("return string.dump(function() end)")
        guard case .bytes(let bytes) = try #require(code.first) else { return }
        #expect(bytes.first == 0x1B)
        let binary = #expect(throws: LuaError.self) { try state.load(text: "\u{1B}Lua", name: "x") }
        #expect(binary?.message.contains("attempt to load a binary chunk") == true)
    }

    @Test func `Chunks may have globals of their own`() throws {
        let state = try LuaState()
        let first = try state.load(
            text: "function on_epoch_end() return 'first' end x = print ~= nil", name: "a", environment: .own)
        let second = try state.load(text: "function on_epoch_end() return 'second' end", name: "b", environment: .own)
        try first.run()
        try second.run()
        #expect(try first.environment?["on_epoch_end"].function?.call() == ["first"])
        #expect(try second.environment?["on_epoch_end"].function?.call() == ["second"])
        #expect(first.environment?["x"] == true)
        #expect(state[global: "on_epoch_end"] == .nil)
    }

    @Test func `Modules, arguments and seeds`() throws {
        let state = try LuaState()
        var made = 0
        try state.preload("perilune") { _ in
            made += 1
            return 42
        }
        #expect(try state.run("return (require 'perilune'), (require 'perilune')") == [42, 42])
        #expect(made == 1)
        state.setArguments(script: "train.lua", ["--fast", "3"])
        #expect(try state.run("return arg[0], arg[1], arg[2], #arg") == ["train.lua", "--fast", "3", 2])
        state.addModuleDirectory("/scripts/here")
        #expect(try state.run("return package.path:match('^[^;]*')") == ["/scripts/here/?.lua"])
        try state.seedRandom(42)
        let numbers = try state.run("return math.random(), math.random(100)")
        try state.seedRandom(42)
        #expect(try state.run("return math.random(), math.random(100)") == numbers)
    }
}
