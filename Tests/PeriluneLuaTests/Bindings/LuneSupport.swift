import PeriluneData
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// A Lua state with the module, as a program has it.
func lune(_ prelude: String = "") throws -> LuaState {
    let state = try LuaState()
    try PeriluneModule.install(in: state)
    try state.run("lune = require 'perilune' lune.seed(1)" + prelude)
    return state
}

/// Lua that makes a small compiled model and data for it.
let smallModel = """
     x = lune.randn(64, 4)
     y = x:argmax(2)
     data = lune.data.tensors(x, y)
     model = lune.sequential { lune.input { 4 }, lune.dense(8, { activation = "relu" }), lune.dense(4) }
     model:compile { optimizer = lune.adam { lr = 0.01 }, loss = "sparse_categorical_crossentropy", \
    metrics = { "accuracy" } }
    """
