import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

/// A prompt whose output is kept.
final class TypedPrompt {
    let prompt: Prompt
    private(set) var shown = ""

    init(_ state: LuaState? = nil, _ style: PromptStyle = .plain) throws {
        let state = try state ?? lune()
        prompt = Prompt(state) { _ in }
        prompt.style = style
        prompt.output = { [unowned self] in shown += $0 }
    }

    /// What typing the inputs one after the other shows.
    func type(_ inputs: String...) -> String {
        shown = ""
        for input in inputs { _ = prompt.evaluate(input) }
        return shown
    }

    /// What Tab offers behind `line`.
    func tab(_ line: String) -> [String] { prompt.completions(of: line).candidates }
}
