/// What one column of a table is read as.
struct ColumnPlan {
    /// Where a column's words get their numbers from.
    enum Words {
        /// The column holds numbers.
        case none
        /// The words of the file, and the one that others will count as, where there is one.
        case learnt(unknown: String?)
        /// These words in this order, and the one of them that others count as.
        case fixed([String], unknown: String?)
    }

    /// From 0.
    let index: Int
    let name: String
    let words: Words
    let missing: MissingValues?
    /// Whether it has an indicator though nothing may be missing here: nil for where something is.
    let indicator: Bool?

    var isCategory: Bool {
        switch words {
        case .none: false
        case .learnt, .fixed: true
        }
    }
}

/// The columns of a table that are read, in the order of the tensors that they become.
struct TablePlan {
    /// What errors call all columns of the file: names, or numbers where there is no header.
    let names: [String]
    let hasHeader: Bool
    let features: [ColumnPlan]
    let numericTargets: [ColumnPlan]
    let categoryTargets: [ColumnPlan]

    /// In the order of their places in outputs: features, numeric targets, targets of words.
    var all: [ColumnPlan] { features + numericTargets + categoryTargets }

    /// The columns of words.
    var categories: [ColumnPlan] { all.filter(\.isCategory) }
}
