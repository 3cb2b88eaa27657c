-- Three species of iris: normalized data, a learning-rate schedule, early stopping.
local lune = require "perilune"

lune.seed(7)
-- The flowers come sorted by species, so they are shuffled before they are split.
local train, val = lune.data.iris():normalize():shuffle(7):split(0.8)

local model = lune.sequential {
  lune.dense(16, { activation = "relu" }),
  lune.dense(3, { activation = "softmax" }),
}
model:compile {
  optimizer = lune.adam { lr = 0.02 },
  loss = "sparse_categorical_crossentropy",
  metrics = { "accuracy" },
}

local history = model:fit(train, {
  epochs = 60, batch_size = 16, validation = val, verbose = 0,
  callbacks = {
    lune.reduce_lr_on_plateau { monitor = "val_loss", factor = 0.5, patience = 4 },
    lune.early_stopping { monitor = "val_loss", patience = 10, restore_best_weights = true },
  },
})

local result = model:evaluate(val, { verbose = 0 })
print(("%d epochs, %.1f %% of the flowers named rightly"):format(#history.epoch, 100 * result.accuracy))
