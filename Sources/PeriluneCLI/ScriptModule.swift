import Perilune

/// The module `perilune` as scripts see it.
enum ScriptModule {
    static var binding: ModuleBinding { ModuleBinding("lune", help: "") }
}
