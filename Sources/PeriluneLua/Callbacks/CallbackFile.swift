/// What files of callbacks have in common.
enum CallbackFile {
    /// The global table of a file that stays when the file is read again.
    static let stateName = "state"
}
