internal import PeriluneTrain

/// Objects of the library as the prompt shows them: more than `tostring` says.
enum ObjectDisplay {
    /// Nil for objects about which there is no more to say.
    static func text(_ object: AnyObject, _ state: LuaState, _ style: PromptStyle) -> String? {
        switch object {
        default: nil
        }
    }
}
