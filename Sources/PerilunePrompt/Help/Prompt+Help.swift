internal import PeriluneBinding
internal import PeriluneLua
internal import PeriluneLuaRuntime

extension Prompt {
    /// The help page on a topic, or the overview.
    /// - Throws: `PromptFault` where there is nothing of that name.
    func helpText(_ topic: String?) throws -> String {
        guard let topic else { return overview }
        let lune = PeriluneModule.binding
        if topic == lune.name { return lune.overview }
        if let command = allCommands.first(where: { $0.name == topic || $0.name == ":" + topic }),
            topic.hasPrefix(":") || lune.page(topic) == nil
        {
            return "\(command.heading): \(command.help)\n"
        }
        if let page = lune.page(topic) ?? page(ofValue: topic) { return page }
        let others = allCommands.map(\.name) + ((try? self.names())?.names ?? [])
        throw PromptFault("there is no help on '\(topic)'\(lune.hint(topic, among: others))")
    }

    /// The page for what a name of the session stands for: of a model, the page on models.
    private func page(ofValue path: String) -> String? {
        guard let environment = try? names() else { return nil }
        let tokens = Array(LuaLexer.tokens(of: path, isScript: false).dropLast())
        let resolver = NameResolver(state, environment)
        switch resolver.value(of: tokens) {
        case .nothing: return nil
        case .module(let module, _): return module.overview
        case .function(let binding): return binding.page()
        case .instance(let binding): return binding.page
        case .value(.object(let object)): return state.binding(of: object)?.page
        case .value(.function(let function)):
            guard let place = function.place else {
                return "\(path) is a function of Lua's own library; the manual of Lua 5.4 explains it\n"
            }
            return "\(path) is a function, written at \(place.script):\(place.line)\n"
        case .value(let value):
            return "\(path) is \(ValuePrinter(state, .plain).brief(value))\n"
        }
    }

    private var overview: String {
        let lune = PeriluneModule.binding
        var text = """
            Type Lua. What an expression gives is shown, unless a ; ends it; a statement that is not complete goes on in
            the next line. Locals last. ans (or _) is the last result, Out[n] an earlier one.

            Help
              ?lune             everything that the library has
              ?name, name?      one thing: ?dense, ?model:fit, ?\(lune.topics.first?.name ?? "events"), or a variable \
            of yours

            Commands

            """
        let own = Self.ownCommands.map { ($0.heading, $0.help) }
        text += HelpText.columns(commands.map { ($0.heading, $0.help) } + own)
        return text + """

            Keys
              Tab               completes names, options, values and files, or lists them
              Ctrl-R, arrows    bring back what was typed before
              Ctrl-C            gives up the line, or stops what runs

            """
    }
}
