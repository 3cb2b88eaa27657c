internal import PeriluneBinding
internal import PeriluneLua
internal import PeriluneLuaRuntime

/// The library and its parts: what they have, by name. As a table it would be a page of functions.
enum ModuleDisplay {
    /// nil where the table is none of them.
    static func text(_ table: LuaTable, _ state: LuaState, _ style: PromptStyle) -> String? {
        let lune = PeriluneModule.binding
        let whole = PeriluneModule.table(in: state)
        if table.reference.isSame(as: whole.reference) { return text(lune, lune.name, style) }
        for part in lune.modules {
            guard let own = whole[part.name].table, own.reference.isSame(as: table.reference) else { continue }
            return text(part, "\(lune.name).\(part.name)", style)
        }
        return nil
    }

    private static func text(_ module: ModuleBinding, _ name: String, _ style: PromptStyle) -> String {
        let names = module.memberNames.sorted()
        let example = names.first.map { ", ?\(name).\($0) one of them" } ?? ""
        return style.colored("module \(name)", .object) + "\n"
            + HelpText.filled(names, indent: "  ", width: style.width)
            + style.colored("?\(name) explains them\(example)", .note)
    }
}
