-- Four ways to write a callback, in one run.
local lune = require "perilune"

lune.seed(1)
local train, val = lune.data.digits():shuffle(1):split(0.8)
local model = lune.sequential { lune.dense(32, { activation = "relu" }), lune.dense(10) }
model:compile {
  optimizer = lune.adam { lr = 0.01 },
  loss = "sparse_categorical_crossentropy",
  metrics = { "accuracy" },
}

-- 1. A table of functions. What a function returns steers the run.
local halving = {
  on_epoch_end = function(epoch, logs)
    if epoch % 3 == 0 then return { lr = logs.lr / 2 } end
  end,
}

-- 2. One function with a filter: here every second epoch. Filtered events cost nothing.
local report = lune.on("epoch_end", { every = 2 }, function(epoch, logs)
  print(("epoch %d: val_accuracy %.3f at lr %g"):format(epoch, logs.val_accuracy, logs.lr))
end)

-- 3. A class, with fields of its own.
local StopAt = lune.callback()
function StopAt:on_epoch_end(epoch, logs)
  if logs.val_accuracy >= self.accuracy then self.model.stop_training = true end
end

-- 4. A file with global functions: lune.script("callbacks.lua"), or perilune train.lua --callbacks callbacks.lua.

model:fit(train, {
  epochs = 12, validation = val, verbose = 0,
  callbacks = { halving, report, StopAt { accuracy = 0.96 } },
})
