/// Reads the names by which users call items: Keras accepts `mean_squared_error`, `MeanSquaredError`, `mse`
/// and `MSE` alike.
package enum ItemName {
    /// `name` in snake_case and lower case: `LeakyReLU` to `leaky_relu`, `MSE` to `mse`, `Conv2D` to `conv2d`.
    package static func normalized(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0, letters[index - 1] != "_" {
                let beginsWord = letters[index - 1].isLowercase
                let endsCapitals =
                    !letters[index - 1].isLowercase && index + 1 < letters.count && letters[index + 1].isLowercase
                if beginsWord || endsCapitals { result += "_" }
            }
            result += letter.lowercased()
        }
        // Words whose inner capitals are not word boundaries.
        return result.replacing("re_lu", with: "relu").replacing("si_lu", with: "silu")
            .replacing("adam_w", with: "adamw")
    }
}
