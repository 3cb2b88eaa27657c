// A style on its way from a client to the run.
extension PromptStyle {
    /// Width, height and what the place can show, one word each.
    var attachedText: String {
        let flags = [("colors", hasColors), ("unicode", isUnicode), ("numbers", showsNumbers)]
        return (["\(width)", "\(height)"] + flags.filter(\.1).map(\.0)).joined(separator: " ")
    }

    /// nil where that is no style.
    init?(attached text: String) {
        let words = text.split(separator: " ")
        guard words.count >= 2, let width = Int(words[0]), let height = Int(words[1]), (1...100_000).contains(width),
            (1...100_000).contains(height)
        else { return nil }
        let flags = words.dropFirst(2)
        self.init(
            hasColors: flags.contains("colors"), isUnicode: flags.contains("unicode"),
            showsNumbers: flags.contains("numbers"), width: width, height: height)
    }
}
