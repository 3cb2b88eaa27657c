-- The smallest problem that needs a hidden layer: exclusive or.
local lune = require "perilune"

lune.seed(3)
local x = lune.tensor { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }
local y = lune.tensor { { 0 }, { 1 }, { 1 }, { 0 } }

local model = lune.sequential {
  lune.input { 2 },
  lune.dense(8, { activation = "tanh" }),
  lune.dense(1, { activation = "sigmoid" }),
}
model:compile { optimizer = lune.adam { lr = 0.05 }, loss = "binary_crossentropy" }

-- The run stops itself as soon as it is good enough.
local history = model:fit(lune.data.tensors(x, y), {
  epochs = 1000, batch_size = 4, verbose = 0,
  callbacks = {
    { on_epoch_end = function(epoch, logs) if logs.loss < 0.01 then return "stop" end end },
  },
})

print(("loss %.4f after %d epochs"):format(history.loss[#history.loss], #history.loss))
print(model:predict(x))
