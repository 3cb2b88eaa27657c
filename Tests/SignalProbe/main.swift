// Opens and closes states with limits of time, and tells what that does to the signals of the process: this takes a
// process in which nobody else does.
import Glibc
import Perilune

/// The real-time signals that are not as the process began with.
func takenSignals() -> [Int32] {
    (__libc_current_sigrtmin()...__libc_current_sigrtmax()).filter { number in
        var action = sigaction()
        sigaction(number, nil, &action)
        return action.__sigaction_handler.sa_handler != nil
    }
}

func state(_ limit: Duration? = .milliseconds(30)) -> LuaState {
    do { return try LuaState(profile: .strict, limits: ScriptLimits(time: limit)) } catch { fatalError("\(error)") }
}

/// Runs scripts that end by themselves and ones that do not, and returns how many ended as they should.
func run(_ state: LuaState) -> Int {
    var right = 0
    do {
        let loop = try state.load(text: "while true do pcall(error) end", name: "loop")
        do { try loop.run() } catch { right += error.kind == .timeLimit ? 1 : 0 }
        right += try state.load(text: "return 1", name: "one").run() == [1] ? 1 : 0
    } catch { print(error) }
    return right
}

let unlimited = state(nil)
print("without a limit:", takenSignals().count)
var first: LuaState? = state()
var second: LuaState? = state()
print("with limits:", takenSignals().count)
print("right:", run(first!) + run(second!))
first = nil
print("with one left:", takenSignals().count, run(second!))
second = nil
print("with none left:", takenSignals().count)

// A signal that is under way when the last state closes must not end the process.
var ended = 0
for _ in 0..<300 {
    let brief = state(.milliseconds(1))
    for _ in 0..<3 { ended += (try? brief.load(text: "return 1", name: "one").run()) != nil ? 1 : 0 }
    if ended % 10 == 0 { usleep(1000) }
}
print("opened and closed:", ended > 0, takenSignals().count)

// Signals that somebody has taken are left alone.
var mine = sigaction()
mine.__sigaction_handler.sa_handler = { _ in }
for number in __libc_current_sigrtmin() + 1..<__libc_current_sigrtmax() { sigaction(number, &mine, nil) }
do {
    _ = try LuaState(profile: .strict)
    print("took a signal of somebody else's")
} catch {
    print(error)
}
