#!/usr/bin/env perilune
-- Teaches a network to read handwritten digits: 1,797 real ones, 8 by 8 pixels each, that come with Perilune.
local lune = require "perilune"

lune.seed(42)      -- the same numbers in every run, to the last bit

-- The images are sorted by who wrote them; shuffled first, every hand is in both parts.
local train, val = lune.data.digits():shuffle():split(0.8)

local model = lune.sequential {
  lune.dense(256, { activation = "relu" }),
  lune.dropout(0.3),
  lune.dense(128, { activation = "relu" }),
  lune.dropout(0.3),
  lune.dense(10),  -- one number for each digit; the loss makes probabilities of them
}

model:compile {
  optimizer = lune.adam { lr = 2e-3 },
  loss = "sparse_categorical_crossentropy",
  metrics = { "accuracy" },
}

-- A callback is a table of functions. Each gets a table of what is known so far, and what it returns steers the run.
local steering = {
  on_epoch_end = function(epoch, logs)
    if logs.val_accuracy >= 0.985 then return { stop = "that is good enough" } end
    if epoch % 8 == 0 then return { lr = logs.lr / 2 } end
  end,
}

local history = model:fit(train, {
  epochs = 30, batch_size = 32, validation = val,
  callbacks = {
    steering,
    lune.early_stopping { monitor = "val_accuracy", patience = 10, restore_best_weights = true },
  },
})

local result = model:evaluate(val, { verbose = 0 })
print(("The run %s after %d epochs: %s."):format(history.end_reason, #history.epoch, history.stop_reason or "all done"))
print(("It reads %.1f %% of the digits that it has never seen."):format(100 * result.accuracy))
