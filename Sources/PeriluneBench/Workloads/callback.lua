-- Three runs that differ in their callbacks only. The model is as small as can be: what a callback adds is to show.
local lune = require "perilune"

lune.seed(1)
local batches <const> = 20000
local data = lune.data.tensors(lune.ones { batches, 4 }, lune.zeros { batches, 1 })
local model = lune.sequential { lune.dense(1) }
model:compile { optimizer = "sgd", loss = "mse", metrics = { "mae" } }

local function fit(callbacks)
  model:fit(data, { epochs = 1, batch_size = 1, verbose = 0, shuffle = false, callbacks = callbacks })
end

local sum = 0
return batches, {
  plain = function() fit {} end,
  heard = function() fit { { on_train_batch_end = function(batch, logs) sum = sum + logs.loss end } } end,
  unheard = function() fit { { on_epoch_end = function(epoch, logs) sum = sum + logs.loss end } } end,
}
