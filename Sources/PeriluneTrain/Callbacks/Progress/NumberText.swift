extension Double {
    /// As people and other programs expect it: shortest, and without the sign that a NaN may have.
    package var written: String { isNaN ? "nan" : "\(self)" }
}
