/// Views: each shows some of the examples, in some order, and copies none.
extension Dataset {
    /// Cuts the examples, in their present order, into the first `fraction` and the rest.
    ///
    /// The first part has as many examples as fit: `fraction` × count, rounded down as Keras does. Where that product
    /// is a whole number but for floating-point noise, it is that number: 10 examples at 0.9 give 9 and 1.
    ///
    /// - Throws: `DataError` where `fraction` is not between 0 and 1, or either part would be empty; for a generator.
    public func split(_ fraction: Double) throws -> (first: Dataset, rest: Dataset) {
        let (store, rows, _) = try inMemory("split")
        guard fraction > 0, fraction < 1 else {
            throw DataError(.invalidArgument, "split: the fraction must be between 0 and 1, got \(fraction)")
        }
        let first = Self.leadingCount(of: rows.count, fraction: fraction)
        guard first >= 1, first < rows.count else {
            throw DataError(
                .invalidArgument,
                "split: \(fraction) of \(rows.count) examples leaves \(first) and \(rows.count - first); "
                    + "neither part may be empty")
        }
        return (viewing(rows[0..<first], of: store), viewing(rows[first..<rows.count], of: store))
    }

    /// Sets the last `fraction` of the examples aside for validation, before any shuffling.
    ///
    /// - Throws: `DataError` where `fraction` is not between 0 and 1, or either part would be empty; for a generator.
    public func validationSplit(_ fraction: Double) throws -> (train: Dataset, validation: Dataset) {
        let (store, rows, _) = try inMemory("validation_split")
        guard fraction > 0, fraction < 1 else {
            throw DataError(.invalidArgument, "validation_split must be between 0 and 1, got \(fraction)")
        }
        let train = Self.leadingCount(of: rows.count, fraction: 1 - fraction)
        guard train >= 1, train < rows.count else {
            throw DataError(
                .invalidArgument,
                "validation_split: \(fraction) of \(rows.count) examples leaves \(train) to train on and "
                    + "\(rows.count - train) to validate with; neither may be empty")
        }
        return (viewing(rows[0..<train], of: store), viewing(rows[train..<rows.count], of: store))
    }

    /// `fraction` × `count` rounded down, where a product within rounding error of a whole number is that number.
    static func leadingCount(of count: Int, fraction: Double) -> Int {
        let product = Double(count) * fraction
        let nearest = product.rounded()
        return Int(abs(product - nearest) <= Double(count) * 1e-12 ? nearest : product.rounded(.down))
    }

    /// The examples in a random order that depends on `seed` and their number alone.
    ///
    /// This fixes one order. `fit` shuffles anew each epoch on top of it, unless told not to.
    ///
    /// - Throws: `DataError` for a generator.
    public func shuffled(seed: UInt64) throws -> Dataset {
        let (store, rows, _) = try inMemory("shuffle")
        var order = rows.rows
        order.permute(by: PhiloxStream(seed: seed, use: "dataset"))
        return viewing(.list(order[...]), of: store)
    }

    /// The first `count` examples, or all where there are fewer.
    ///
    /// - Throws: `DataError` where `count` is below 1; for a generator.
    public func take(_ count: Int) throws -> Dataset {
        let (store, rows, _) = try inMemory("take")
        guard count >= 1 else { throw DataError(.invalidArgument, "take: at least 1 example, got \(count)") }
        return viewing(rows[0..<min(count, rows.count)], of: store)
    }

    /// The examples at `positions` (from 0), in that order; a position may come more than once.
    ///
    /// - Throws: `DataError` where a position is out of range or none is given; for a generator.
    public func subset(_ positions: [Int]) throws -> Dataset {
        let (store, rows, _) = try inMemory("subset")
        guard !positions.isEmpty else { throw DataError(.invalidArgument, "subset: no examples are chosen") }
        let chosen = try positions.map { position in
            guard position >= 0, position < rows.count else {
                throw DataError(
                    .invalidArgument, "subset: there is no example \(position + 1); there are \(rows.count)")
            }
            return Int32(rows[position])
        }
        return viewing(.list(chosen[...]), of: store)
    }
}
